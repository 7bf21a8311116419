"""`jamsos count`: the active participants of a month, with what the count stands on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

import attrs

from jamsos.domain.active import MANDATORY
from jamsos.domain.calendar import Month
from jamsos.domain.history import known_at
from jamsos.domain.identity import check_name
from jamsos.errors import InputError
from jamsos.formulas.active import DEFINITIONS, PAID_UP
from jamsos.projections.active_participants import DIMENSIONS
from jamsos.projections.census import Census
from jamsos.projections.members import Members
from jamsos.store import history_file
from jamsos.store.place import shown_place

from .command import Command
from .exit_codes import FINDINGS, FINE
from .options import add_known_at, place
from .writing import complain, tell


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("store", type=place, metavar="STORE")
    parser.add_argument("--month", required=True, metavar="YYYY-MM")
    parser.add_argument(
        "--active",
        choices=tuple(DEFINITIONS),
        default=PAID_UP.name,
        help=f"the definition of active (default: {PAID_UP.name})",
    )
    parser.add_argument(
        "--by",
        default="",
        metavar="DIMENSIONS",
        help="segment,province,agent,programme: any of them",
    )
    parser.add_argument(
        "--programme",
        help=f"by whose coverage participants are counted (default: {MANDATORY})",
    )
    add_known_at(parser, "--known-at", "as the history was known at")
    parser.add_argument(
        "--members", action="store_true", help="list who counts, and by what events"
    )


def _run(asked: argparse.Namespace) -> int:
    """Print the count that was asked for, with its definition, source and position."""
    month, definition = Month.parse(asked.month), DEFINITIONS[asked.active]
    by, by_programme = _dimensions(asked.by)
    if by_programme and asked.programme is not None:
        msg = "by programme, each is counted: leave out --programme, or count by something else"
        raise InputError(msg)
    programme = MANDATORY if asked.programme is None else asked.programme
    check_name(programme)
    census, members, position = Census(), Members() if asked.members else None, 0
    history = history_file.read(asked.store)
    first = [*islice(history, 1)]
    for recorded in known_at(chain(first, history), asked.known_at):
        census.apply(recorded)
        if members is not None:
            members.apply(recorded)
        position = recorded.position
    counts: list[dict[str, Any]] = []
    for each in sorted(census.programmes) if by_programme else (programme,):
        active = census.active(definition, each)
        one: dict[str, Any] = {"programme": each, "count": active.count(month)}
        if by:
            parts = sorted(active.by(month, *by).items(), key=str)
            one["parts"] = [dict(zip((*by, "count"), (*p, n), strict=True)) for p, n in parts]
        if members is not None:
            one["members"] = [*map(attrs.asdict, members.of(month, definition, each))]
        counts.append(one)
    answer = {
        "month": str(month),
        "definition": definition.name,
        "means": definition.sentence,
        "source": str(definition.citation),
        "status": definition.status,
        "known_at": position,
        "counts": counts,
    }
    if asked.json:
        print(json.dumps(answer))
    if not first:
        complain(f"nothing was counted: there is no event in {shown_place(asked.store)}")
        return FINDINGS
    for line in () if asked.json else _text(answer, by):
        tell(line)
    return FINE


def _dimensions(asked: str) -> tuple[tuple[str, ...], bool]:
    """Return the dimensions that one programme is counted by, and whether to count by each."""
    wanted = tuple(filter(None, (part.strip() for part in asked.split(","))))
    for dimension in wanted:
        if dimension not in (*DIMENSIONS, "programme"):
            msg = (
                f"there is no dimension {dimension!r}: count by any of"
                f" {', '.join(DIMENSIONS)}, programme"
            )
            raise InputError(msg)
    return tuple(d for d in wanted if d != "programme"), "programme" in wanted


def _text(answer: dict[str, Any], by: Sequence[str]) -> Iterator[str]:
    yield f"{answer['month']}, {answer['definition']}: {answer['means']}"
    yield f"source: {answer['source']} ({answer['status']})"
    yield f"as known at position {answer['known_at']:,}; one participant in one segment counts once"
    for one in answer["counts"]:
        yield ""
        yield f"{one['count']:>12,}  participants, by coverage in {one['programme']}"
        for part in one.get("parts", ()):
            yield f"{part['count']:>12,}  " + ", ".join(f"{d} {part[d] or 'none'}" for d in by)
        for member in one.get("members", ()):
            events = ", ".join(map(str, member["events"]))
            yield (
                f"  {member['participant']}  {member['segment']}  {member['province']}"
                f"  {member['agent'] or 'no agent'}  events {events}"
            )


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos count perisai.db --month 2018-02 --active in-grace --by segment,province",
)
