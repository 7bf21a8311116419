"""The one write path: decided once, decided again where it must be, and never half recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from jamsos.recording import Sent
from jamsos.request import Request

import jamsos
from jamsos import Accepted, Refused
from jamsos.domain.agent import AgentStatus
from jamsos.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    OutcomeUnknownError,
    StoreError,
    UnavailableError,
)
from jamsos.store.event_store import is_address, migrate
from jamsos.store.postgres import PostgresRecorder
from jamsos.store.recorder import Recorder
from jamsos.store.sqlite import SQLiteRecorder

DAY = date(2017, 11, 20)
LATER = date(2017, 12, 4)
JANUARY = jamsos.Months.parse("2018-01/2018-01")
PAY_DAY = date(2018, 1, 31)


def agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


def participant(number: int) -> str:
    return f"participant-00000000-0000-7000-8000-{number:012}"


ANI, BUDI, CITRA = agent(1), agent(2), agent(3)


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store with two seats, which several registries may open."""
    found = str(tmp_path / "perisai.db")
    if request.param == "PostgreSQL":
        found = request.getfixturevalue("postgres").new_database()
        migrate(found)
    with jamsos.open(found) as registry:
        two_seats(registry)
    return found


@pytest.fixture
def registry():
    """Open a desk in memory, with two seats."""
    with jamsos.open(":memory:") as opened:
        two_seats(opened)
        yield opened


def two_seats(registry: jamsos.Registry) -> None:
    registry.adopt("perisai", on=DAY).or_raise()
    registry.allot("perisai", 2, on=DAY).or_raise()


def recruit(desk: jamsos.Desk, who: str) -> jamsos.Decision:
    return desk.recruit(who, "perisai", province="51", on=DAY)


def rows(*who: str) -> list[dict[str, Any]]:
    return [{"agent": w, "programme": "perisai", "province": "51", "on": DAY} for w in who]


def asked_by(registry: jamsos.Registry) -> list[str | None]:
    return [recorded.command for recorded in registry.history()][-4:]


class Troubled:
    """A `Recorder` that wraps another: the next appends go as they are told to, one by one."""

    def __init__(self, place: str, *fates: Callable[[Callable[[], int]], int]) -> None:
        own: Recorder = (
            PostgresRecorder(place) if is_address(place) else SQLiteRecorder(place, create=True)
        )
        self._recorder = own
        self.fates = list(fates)
        self.appends = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._recorder, name)

    def append(self, *rows: Any, **rest: Any) -> int:
        self.appends += 1

        def append() -> int:
            return self._recorder.append(*rows, **rest)

        return self.fates.pop(0)(append) if self.fates else append()


def away(_: Callable[[], int]) -> int:
    msg = "away, for once"
    raise UnavailableError(msg)


def broken(_: Callable[[], int]) -> int:
    msg = "nothing is recorded, and nobody can say so"
    raise OutcomeUnknownError(msg)


def lost(append: Callable[[], int]) -> int:
    append()
    msg = "all is recorded, and nobody can say so"
    raise OutcomeUnknownError(msg)


def full(_: Callable[[], int]) -> int:
    msg = "the disk is full"
    raise StoreError(msg)


def after(meanwhile: Callable[[], Any]) -> Callable[[Callable[[], int]], int]:
    """Let another writer be first."""

    def fate(append: Callable[[], int]) -> int:
        meanwhile()
        return append()

    return fate


# -- A command id: the first answer, however often it is sent. -----------------------


def test_a_command_is_decided_once_and_answered_the_same_each_time(place):
    with jamsos.open(place) as registry:
        first = recruit(registry.once("letter-1"), ANI)
        registry.resign(ANI, on=LATER).or_raise()
        last = registry.last_position()

        again = recruit(registry.once("letter-1"), ANI)

        assert again == first
        assert len(first.or_raise().events) == 2
        assert registry.last_position() == last
        assert asked_by(registry) == ["letter-1", "letter-1", None, None]
    with jamsos.open(place) as registry:
        assert recruit(registry.once("letter-1"), ANI) == first


def test_a_refusal_is_kept_though_it_would_be_granted_now(place):
    with jamsos.open(place) as registry:
        registry.recruit_many(rows(ANI, BUDI))
        first = recruit(registry.once("letter-1"), CITRA)
        registry.resign(ANI, on=LATER).or_raise()

        assert isinstance(first, Refused)
        assert recruit(registry.once("letter-1"), CITRA) == first
        assert isinstance(recruit(registry.once("letter-2"), CITRA), Accepted)


