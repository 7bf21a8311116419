"""Stores with two seats, and recorders whose appends go as they are told to: they begin here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import jamsos
from jamsos.desk.face import Verbs
from jamsos.errors import OutcomeUnknownError, StoreError, UnavailableError
from jamsos.store.place import is_address
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.recorder import Recorder
from jamsos.store.sqlite import SQLiteRecorder

DAY = date(2017, 11, 20)
LATER = date(2017, 12, 4)
JANUARY = jamsos.Months.parse("2018-01/2018-01")
PAY_DAY = date(2018, 1, 31)

Append = Callable[[], int]
Fate = Callable[[Append], int]
"""Does with an append what is to become of it."""


def agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


def participant(number: int) -> str:
    return f"participant-00000000-0000-7000-8000-{number:012}"


ANI, BUDI, CITRA = agent(1), agent(2), agent(3)
PEOPLE = [participant(number) for number in range(1, 6)]


def two_seats(registry: jamsos.Registry) -> None:
    registry.adopt("perisai", on=DAY).or_raise()
    registry.allot("perisai", 2, on=DAY).or_raise()


def recruit(desk: Verbs, agent: str) -> jamsos.Decision:
    return desk.recruit(agent, "perisai", province="51", on=DAY)


def rows(*agents: str) -> list[dict[str, Any]]:
    return [{"agent": each, "programme": "perisai", "province": "51", "on": DAY} for each in agents]


def sent_under(registry: jamsos.Registry) -> list[str | None]:
    """Return the command ids of the newest four events."""
    return [recorded.command for recorded in registry.history()][-4:]


def registrations(*participants: str) -> list[dict[str, Any]]:
    return [
        {"participant": each, "province": "51", "on": date(2018, 1, 8)} for each in participants
    ]


def payments(*participants: str) -> list[dict[str, Any]]:
    return [
        {
            "participant": each,
            "reference": "F-1",
            "months": JANUARY,
            "income": 1_000_000,
            "amount": 16_800,
            "on": PAY_DAY,
        }
        for each in participants
    ]


def recorder(place: str) -> Recorder:
    """Open the database at *place* as jamsos does."""
    return PostgresRecorder(place) if is_address(place) else SQLiteRecorder(place, create=True)


class Troubled:
    """A `Recorder` that wraps another: the next appends go as they are told to, one by one."""

    def __init__(self, place: str, *fates: Fate) -> None:
        self._recorder = recorder(place)
        self.fates = list(fates)
        self.appends = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def append(self, *rows: Any, **rest: Any) -> int:
        self.appends += 1

        def append() -> int:
            return self._recorder.append(*rows, **rest)

        return self.fates.pop(0)(append) if self.fates else append()


def away(_: Append) -> int:
    msg = "away, for once"
    raise UnavailableError(msg)


def broken(_: Append) -> int:
    msg = "nothing is recorded, and nobody can say so"
    raise OutcomeUnknownError(msg)


def lost(append: Append) -> int:
    append()
    msg = "all is recorded, and nobody can say so"
    raise OutcomeUnknownError(msg)


def full(_: Append) -> int:
    msg = "the disk is full"
    raise StoreError(msg)


def after(meanwhile: Callable[[], Any]) -> Fate:
    """Let another writer be first."""

    def fate(append: Append) -> int:
        meanwhile()
        return append()

    return fate
