"""Events are appended in order and whole, where what was read is as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from jamsos.domain.agent import AgentCertified, AgentTrainingBegun
from jamsos.domain.quota import QuotaSeatReleased
from jamsos.errors import ConflictError, InputError
from jamsos.store.event_store import EventStore, entry

from .cases import ANI, BUDI, MANY, NOW, ON, SEATS, Cases, agent, begun, certified, places, raises
from .watching import same

CASES: Final = Cases()


@CASES.of_one
def _a_new_store_is_empty(store: EventStore) -> None:
    same(store.last_position(), 0)
    same(places(store), [])
    same(store.stream(ANI), [])
    same(store.answers(["letter-1"]), {})


@CASES.of_one
def _positions_begin_at_1_and_follow_each_other(store: EventStore) -> None:
    same(store.append([begun(1), begun(1, BUDI)]), range(1, 3))
    same(store.append([certified(2)]), range(3, 4))
    same(store.append([]), range(0))
    same(store.append([certified(2, BUDI), begun(3), begun(4)]), range(4, 7))
    same([place for place, _, _ in places(store)], [1, 2, 3, 4, 5, 6])
    same(store.last_position(), 6)


@CASES.of_one
def _an_event_comes_back_with_its_place_and_its_moment(store: EventStore) -> None:
    store.append([begun(1), certified(2)])

    first, second = store.history()
    same((first.position, first.stream, first.version), (1, ANI, 1))
    same((second.position, second.stream, second.version), (2, ANI, 2))
    same(first.event, AgentTrainingBegun(on=date(2018, 2, 1)))
    same(second.event, AgentCertified(on=ON))
    same(first.recorded_at, NOW)
    same(first.recorded_at.utcoffset(), timedelta(0))


@CASES.of_one
def _what_is_stored_is_the_very_bytes(store: EventStore) -> None:
    at = datetime(2018, 2, 5, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=7))).astimezone(UTC)
    given = [entry(SEATS, 1, QuotaSeatReleased(agent=ANI, on=ON), at), begun(1)]  # type: ignore[arg-type]
    store.append(given)

    same([(place, e) for place, e in store.entries()], list(enumerate(given, start=1)))


@CASES.of_one
def _many_events_are_stored_in_the_order_given(store: EventStore) -> None:
    store.append([begun(1)])
    given = [begun(1, agent(number)) for number in range(MANY + 1, 1, -1)]

    same(store.append(given), range(2, MANY + 2))
    same(places(store)[1:], [(n, e.stream, 1) for n, e in enumerate(given, start=2)])


@CASES.of_one
def _a_version_that_is_taken_is_a_conflict_and_nothing_is_stored(store: EventStore) -> None:
    store.append([begun(1), certified(2)])

    for taken in (
        [begun(1, day=9)],
        [certified(2)],
        [begun(1, BUDI), begun(1, day=9)],
        [begun(1, BUDI), certified(2, BUDI), begun(1, BUDI, day=9)],
        [*(begun(1, agent(number)) for number in range(3, MANY)), begun(1, day=9)],
    ):
        with raises(ConflictError):
            store.append(taken)
    same(places(store), [(1, ANI, 1), (2, ANI, 2)])
    same(store.append([begun(1, BUDI)]), range(3, 4))


@CASES.of_one
def _a_version_never_skips_one(store: EventStore) -> None:
    store.append([begun(1)])

    with raises(ConflictError):
        store.append([certified(3)])
    with raises(ConflictError):
        store.append([certified(2, BUDI)])
    with raises(InputError):
        store.append([certified(2), begun(4)])
    same(places(store), [(1, ANI, 1)])


@CASES.of_one
def _a_stream_that_was_read_must_be_as_it_was(store: EventStore) -> None:
    store.append([begun(1), begun(1, BUDI)])

    for changed in ({ANI: 0}, {ANI: 2}, {ANI: 1, BUDI: 0}, {agent(3): 1}):
        with raises(ConflictError):
            store.append([begun(1, agent(4))], reads=changed)
        with raises(ConflictError):
            store.append([begun(1, agent(n)) for n in range(4, MANY)], reads=changed)
    unchanged = {ANI: 1, BUDI: 1, agent(3): 0}
    same(store.append([begun(1, agent(4))], reads=unchanged), range(3, 4))


@CASES.of_one
def _a_decision_on_the_whole_history_needs_it_unchanged(store: EventStore) -> None:
    same(store.append([begun(1)], after=0), range(1, 2))
    for other in (0, 2):
        with raises(ConflictError):
            store.append([certified(2)], after=other)
    same(store.append([certified(2)], after=1), range(2, 3))