def test_an_answer_without_events_is_kept_though_there_would_be_some_now(place):
    with jamsos.open(place) as registry:
        first = registry.once("letter-1").allot("perisai", 2, on=DAY)
        registry.allot("perisai", 1, on=DAY).or_raise()

        assert first == Accepted()
        assert registry.once("letter-1").allot("perisai", 2, on=DAY) == Accepted()
        assert registry.quota("perisai").allotted == 1


def test_many_answers_are_kept_in_order_refusals_among_them(place):
    with jamsos.open(place) as registry:
        first = registry.once("letter-1").recruit_many(rows(ANI, BUDI, CITRA, ANI))
        registry.resign(ANI, on=LATER).or_raise()

        again = registry.once("letter-1").recruit_many(iter(rows(ANI, BUDI, CITRA, ANI)))

        assert again == first
        assert [type(answer) for answer in first] == [Accepted, Accepted, Refused, Accepted]
        assert [len(getattr(a, "events", ())) for a in first] == [2, 2, 0, 0]


@pytest.mark.parametrize(
    "other",
    [
        lambda desk: recruit(desk, BUDI),
        lambda desk: desk.recruit(ANI, "perisai", province="51", on=LATER),
        lambda desk: desk.resign(ANI, on=DAY),
        lambda desk: desk.recruit_many(rows(ANI)),
    ],
)
def test_another_request_under_the_id_is_an_input_error_and_records_nothing(registry, other):
    recruit(registry.once("letter-1"), ANI).or_raise()
    last = registry.last_position()

    with pytest.raises(InputError, match="belongs to another request"):
        other(registry.once("letter-1"))

    assert registry.last_position() == last


def test_the_same_request_may_be_written_in_another_way(registry):
    first = recruit(registry.once("letter-1"), ANI)

    again = registry.once("letter-1").recruit(
        on=DAY, region="national", province="51", programme="perisai", agent=ANI
    )

    assert again == first


def test_an_id_twice_in_one_transaction_is_decided_once(registry):
    def sent(who: str) -> Sent:
        asked = Request(
            jamsos.Desk.recruit.__wrapped__, (who, "perisai"), {"province": "51", "on": DAY}
        )
        return Sent(asked, "letter-1")

    first, again, another = registry._recording.record([sent(ANI), sent(ANI), sent(BUDI)])

    assert again == first
    assert len(first.or_raise().events) == 2
    assert isinstance(another, InputError)
    assert registry.quota("perisai").taken == 1


@pytest.mark.parametrize("writers", [2, 8])
def test_of_those_who_send_a_command_at_once_one_decides_and_all_get_his_answer(place, writers):
    together = Barrier(writers)

    def send(_: int) -> list[jamsos.Decision]:
        with jamsos.open(place, patience=60) as registry:
            registry.quota("perisai")
            answers = []
            for number in range(5):
                together.wait(timeout=60)
                answers.append(recruit(registry.once(f"letter-{number}"), agent(number)))
            return answers

    with ThreadPoolExecutor(writers) as threads:
        first, *others = threads.map(send, range(writers))

    assert all(other == first for other in others)
    assert [type(answer) for answer in first] == [Accepted] * 2 + [Refused] * 3
    with jamsos.open(place) as registry:
        assert registry.quota("perisai").taken == 2


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda desk: desk.recruit("Ani", "perisai", province="51", on=DAY), InputError),
        (lambda desk: desk.resign(ANI, on=DAY), NotFoundError),
        (lambda desk: desk.recruit_many(rows(ANI, "Budi")), InputError),
    ],
)
def test_after_an_error_in_deciding_the_id_is_free(registry, wrong, error):
    with pytest.raises(error):
        wrong(registry.once("letter-1"))

    assert len(recruit(registry.once("letter-1"), ANI).or_raise().events) == 2


def test_after_a_clock_without_a_zone_the_id_is_free():
    moments = [datetime(2018, 2, 5), datetime(2018, 2, 5).astimezone()]  # noqa: DTZ001 - the mistake
    with jamsos.open(":memory:", clock=lambda: moments.pop(0)) as registry:
        with pytest.raises(InputError, match="time zone"):
            registry.once("letter-1").adopt("perisai", on=DAY)

        assert registry.once("letter-1").adopt("perisai", on=DAY).or_raise().events


@pytest.mark.parametrize("fits", ["a", "A.1_:/-z", "x" * 64])
def test_an_id_of_1_to_64_signs_is_one(registry, fits):
    assert recruit(registry.once(fits), ANI).or_raise().events


@pytest.mark.parametrize("wrong", ["", "x" * 65, "a b", "ä", ".a", "a\n", 7, None])
def test_another_id_is_an_input_error(registry, wrong):
    with pytest.raises(InputError, match="command id"):
        registry.once(wrong)


