"""How fast a history is read, folded and counted, beside plain `eventsourcing`."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import _plain as plain
from _databases import our_settings, settings
from _table import options, race, show
from recording import (
    EVENTS,
    MONTHS,
    enrol_many,
    enrol_many_plainly,
    recruit,
    recruit_plainly,
    timed,
)

import jamsos
from jamsos.domain.aggregate import Event, State, state
from jamsos.formulas.active import IN_GRACE
from jamsos.projections.active_participants import ActiveParticipants


def read(registry: jamsos.Registry) -> None:
    deque(registry.history(), maxlen=0)


def read_plainly(app: plain.Scheme) -> None:
    deque(app.read(), maxlen=0)


def folded(registry: jamsos.Registry) -> None:
    """Fold the state of every stream from one reading of the history."""
    states: dict[str, State] = {}
    for recorded in registry.history():
        stream = recorded.stream
        states[stream] = state(stream, (recorded.event,), since=states.get(stream))


def folded_plainly(app: plain.Scheme) -> None:
    """Do the same with the notification log."""
    states: dict[UUID, Any] = {}
    for event in app.read():
        states[event.originator_id] = event.mutate(states.get(event.originator_id))


def loaded(registry: jamsos.Registry, participants: Sequence[str]) -> None:
    for participant in participants:
        registry.participant(participant)


def loaded_plainly(app: plain.Scheme, aggregates: Sequence[UUID]) -> None:
    for aggregate in aggregates:
        app.repository.get(aggregate)


def counted(recorded: Sequence[jamsos.Recorded[Event]], expected: int) -> None:
    active = ActiveParticipants(IN_GRACE)
    for each in recorded:
        active.apply(each)
    assert active.count(MONTHS[-1]) == expected


def counted_from_file(registry: jamsos.Registry, expected: int) -> None:
    assert registry.count(MONTHS[-1], IN_GRACE).total == expected


def main() -> None:
    asked = options(__doc__, rounds=5, size=1_500)
    with (
        TemporaryDirectory() as folder,
        jamsos.open(Path(folder) / "jamsos.db") as registry,
        plain.Scheme.at(Path(folder) / "plain.db") as app,
    ):
        people = enrol_many(registry, recruit(registry), asked.size)
        agents = recruit_plainly(app)
        aggregates = enrol_many_plainly(app, agents, asked.size)
        history = list(registry.history())
        ours, theirs, own = len(history), sum(1 for _ in app.read()), asked.size * EVENTS
        fold = partial(timed, ours, partial(folded, registry))
        rows = [
            race(what, asked.rounds, *measures)
            for what, *measures in (
                (
                    "the whole history read",
                    partial(timed, ours, partial(read, registry)),
                    partial(timed, theirs, partial(read_plainly, app)),
                ),
                (
                    "every state, from one reading",
                    fold,
                    partial(timed, theirs, partial(folded_plainly, app)),
                ),
                (
                    "every state: one reading, beside `get` of each",
                    fold,
                    partial(timed, theirs, partial(loaded_plainly, app, [*agents, *aggregates])),
                ),
                (
                    "participants loaded one by one",
                    partial(timed, own, partial(loaded, registry, people)),
                    partial(timed, own, partial(loaded_plainly, app, aggregates)),
                ),
                (
                    "counted: events in memory",
                    partial(timed, ours, partial(counted, history, asked.size)),
                ),
                (
                    "counted: with the reading",
                    partial(timed, ours, partial(counted_from_file, registry, asked.size)),
                ),
            )
        ]
        found = (
            f"jamsos: {our_settings(registry._store)};"  # noqa: SLF001
            f" plain: {settings(app.recorder.datastore)}"
        )
    show(
        f"Events replayed in a second: median of {asked.rounds} rounds",
        ("events in a second", "jamsos", "plain", "ratio", "least to most"),
        rows,
        f"{ours:,} events in jamsos and {theirs:,} in plain, of {asked.size:,} participants.",
        f"SQLite files; {found} (2 is FULL).",
    )


if __name__ == "__main__":
    main()
