"""The laws of a module, held against one recorded history."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from itertools import chain, islice

from jamsos.cli.stopping import Stopped
from jamsos.cli.writing import tell
from jamsos.errors import CorruptHistoryError, InputError, StoreError
from jamsos.language import Language, say
from jamsos.store import history_file
from jamsos.store.history_input import is_lasting
from jamsos.testing import Holding, hold

from .module import laws_of, module_of
from .telling import described, ended, print_unexamined, told, unexamined


def hold_laws(asked: argparse.Namespace) -> int:
    """Hold every law of the module against one history, and print where it is broken."""
    for option in ("rules", "keep"):
        if getattr(asked, option) is not None:
            msg = f"--{option} says what made-up histories begin with or leave: not with --history"
            raise InputError(msg)
    found: Counter[str] = Counter()
    with module_of(asked.module) as module:
        kept = None if is_lasting(asked.history) else [*history_file.read(asked.history)]
        for stated in laws_of(module, asked):
            history = history_file.read(asked.history) if kept is None else iter(kept)
            first = [*islice(history, 1)]  # a file that cannot be opened is not a fault of the law
            try:
                held = hold(stated, chain(first, history))
            except (CorruptHistoryError, StoreError, OSError, Stopped):
                raise
            except BaseException as error:  # noqa: BLE001 - the others are held all the same
                print_unexamined(stated, unexamined(stated, error), asked)
                found["error"] += 1
                continue
            found[_print_held(held, asked)] += 1
    return ended(found, asked)


def _print_held(held: Holding, asked: argparse.Namespace) -> str:
    """Print what came of it, and return that in a word."""
    stated = held.law
    outcome = "broken" if held.breaches else "held" if held.exercised else "not exercised"
    if asked.json:
        breaches = [
            {
                "position": each.recorded.position,
                "stream": each.recorded.stream,
                "why": each.why,
            }
            for each in held.breaches
        ]
        built = {
            **described(stated),
            "outcome": outcome,
            "events": held.events,
            "exercised": held.exercised,
            "breaches": breaches,
        }
        print(json.dumps(built), flush=True)
        return outcome
    title = told(outcome, asked.language).upper()
    tell(f"{title}  {stated.says}")
    tell(f"{'':{len(title)}}  {stated.cite}")
    language = Language.of(asked.language)
    print(say("applied-to", language, events=held.events, times=held.exercised))
    for breach in held.breaches:
        tell(f"  {breach}")
    print(flush=True)
    return outcome