def test_agents_are_not_evaluated_under_one_id(registry):
    with pytest.raises(InputError, match="one by one"):
        registry.once("letter-1").evaluate_agents("perisai", on=date(2018, 6, 1))


# -- Decided again. ------------------------------------------------------------------


def test_where_another_writer_was_first_all_is_decided_again(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: other.recruit_many(rows(ANI, BUDI))))
        with jamsos.open(troubled) as registry:
            answer = recruit(registry, CITRA)

    assert isinstance(answer, Refused)
    assert answer.reasons[0].policy == "agent-cap"


def test_a_command_that_another_has_sent_meanwhile_is_answered_as_he_was(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: recruit(other.once("letter-1"), ANI)))
        with jamsos.open(troubled) as registry:
            answer = recruit(registry.once("letter-1"), ANI)

            assert answer == recruit(other.once("letter-1"), ANI)
            assert registry.quota("perisai").taken == 1


@pytest.mark.parametrize("command", ["letter-1", None])
def test_while_the_store_is_away_it_is_asked_again(place, command):
    troubled = Troubled(place, away, away)
    with jamsos.open(troubled) as registry:
        desk = registry if command is None else registry.once(command)

        assert len(recruit(desk, ANI).or_raise().events) == 2
        assert registry.quota("perisai").taken == 1
    assert troubled.appends == 3


@pytest.mark.parametrize(("fate", "appends"), [(lost, 1), (broken, 2)])
def test_where_the_outcome_is_not_known_a_command_is_sent_again(place, fate, appends):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled) as registry:
        answer = recruit(registry.once("letter-1"), ANI)

        assert len(answer.or_raise().events) == 2
        assert asked_by(registry)[-2:] == ["letter-1", "letter-1"]
        assert registry.quota("perisai").taken == 1
    assert troubled.appends == appends


@pytest.mark.parametrize(("fate", "taken"), [(lost, 1), (broken, 0)])
def test_where_the_outcome_is_not_known_a_request_without_an_id_is_not_repeated(place, fate, taken):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled) as registry:
        with pytest.raises(OutcomeUnknownError):
            recruit(registry, ANI)

        assert troubled.appends == 1
        assert registry.quota("perisai").taken == taken
        assert registry.agent(ANI).status is (
            AgentStatus.RECRUITED if taken else AgentStatus.UNKNOWN
        )


def test_a_full_disk_is_told_at_once_and_nothing_is_known_wrongly(place):
    troubled = Troubled(place, full)
    with jamsos.open(troubled) as registry:
        with pytest.raises(StoreError, match="full"):
            recruit(registry.once("letter-1"), ANI)

        assert troubled.appends == 1
        assert registry.quota("perisai").taken == 0
        assert len(recruit(registry.once("letter-1"), ANI).or_raise().events) == 2


@pytest.mark.parametrize(("fate", "error"), [(away, UnavailableError), (lost, OutcomeUnknownError)])
def test_without_patience_every_error_is_told_at_once_and_one_may_ask_again(place, fate, error):
    troubled = Troubled(place, fate)
    with jamsos.open(troubled, patience=0) as registry:
        with pytest.raises(error):
            recruit(registry.once("letter-1"), ANI)

        assert troubled.appends == 1
        assert len(recruit(registry.once("letter-1"), ANI).or_raise().events) == 2
        assert registry.quota("perisai").taken == 1


def test_without_patience_a_conflict_is_told_at_once(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: recruit(other, BUDI)))
        with jamsos.open(troubled, patience=0) as registry:
            with pytest.raises(ConflictError):
                recruit(registry, ANI)

            assert recruit(registry, ANI).or_raise().events
            assert registry.quota("perisai").taken == 2


def test_when_patience_ends_the_last_error_is_told():
    troubled = Troubled(":memory:")
    with jamsos.open(troubled, patience=0.05) as registry:
        two_seats(registry)
        done = troubled.appends
        troubled.fates = [away] * 1_000
        with pytest.raises(UnavailableError):
            recruit(registry, ANI)

        assert 1 < troubled.appends - done < 1_000


@pytest.mark.parametrize("given", [tuple, list, iter])
def test_what_is_decided_again_has_all_its_arguments(given):
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        registry.register(participant(1), province="51", on=date(2018, 1, 8)).or_raise()
        troubled.fates = [away]
        paid = registry.pay(
            participant(1),
            reference="F-1",
            months=JANUARY,
            income=1_000_000,
            amount=16_800,
            on=PAY_DAY,
            programmes=given(("jkk", "jkm")),
        )

        assert [event.programmes for event in paid.or_raise().events] == [("jkk", "jkm")]


