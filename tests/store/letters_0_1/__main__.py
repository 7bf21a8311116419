"""
Makes ``letters-0.1.jsonl`` and ``store-0.1.jsonl`` of tests/golden, with version 0.1 of jamsos.

Run once, with the last commit that has ``jamsos.request``, by the Python of a clone of it:
``python tests/store/letters_0_1 FOLDER``. Each letter was sent as the function says; the data
beside it are the same commands as `jamsos.commands.spelling` writes them, put down by hand.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from of_agents import agents
from of_batches import batches
from of_changes import changes
from of_participants import participants
from of_payments import payments
from of_programmes import programmes
from of_seats import seats
from values import DAY, RULE_FILE, SPELLED, Letter, value

import jamsos
from jamsos.domain.participant import Enrolment
from jamsos.domain.value import Table


def closed(case: Enrolment) -> jamsos.Reason | None:
    """Refuse whoever lives in province 53: a user's own policy."""
    if case.province != "53":
        return None
    return jamsos.Reason("closed", "Province “53” is closed – for now.", SPELLED)


def letters() -> Iterator[Letter]:
    for each in (programmes, seats, agents, participants, payments, batches, changes):
        yield from each()


def _allow(registry: Any) -> None:
    """Enact the rules without which no incentive is awarded."""
    for rule, unit, said in (
        ("incentive-regime", "regimes", ("b",)),
        ("acquisition-incentive-counts", "participants", ("bpu", "pu")),
        ("acquisition-incentive-least", "participants", 1),
        ("acquisition-incentive-flat", "rupiah", 500),
        ("contribution-incentive", "per-100000", Table.of({1: 7_500})),
        ("contribution-incentive-pu", "per-100000", 7_500),
        ("incentive-office-share", "per-100000", 10_000),
        ("incentive-office-share-from", "treatments", ("out-of-incentive",)),
        ("incentive-paid-to", "payees", ("agent",)),
        ("incentive-pay-day", "day-of-month", 5),
    ):
        registry.enact("perisai", rule, unit=unit, values=[value(said)], on=DAY)


def make(folder: Path) -> None:
    """Send every letter under its id, and keep what the store then holds."""
    ticks = count()
    start = datetime(2023, 1, 2, 2, tzinfo=UTC)

    def clock() -> datetime:
        return start + timedelta(minutes=next(ticks))

    with TemporaryDirectory() as beside:
        os.chdir(beside)
        Path("house.toml").write_text(RULE_FILE, encoding="utf-8")
        sent = {}
        with jamsos.open("0.1.db", policies={Enrolment: [closed]}, clock=clock) as registry:
            for id_, ask, commands in letters():
                if id_ == "award-incentive":
                    _allow(registry)
                ask(registry.once(id_))
                sent[id_] = commands
        with closing(sqlite3.connect("0.1.db")) as database:
            events = database.execute("SELECT * FROM stored_events ORDER BY rowid").fetchall()
            kept = {row[0]: row for row in database.execute("SELECT * FROM commands")}
    with (folder / "store-0.1.jsonl").open("w", encoding="utf-8") as file:
        for stream, version, name, state in events:
            print(json.dumps([stream, version, name, state.decode()]), file=file)
    with (folder / "letters-0.1.jsonl").open("w", encoding="utf-8") as file:
        for id_, commands in sent.items():
            _, request, position, number, answer = kept[id_]
            row = {
                "id": id_,
                "request": request,
                "position": position,
                "events": number,
                "answer": answer.decode(),
                "commands": commands,
            }
            print(json.dumps(row, ensure_ascii=False), file=file)


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
