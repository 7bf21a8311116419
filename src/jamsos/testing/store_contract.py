"""What every store must do, as cases that can be run on a database of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from functools import wraps
from threading import Barrier
from types import MappingProxyType
from typing import Final, TypeAlias

from jamsos.domain.agent import AgentCertified, AgentTrainingBegun
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import ProvinceCode
from jamsos.domain.identity import AgentId
from jamsos.domain.participant import Channel, ParticipantRegistered
from jamsos.domain.quota import QuotaSeatReleased
from jamsos.domain.tally import Cell, Numbers
from jamsos.errors import ConflictError, InputError, JamsosError, StoreError
from jamsos.store.event_store import Entry, EventStore, Kept, entry
from jamsos.store.recorder import Recorder
from jamsos.store.tallies import Comparison, Difference, Reading

OpenRecorder: TypeAlias = Callable[[], Recorder]
"""Opens the same database each time, which is empty at the first; what it opens is closed."""

Case: TypeAlias = Callable[[OpenRecorder], None]
"""Raises `AssertionError` where the database does not keep to the contract."""

_NOW: Final = datetime(2018, 2, 5, 3, 4, 5, 678901, tzinfo=UTC)
_ON: Final = date(2018, 2, 5)
_SEATS: Final = "quota-perisai-national"
_MANY: Final = 2_500
_cases: dict[str, Case] = {}


def _agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


_ANI, _BUDI = _agent(1), _agent(2)


def _begun(version: int, stream: str = _ANI, *, day: int = 1, command: str | None = None) -> Entry:
    return entry(stream, version, AgentTrainingBegun(on=date(2018, 2, day)), _NOW, command)


def _certified(version: int, stream: str = _ANI) -> Entry:
    return entry(stream, version, AgentCertified(on=_ON), _NOW)


def _case(check: Callable[[EventStore], None]) -> None:
    """Make *check*, of a store that is empty, a case under its own name."""

    @wraps(check)
    def case(open_recorder: OpenRecorder) -> None:
        with EventStore(open_recorder()) as store:
            check(store)

    _cases[check.__name__.lstrip("_")] = case


def _case_of_two(check: Callable[[EventStore, EventStore], None]) -> None:
    """Make *check*, of two stores over one database, a case under its own name."""

    @wraps(check)
    def case(open_recorder: OpenRecorder) -> None:
        with EventStore(open_recorder()) as store, EventStore(open_recorder()) as other:
            check(store, other)

    _cases[check.__name__.lstrip("_")] = case


def _places(store: EventStore) -> list[tuple[int, str, int]]:
    return [(r.position, r.stream, r.version) for r in store.history()]


@contextmanager
def _raises(error: type[JamsosError]) -> Iterator[None]:
    try:
        yield
    except error:
        return
    msg = f"no {error.__name__} was raised"
    raise AssertionError(msg)


# -- Append. ---------------------------------------------------------------------


@_case
def _a_new_store_is_empty(store: EventStore) -> None:
    assert store.last_position() == 0
    assert _places(store) == []
    assert store.stream(_ANI) == []
    assert store.answers(["letter-1"]) == {}


@_case
def _positions_begin_at_1_and_follow_each_other(store: EventStore) -> None:
    assert store.append([_begun(1), _begun(1, _BUDI)]) == range(1, 3)
    assert store.append([_certified(2)]) == range(3, 4)
    assert store.append([]) == range(0)
    assert store.append([_certified(2, _BUDI), _begun(3), _begun(4)]) == range(4, 7)
    assert [place for place, _, _ in _places(store)] == [1, 2, 3, 4, 5, 6]
    assert store.last_position() == 6


@_case
def _an_event_comes_back_with_its_place_and_its_moment(store: EventStore) -> None:
    store.append([_begun(1), _certified(2)])

    first, second = store.history()
    assert (first.position, first.stream, first.version) == (1, _ANI, 1)
    assert (second.position, second.stream, second.version) == (2, _ANI, 2)
    assert first.event == AgentTrainingBegun(on=date(2018, 2, 1))
    assert second.event == AgentCertified(on=_ON)
    assert first.recorded_at == _NOW
    assert first.recorded_at.utcoffset() == timedelta(0)


@_case
def _what_is_stored_is_the_very_bytes(store: EventStore) -> None:
    at = datetime(2018, 2, 5, 23, 59, 59, 1, tzinfo=timezone(timedelta(hours=7))).astimezone(UTC)
    given = [entry(_SEATS, 1, QuotaSeatReleased(agent=_ANI, on=_ON), at), _begun(1)]  # type: ignore[arg-type]
    store.append(given)

    assert [(place, e) for place, e in store.entries()] == list(enumerate(given, start=1))


@_case
def _many_events_are_stored_in_the_order_given(store: EventStore) -> None:
    store.append([_begun(1)])
    given = [_begun(1, _agent(number)) for number in range(_MANY + 1, 1, -1)]

    assert store.append(given) == range(2, _MANY + 2)
    assert _places(store)[1:] == [(n, e.stream, 1) for n, e in enumerate(given, start=2)]


@_case
def _a_version_that_is_taken_is_a_conflict_and_nothing_is_stored(store: EventStore) -> None:
    store.append([_begun(1), _certified(2)])

    for taken in (
        [_begun(1, day=9)],
        [_certified(2)],
        [_begun(1, _BUDI), _begun(1, day=9)],
        [_begun(1, _BUDI), _certified(2, _BUDI), _begun(1, _BUDI, day=9)],
        [*(_begun(1, _agent(number)) for number in range(3, _MANY)), _begun(1, day=9)],
    ):
        with _raises(ConflictError):
            store.append(taken)
    assert _places(store) == [(1, _ANI, 1), (2, _ANI, 2)]
    assert store.append([_begun(1, _BUDI)]) == range(3, 4)


@_case
def _a_version_never_skips_one(store: EventStore) -> None:
    store.append([_begun(1)])

    with _raises(ConflictError):
        store.append([_certified(3)])
    with _raises(ConflictError):
        store.append([_certified(2, _BUDI)])
    with _raises(InputError):
        store.append([_certified(2), _begun(4)])
    assert _places(store) == [(1, _ANI, 1)]


@_case
def _a_stream_that_was_read_must_be_as_it_was(store: EventStore) -> None:
    store.append([_begun(1), _begun(1, _BUDI)])

    for changed in ({_ANI: 0}, {_ANI: 2}, {_ANI: 1, _BUDI: 0}, {_agent(3): 1}):
        with _raises(ConflictError):
            store.append([_begun(1, _agent(4))], reads=changed)
        with _raises(ConflictError):
            store.append([_begun(1, _agent(n)) for n in range(4, _MANY)], reads=changed)
    unchanged = {_ANI: 1, _BUDI: 1, _agent(3): 0}
    assert store.append([_begun(1, _agent(4))], reads=unchanged) == range(3, 4)


@_case
def _a_decision_on_the_whole_history_needs_it_unchanged(store: EventStore) -> None:
    assert store.append([_begun(1)], after=0) == range(1, 2)
    for other in (0, 2):
        with _raises(ConflictError):
            store.append([_certified(2)], after=other)
    assert store.append([_certified(2)], after=1) == range(2, 3)


# -- Read. -----------------------------------------------------------------------


def _registered(number: int, by: str | None) -> Entry:
    event = ParticipantRegistered(
        segment=Segment.NON_WAGE_EARNER,
        province=ProvinceCode("51"),
        channel=Channel.DIRECT if by is None else Channel.AGENT,
        agent=None if by is None else AgentId(by),
        sponsor=None,
        changes=(),
        on=_ON,
    )
    return entry(f"participant-00000000-0000-7000-8000-{number:012}", 1, event, _NOW)


@_case
def _what_concerns_a_stream_is_found_after_a_position(store: EventStore) -> None:
    store.append([_registered(1, _ANI), _registered(2, _BUDI), _registered(3, None)])
    store.append([_registered(4, _ANI)])

    found = store.concerning({_ANI: 0, _BUDI: 0})
    assert [(stream, r.position) for stream, r in found] == [(_ANI, 1), (_BUDI, 2), (_ANI, 4)]
    assert [r.position for _, r in store.concerning({_ANI: 1})] == [4]
    assert store.concerning({_ANI: 4}) == []


@_case
def _a_decision_about_somebody_needs_that_nothing_new_concerns_them(store: EventStore) -> None:
    store.append([_registered(1, _ANI), _registered(2, _BUDI)])

    with _raises(ConflictError):
        store.append([_begun(1)], unconcerned={_ANI: 1, _BUDI: 1})
    assert store.last_position() == 2
    assert store.append([_begun(1)], unconcerned={_ANI: 1, _BUDI: 2}) == range(3, 4)


@_case
def _a_stream_is_read_after_a_version(store: EventStore) -> None:
    store.append([_begun(1), _begun(1, _BUDI), _certified(2), _begun(3)])

    for after, versions in ((0, [1, 2, 3]), (1, [2, 3]), (3, []), (9, [])):
        assert [r.version for r in store.stream(_ANI, after=after)] == versions


@_case
def _many_streams_are_read_together_in_order_of_position(store: EventStore) -> None:
    names = [_agent(number) for number in range(1, _MANY)]
    store.append([_begun(1, name) for name in reversed(names)])
    store.append([_certified(2, _BUDI), _certified(2)])

    assert len(store.news(dict.fromkeys(names, 0))) == _MANY + 1
    read = [(r.stream, r.version) for r in store.news({_ANI: 1, _BUDI: 0, _agent(_MANY): 0})]
    assert read == [(_BUDI, 1), (_BUDI, 2), (_ANI, 2)]
    assert store.news({}) == []


@_case
def _a_history_is_read_between_two_positions_and_by_name(store: EventStore) -> None:
    store.append([_begun(1), _certified(2), _begun(3), _certified(4)])

    for after, upto, places in (
        (0, None, [1, 2, 3, 4]),
        (2, None, [3, 4]),
        (1, 3, [2, 3]),
        (2, 2, []),
        (4, None, []),
        (0, 9, [1, 2, 3, 4]),
    ):
        assert [r.position for r in store.history(after=after, upto=upto)] == places
    named = store.history(after=1, names=["agent.certified.v1", "agent.assigned.v1"])
    assert [r.position for r in named] == [2, 4]


# -- Commands. -------------------------------------------------------------------


@_case
def _a_command_is_answered_once_and_its_answer_is_kept(store: EventStore) -> None:
    answers = (Accepted(AgentTrainingBegun(on=date(2018, 2, 1))),)
    store.append([_begun(1, _BUDI)])
    store.append(
        [_certified(2, _BUDI), _begun(1, command="letter-1")],
        kept=[Kept("letter-1", "request", 1, answers)],
    )

    assert store.answers(["letter-0", "letter-1"]) == {
        "letter-1": Kept("letter-1", "request", 3, answers)
    }
    assert [r.command for r in store.history()] == [None, None, "letter-1"]
    with _raises(ConflictError):
        store.append([_certified(2)], kept=[Kept("letter-1", "request", 0, answers)])
    assert store.last_position() == 3


@_case
def _a_refusal_and_an_answer_without_events_are_kept_too(store: EventStore) -> None:
    refused = Refused(Reason("agent-cap", "All seats are taken.", Citation("Example 1/2026")))
    answers = (refused, Accepted[AgentTrainingBegun](), refused)

    assert store.append([], kept=[Kept("letter-1", "request", 0, answers)]) == range(1, 1)
    assert store.answers(["letter-1"])["letter-1"].answers == answers
    with _raises(ConflictError):
        store.append([_begun(1)], kept=[Kept("letter-1", "request", 0, answers)])
    assert store.last_position() == 0


@_case
def _answers_of_many_events_and_of_many_commands_keep_apart(store: EventStore) -> None:
    event = AgentTrainingBegun(on=date(2018, 2, 1))
    entries = [
        _begun(1, _agent(number), command=f"letter-{number - number % 3}")
        for number in range(_MANY - _MANY % 3)
    ]
    commands = [
        Kept(f"letter-{first}", "request", first, (Accepted(event), Accepted(event, event)))
        for first in range(0, len(entries), 3)
    ]
    store.append(entries, kept=commands)

    kept = store.answers([command.id for command in commands])
    assert [kept[command.id].first for command in commands] == [c.first + 1 for c in commands]
    assert all(kept[command.id].answers == command.answers for command in commands)


# -- Two at once, and later. -----------------------------------------------------


@_case_of_two
def _what_one_has_stored_the_other_reads(store: EventStore, other: EventStore) -> None:
    store.append([_begun(1)])
    assert _places(other) == [(1, _ANI, 1)]
    assert other.append([_certified(2)]) == range(2, 3)
    assert [r.version for r in store.stream(_ANI, after=1)] == [2]


@_case_of_two
def _of_two_who_write_one_version_at_once_one_is_first(
    store: EventStore, other: EventStore
) -> None:
    rounds, together = 20, Barrier(2)

    def write(to: EventStore) -> int:
        first = 0
        for version in range(1, rounds + 1):
            together.wait(timeout=60)
            try:
                to.append([_begun(version)])
                first += 1
            except ConflictError:
                pass
        return first

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(write, [store, other])) == rounds
    assert _places(store) == [(n, _ANI, n) for n in range(1, rounds + 1)]


@_case_of_two
def _who_reads_while_others_write_never_passes_over_an_event(
    store: EventStore, other: EventStore
) -> None:
    transactions, writers = 40, 3

    def write(writer: int) -> None:
        for number in range(transactions):
            size = 1 + 300 * (number % 3)
            first = (writer * transactions + number) * 1_000
            store.append([_begun(1, _agent(first + n)) for n in range(size)])

    seen: list[int] = []
    with ThreadPoolExecutor(writers) as pool:
        writing = [pool.submit(write, writer) for writer in range(writers)]
        ends = False
        while not ends:
            ends = all(future.done() for future in writing)
            seen += [r.position for r in other.history(after=len(seen))]
            assert seen == list(range(1, len(seen) + 1))
        for future in writing:
            future.result()
    assert len(seen) == store.last_position()


def _what_was_stored_is_there_when_it_is_opened_again(open_recorder: OpenRecorder) -> None:
    with EventStore(open_recorder()) as store:
        store.append([_begun(1)], kept=[Kept("letter-1", "request", 0, (Accepted(),))])
    with EventStore(open_recorder()) as store:
        assert _places(store) == [(1, _ANI, 1)]
        assert list(store.answers(["letter-1"])) == ["letter-1"]
        assert store.append([_certified(2)]) == range(2, 3)


def _a_closed_store_says_so(open_recorder: OpenRecorder) -> None:
    store = EventStore(open_recorder())
    store.close()
    for use in (store.last_position, lambda: store.append([_begun(1)]), lambda: store.stream(_ANI)):
        with _raises(StoreError):
            use()


# -- Load. -----------------------------------------------------------------------


@_case
def _a_history_is_loaded_into_an_empty_store(store: EventStore) -> None:
    given = [_begun(1, command="letter-1"), _begun(1, _BUDI), *(_certified(2),)]

    assert store.load(iter(given)) == 3
    assert [e for _, e in store.entries()] == given
    assert store.answers(["letter-1"])["letter-1"].first == 1
    with _raises(ConflictError):
        store.load([_begun(1, _agent(3))])
    assert store.append([_begun(3)]) == range(4, 5)


@_case
def _a_history_that_breaks_off_while_it_is_loaded_leaves_the_store_empty(
    store: EventStore,
) -> None:
    def broken() -> Iterator[Entry]:
        yield from (_begun(1, _agent(number)) for number in range(_MANY))
        msg = "the file ends"
        raise InputError(msg)

    with _raises(InputError):
        store.load(broken())
    assert store.last_position() == 0
    assert store.append([_begun(1)]) == range(1, 2)


# -- Tallies, where a database keeps them. ----------------------------------------

_TALLY: Final = "example"
_ONE, _OTHER = ("5", "51"), ("5", None)
_LATE: Final = 9_999 * 12
_tally_cases: dict[str, Case] = {}


def _case_of_tallies(check: Callable[[EventStore, EventStore], None]) -> None:
    """Make *check*, of two stores over one database that keeps tallies, a case of its own."""

    @wraps(check)
    def case(open_recorder: OpenRecorder) -> None:
        with EventStore(open_recorder()) as store, EventStore(open_recorder()) as other:
            check(store, other)

    _tally_cases[check.__name__.lstrip("_")] = case


def _begun_tally(store: EventStore, version: int = 1, *, live: bool = True) -> int:
    """Begin a generation of the example; return its number."""
    store.tallies.begin(_TALLY, version, live=live)
    [mark] = [m for m in store.tallies.marks() if (m.version, m.live) == (version, live)]
    return mark.generation


def _at(store: EventStore) -> dict[int, int]:
    """Return the position of each generation."""
    return {mark.generation: mark.position for mark in store.tallies.marks()}


def _numbers(store: EventStore, heading: str = "a", version: int = 1) -> Mapping[Cell, int]:
    reading = store.tallies.read(_TALLY, version, (heading,), 0, _LATE)
    assert reading is not None
    return reading.numbers


@_case_of_tallies
def _a_tally_begins_once_at_position_0(store: EventStore, other: EventStore) -> None:
    assert store.tallies.marks() == []
    assert store.tallies.read(_TALLY, 1, ("a",), 0, _LATE) is None
    for opened in (store, other, store):
        opened.tallies.begin(_TALLY, 1, live=True)
        opened.tallies.begin(_TALLY, 1, live=False)
        opened.tallies.begin(_TALLY, 2, live=True)
        opened.tallies.begin("another", 1, live=True)

    marks = store.tallies.marks()
    assert other.tallies.marks() == marks
    assert sorted((m.name, m.version, m.live, m.position) for m in marks) == [
        ("another", 1, True, 0),
        (_TALLY, 1, False, 0),
        (_TALLY, 1, True, 0),
        (_TALLY, 2, True, 0),
    ]
    assert len({mark.generation for mark in marks}) == 4
    assert store.tallies.read(_TALLY, 1, ("a",), 0, _LATE) == Reading(0, 0, {})


@_case_of_tallies
def _numbers_and_their_position_move_together_or_not_at_all(
    store: EventStore, other: EventStore
) -> None:
    one, beside = _begun_tally(store), _begun_tally(store, live=False)
    added: Numbers = {("a", _ONE, 5): 2, ("a", _ONE, 7): -1, ("a", _OTHER, 5): 4}
    store.tallies.add({one: added}, after=0, upto=3)
    assert _at(store) == {one: 3, beside: 0}

    for opened in (store, other):
        opened.tallies.add({one: added}, after=0, upto=3)
        opened.tallies.add({one: added}, after=2, upto=4)
    assert _at(other) == {one: 3, beside: 0}
    assert _numbers(other) == {_ONE: 1, _OTHER: 4}

    store.tallies.add({one: added, beside: added, 999: added}, after=0, upto=3)
    assert _at(store) == {one: 3, beside: 3}
    assert _numbers(store) == {_ONE: 1, _OTHER: 4}
    other.tallies.add({one: {}, beside: added}, after=3, upto=9)
    assert _at(store) == {one: 9, beside: 9}
    assert _numbers(store) == {_ONE: 1, _OTHER: 4}


@_case_of_tallies
def _numbers_are_added_up_by_cell_over_the_months_and_headings_asked_for(
    store: EventStore, _: EventStore
) -> None:
    store.append([_begun(1), _certified(2)])
    odd: Cell = (None, 'a "b" | \u2713', "")
    generation = _begun_tally(store)
    store.tallies.add(
        {
            generation: {
                **{("a", _ONE, month): month for month in (0, 1, 2, 3)},
                ("a", _OTHER, 1): 5,
                ("a", _OTHER, 2): -5,
                ("a", (), 2): 2**40,
                ("b, c", odd, 2): -7,
                ("b, c", _ONE, 9): 90,
            }
        },
        after=0,
        upto=1,
    )

    cases: tuple[tuple[tuple[str, ...], int, int, Mapping[Cell, int]], ...] = (
        (("a",), 0, _LATE, {_ONE: 6, (): 2**40}),
        (("a",), 1, 1, {_ONE: 1, _OTHER: 5}),
        (("b, c",), 0, 8, {odd: -7}),
        (("a", "b, c", "a"), 3, 9, {_ONE: 93}),
        (("a",), 4, 9, {}),
        (("no such heading",), 0, _LATE, {}),
    )
    for headings, first, last, numbers in cases:
        reading = store.tallies.read(_TALLY, 1, headings, first, last)
        assert reading == Reading(1, 2, numbers), (headings, first, last)


@_case_of_tallies
def _many_numbers_are_added_at_once(store: EventStore, _: EventStore) -> None:
    generation = _begun_tally(store)
    many: Numbers = {("a", (str(n),), n): n for n in range(1, _MANY)}
    for place in (0, 1):
        store.tallies.add({generation: many}, after=place, upto=place + 1)

    assert _numbers(store) == {(str(n),): 2 * n for n in range(1, _MANY)}


@_case_of_tallies
def _of_two_who_add_the_same_at_once_one_is_first(store: EventStore, other: EventStore) -> None:
    generation, rounds, together = _begun_tally(store), 20, Barrier(2)

    def add(to: EventStore) -> None:
        for place in range(rounds):
            together.wait(timeout=60)
            added: Numbers = {("a", (str(n),), n): 1 for n in range(20)}
            to.tallies.add({generation: added}, after=place, upto=place + 1)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(add, opened) for opened in (store, other)]:
            done.result()
    assert _at(store) == {generation: rounds}
    assert _numbers(store) == {(str(n),): rounds for n in range(20)}


@_case_of_tallies
def _who_reads_while_others_add_sees_numbers_as_they_stood_at_one_position(
    store: EventStore, other: EventStore
) -> None:
    generation, rounds = _begun_tally(store), 100

    def add() -> None:
        for place in range(rounds):
            added: Numbers = {("a", (str(n),), place): 1 for n in range(20)}
            store.tallies.add({generation: added}, after=place, upto=place + 1)

    with ThreadPoolExecutor(1) as pool:
        adding, ends = pool.submit(add), False
        while not ends:
            ends = adding.done()
            reading = other.tallies.read(_TALLY, 1, ("a",), 0, _LATE)
            assert reading is not None
            expected = {(str(n),): reading.position for n in range(20) if reading.position}
            assert reading.numbers == expected
        adding.result()


@_case_of_tallies
def _two_generations_are_compared_where_they_stand_at_one_position(
    store: EventStore, _: EventStore
) -> None:
    live, beside = _begun_tally(store), _begun_tally(store, live=False)
    assert store.tallies.compare(live, beside) == Comparison(0, ())
    store.tallies.add(
        {live: {("b", _ONE, 1): 1, ("a", (), 2): 3, ("a", (), 1): 4}}, after=0, upto=5
    )
    assert store.tallies.compare(live, beside) is None
    assert store.tallies.compare(live, 999) is None
    store.tallies.add({beside: {("a", (), 1): 4, ("c", (), 0): -1}}, after=0, upto=4)
    store.tallies.add({beside: {("a", (), 2): 1}}, after=4, upto=5)

    found = store.tallies.compare(live, beside)
    assert found == Comparison(
        5,
        (
            Difference("a", (), 2, 3, 1),
            Difference("b", _ONE, 1, 1, 0),
            Difference("c", (), 0, 0, -1),
        ),
    )


@_case_of_tallies
def _a_generation_that_has_come_as_far_answers_in_place_of_the_live_one(
    store: EventStore, other: EventStore
) -> None:
    live, beside, newer = (
        _begun_tally(store),
        _begun_tally(store, live=False),
        _begun_tally(store, 2),
    )
    store.tallies.add({live: {("a", (), 0): 1}}, after=0, upto=5)
    store.tallies.add({beside: {("a", (), 0): 2}}, after=0, upto=4)
    assert not store.tallies.switch(live, beside)
    assert not store.tallies.switch(live, 999)
    assert _numbers(other) == {(): 1}

    store.tallies.add({beside: {("a", (), 0): 2}}, after=4, upto=6)
    assert store.tallies.switch(live, beside)
    assert not store.tallies.switch(live, beside)
    assert _numbers(other) == {(): 4}
    assert [(m.generation, m.live) for m in other.tallies.marks()] == [
        (beside, True),
        (newer, True),
    ]

    other.tallies.add({live: {("a", (), 0): 1}}, after=5, upto=6)
    store.tallies.sweep()
    assert _numbers(store) == {(): 4}


@_case_of_tallies
def _a_generation_that_was_dropped_never_comes_back(store: EventStore, _: EventStore) -> None:
    live, dropped = _begun_tally(store), {0}
    store.tallies.add({live: {("a", (), 0): 1}}, after=0, upto=1)
    for swept in (False, True, False):
        beside = _begun_tally(store, live=False)
        assert beside not in dropped
        many: Numbers = {("a", (str(n),), n): 1 for n in range(5 * _MANY)}
        store.tallies.add({beside: many}, after=0, upto=1)
        store.tallies.drop(beside)
        store.tallies.drop(beside)
        if swept:
            store.tallies.sweep()
        dropped.add(beside)

    beside = _begun_tally(store, live=False)
    store.tallies.add({beside: {}}, after=0, upto=1)
    assert store.tallies.compare(live, beside) == Comparison(1, (Difference("a", (), 0, 1, 0),))
    store.tallies.drop(live)
    assert store.tallies.read(_TALLY, 1, ("a",), 0, _LATE) is None
    assert [mark.generation for mark in store.tallies.marks()] == [beside]


for _later in (_what_was_stored_is_there_when_it_is_opened_again, _a_closed_store_says_so):
    _cases[_later.__name__.lstrip("_")] = _later

CASES: Final[Mapping[str, Case]] = MappingProxyType(_cases)
"""
Every case by its name, which says what must hold. With pytest, for a store of one's own::

    @pytest.mark.parametrize("case", store_contract.CASES.values(), ids=store_contract.CASES)
    def test_store(case, tmp_path):
        case(lambda: MyRecorder(tmp_path / "my.store"))
"""

TALLY_CASES: Final[Mapping[str, Case]] = MappingProxyType(_tally_cases)
"""Every case for a store that keeps tallies too, which a recorder of one's own need not."""
