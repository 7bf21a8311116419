"""What the benchmarks share: their options, rounds in turn, and one table at the end."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Sequence
from importlib.metadata import version
from platform import python_version
from sqlite3 import sqlite_version
from statistics import median
from typing import TypeAlias

Measure: TypeAlias = Callable[[], float]
"""Does the work once; returns what was measured, such as events in a second."""


def options(purpose: str, *, rounds: int, size: int | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    return parser(purpose, rounds=rounds, size=size).parse_args()


def parser(purpose: str, *, rounds: int, size: int | None = None) -> argparse.ArgumentParser:
    """Return what reads the command line, for those who ask for more."""
    found = argparse.ArgumentParser(
        description=purpose, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    found.add_argument("--rounds", type=positive, default=rounds, help="times each is measured")
    if size is not None:
        found.add_argument("--size", type=positive, default=size, help="participants")
    return found


def in_turn(rounds: int, *measures: Measure) -> list[list[float]]:
    """Return the figures of each of *measures*, which take turns; who is first alternates."""
    figures: list[list[float]] = [[] for _ in measures]
    for number in range(rounds):
        turn = list(zip(measures, figures, strict=True))
        for measure, taken in turn if number % 2 == 0 else reversed(turn):
            gc.collect()
            taken.append(measure())
    return figures


def race(what: str, rounds: int, *measures: Measure) -> list[str]:
    """Return a row: jamsos, and plain where it is given, in turn."""
    return compared(what, *in_turn(rounds, *measures))


def compared(what: str, ours: Sequence[float], theirs: Sequence[float] = ()) -> list[str]:
    """Return a row: the median of each, and the median, least and most of their ratio by round."""
    if not theirs:
        return [what, f"{median(ours):,.0f}", "", "", ""]
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return [
        what,
        f"{median(ours):,.0f}",
        f"{median(theirs):,.0f}",
        f"{median(ratios):.2f}",
        f"{min(ratios):.2f} to {max(ratios):.2f}",
    ]


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *notes: str) -> None:
    """Print a table in Markdown, with notes and the versions below it."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    print(f"{title}\n")
    _line(head, widths)
    print("|".join(["", "-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:]), ""]))
    for row in rows:
        _line(row, widths)
    print()
    for note in (*notes, _versions()):
        print(note)


def _line(cells: Sequence[str], widths: Sequence[int]) -> None:
    first, *rest = zip(cells, widths, strict=True)
    print("|", " | ".join([first[0].ljust(first[1]), *(c.rjust(w) for c, w in rest)]), "|")


def _versions() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("eventsourcing", "msgspec"))
    return f"Python {python_version()}, SQLite {sqlite_version}, {libraries}."


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = f"{text} is below 1"
        raise argparse.ArgumentTypeError(msg)
    return number