@pytest.mark.parametrize("given", [tuple, list, iter])
def test_rows_that_are_decided_again_have_all_their_fields(given):
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        registry.register_many(registrations(*PEOPLE))
        troubled.fates = [away]
        rows = [{**row, "programmes": given(("jkk", "jkm"))} for row in payments(*PEOPLE)]

        answers = registry.pay_many(rows)

    assert {e.programmes for a in answers for e in a.or_raise().events} == {("jkk", "jkm")}


# -- Many rows. ----------------------------------------------------------------------


def registrations(*who: str, **rest: Any) -> list[dict[str, Any]]:
    return [{"participant": w, "province": "51", "on": date(2018, 1, 8), **rest} for w in who]


def payments(*who: str) -> list[dict[str, Any]]:
    return [
        {
            "participant": each,
            "reference": "F-1",
            "months": JANUARY,
            "income": 1_000_000,
            "amount": 16_800,
            "on": PAY_DAY,
        }
        for each in who
    ]


PEOPLE = [participant(number) for number in range(1, 6)]
MANY = {
    "recruit": (rows, [ANI, BUDI]),
    "register": (registrations, PEOPLE),
    "pay": (payments, PEOPLE),
}
KINDS = pytest.mark.parametrize("kind", MANY)


def ready(registry: jamsos.Registry, kind: str) -> None:
    if kind == "pay":
        registry.register_many(registrations(*PEOPLE))


@KINDS
def test_many_rows_are_answered_as_they_would_be_one_by_one(registry, kind):
    as_rows, who = MANY[kind]
    ready(registry, kind)
    with jamsos.open(":memory:") as other:
        two_seats(other)
        ready(other, kind)
        singly = [getattr(other, kind)(**row) for row in as_rows(*who)]

    assert getattr(registry, f"{kind}_many")(as_rows(*who)) == singly
    assert all(answer.or_raise().events for answer in singly)


@KINDS
def test_rows_may_come_from_a_generator_and_are_decided_again_all(kind):
    as_rows, who = MANY[kind]
    troubled = Troubled(":memory:")
    with jamsos.open(troubled) as registry:
        two_seats(registry)
        ready(registry, kind)
        troubled.fates = [away, away]

        answers = getattr(registry, f"{kind}_many")(row for row in as_rows(*who))

        assert len(answers) == len(who)
        assert all(answer.or_raise().events for answer in answers)


@KINDS
def test_no_rows_have_no_answers_and_record_nothing(registry, kind):
    last = registry.last_position()

    assert getattr(registry, f"{kind}_many")([]) == []
    assert registry.last_position() == last


@KINDS
def test_an_error_names_its_row_and_nothing_of_any_is_recorded(registry, kind):
    as_rows, who = MANY[kind]
    ready(registry, kind)
    last = registry.last_position()

    with pytest.raises(InputError, match=r"^row 2: "):
        getattr(registry, f"{kind}_many")([*as_rows(who[0], "nobody"), *as_rows(*who[1:])])

    assert registry.last_position() == last


@pytest.mark.parametrize("wrong", [{"colour": "red"}, {"on": "today"}])
def test_a_row_with_a_wrong_field_is_an_input_error(registry, wrong):
    with pytest.raises(InputError, match=r"^row 3: "):
        registry.recruit_many([*rows(ANI, BUDI), {**rows(CITRA)[0], **wrong}])

    assert registry.quota("perisai").taken == 0


def test_a_refusal_is_of_one_row_only(registry):
    answers = registry.recruit_many(rows(ANI, BUDI, CITRA, ANI))

    assert [type(answer) for answer in answers] == [Accepted, Accepted, Refused, Accepted]
    assert registry.quota("perisai").taken == 2


def test_an_error_in_many_rows_leaves_the_rest_of_a_batch_alone(registry):
    with registry.batch() as desk:
        recruit(desk, ANI).or_raise()
        with pytest.raises(InputError):
            desk.recruit_many(rows(BUDI, "nobody"))
        again = recruit(desk, BUDI)

    assert len(again.or_raise().events) == 2
    assert registry.quota("perisai").taken == 2
    assert registry.agent(BUDI).status is AgentStatus.RECRUITED


# -- Any thread may ask. -------------------------------------------------------------


def test_threads_of_a_registry_never_conflict_with_each_other(place):
    def ask(number: int) -> Sequence[Any]:
        answer = recruit(registry, agent(number))
        return (registry.agent(agent(number)).status, type(answer))

    with jamsos.open(place, patience=0) as registry:
        registry.allot("perisai", 20, on=DAY).or_raise()
        with ThreadPoolExecutor(8) as threads:
            told = list(threads.map(ask, range(40)))

        assert told.count((AgentStatus.RECRUITED, Accepted)) == 20
        assert told.count((AgentStatus.UNKNOWN, Refused)) == 20
        assert registry.quota("perisai").taken == 20
