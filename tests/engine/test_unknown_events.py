"""An event of a name that is not in the catalogue is never passed over, by no reading."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import jamsos
from jamsos.errors import CorruptHistoryError, JamsosError
from jamsos.store.event_store import EventStore
from tests.engine.beginnings import recorder
from tests.faults.guarantees import promised
from tests.registry.beginnings import adopted, at_work, enrolled

NAME = "participant.registered.v9"
WORK = date(2018, 2, 5)
LATER = date(2018, 9, 1)


class Plain:
    """A `Recorder` of one's own: it has what the protocol asks for, and nothing else."""

    def __init__(self, place: str) -> None:
        own = recorder(place)
        self.place = own.place
        for name in ("append", "load", "news", "concerning", "page", "answers", "close"):
            setattr(self, name, getattr(own, name))
        self.last_position = own.last_position


READINGS: dict[str, Callable[[jamsos.Registry, str], Any]] = {
    "deactivate": lambda r, agent: r.deactivate(agent, on=LATER),
    "evaluate_agents": lambda r, _: r.evaluate_agents("perisai", on=LATER),
    "performance": lambda r, _: r.performance(),
    "award_incentive": lambda r, agent: r.award_incentive(agent, "2018-03", on=LATER),
    "award_incentives": lambda r, _: r.award_incentives("perisai", "2018-03", on=LATER),
    "unsettled": lambda r, _: r.unsettled("perisai", on=LATER),
    "count": lambda r, _: r.count("2018-03"),
    "live_count": lambda r, _: r.live_count("2018-03"),
    "measures": lambda r, _: r.measures("perisai", month="2018-03", months=3, after_months=1),
    "history": lambda r, _: list(r.history()),
}


def unknown(place: str, *, without_index: bool) -> str:
    """Make a store whose agent has acquired somebody by an event of a later version of jamsos."""
    with jamsos.open(place) as registry:
        agent = at_work(adopted(registry))
        enrolled(registry, agent, on=WORK)
        last = registry.last_position()
        own = registry._store._recorder
        own.append(
            [(jamsos.new_participant_id(), 1, NAME, b"{}")], expected={}, after=last,
            answered=[], concerns=[] if without_index else [(agent, 0)], unconcerned={},
        )  # fmt: skip
    return agent


def told(registry: jamsos.Registry, agent: str) -> dict[str, str]:
    """Return what each reading says, those of them that raise what they are to raise left out."""
    said = {}
    for name, ask in READINGS.items():
        try:
            said[name] = repr(ask(registry, agent))
        except JamsosError as error:
            if not (isinstance(error, CorruptHistoryError) and NAME in str(error)):
                said[name] = str(error)
    return said


@promised(
    "No reading, decision or count passes over it: each stops, and names it.",
    fault="unknown",
)
@pytest.mark.parametrize("without_index", [True, False])
def test_no_reading_passes_over_an_event_that_it_does_not_know(empty, without_index):
    agent = unknown(empty, without_index=without_index)

    for ask in READINGS.values():
        with jamsos.open(empty) as registry, pytest.raises(CorruptHistoryError, match=NAME):
            ask(registry, agent)


def test_nor_does_one_over_a_recorder_of_ones_own(tmp_path):
    place = str(tmp_path / "office.db")
    agent = unknown(place, without_index=True)

    with jamsos.open(Plain(place)) as registry:
        assert told(registry, agent).keys() == {"live_count"}, "it keeps no tallies"


@promised(
    "Recorded by another process while the store is open, it is found at the next reading.",
    fault="unknown",
)
def test_one_that_another_process_records_is_found_at_the_next_reading(empty):
    with jamsos.open(empty) as registry, jamsos.open(empty) as other:
        agent = at_work(adopted(registry))
        enrolled(registry, agent, on=WORK)
        assert told(registry, agent).keys() == READINGS.keys()
        other._store._recorder.append(
            [(jamsos.new_participant_id(), 1, NAME, b"{}")],
            expected={}, after=None, answered=[], concerns=[], unconcerned={},
        )  # fmt: skip

        assert told(registry, agent) == {}


def test_what_was_looked_at_is_not_looked_at_again(empty):
    with jamsos.open(empty) as registry:
        agent = at_work(adopted(registry))
        store: EventStore = registry._store
        asked: list[int] = []
        other_than = store._recorder.other_than

        def noted(names: Any, *, after: int) -> Any:
            asked.append(after)
            return other_than(names, after=after)

        store._recorder.other_than = noted
        for _ in range(3):
            enrolled(registry, agent, on=WORK)
            registry.deactivate(agent, on=LATER)

    assert len(asked) == 3
    assert all(asked), "what it has recorded itself it knows"
