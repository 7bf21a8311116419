"""The envelope: who asked, and in what connection; recorded, and read by no decision."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from enum import StrEnum
from threading import Barrier
from typing import Any

import pytest

import jamsos
from jamsos import Accepted, Refused
from jamsos.audit.exceptions import exceptions
from jamsos.audit.explain import explain
from jamsos.audit.replay import replay
from jamsos.commands.agents import Recruit
from jamsos.commands.seats import Allot
from jamsos.domain.envelope import UNSAID, Envelope, enveloped
from jamsos.errors import InputError, NotFoundError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore
from tests.engine.beginnings import (
    ANI,
    BUDI,
    CITRA,
    DAY,
    JANUARY,
    LATER,
    PAY_DAY,
    PEOPLE,
    Troubled,
    after,
    payments,
    recruit,
    registrations,
    rows,
)

CLERK = {"by": "office-51/clerk-7", "trace": "req-9f3"}
SAID = ("office-51/clerk-7", "req-9f3")
NIK = "5171014101900001"


def said(registry: jamsos.Registry, since: int = 0) -> list[tuple[str | None, str | None]]:
    """Return what the envelopes of the events say that follow position *since*."""
    return [(r.by, r.trace) for r in registry.history() if r.position > since]


def recruiting(agent: str) -> Recruit:
    return Recruit(agent, "perisai", province="51", on=DAY)


def in_a_batch(registry: jamsos.Registry) -> None:
    with registry.batch(**CLERK) as batch:
        recruit(batch, ANI).or_raise()


def asked_in_a_batch(registry: jamsos.Registry) -> None:
    with registry.batch() as batch:
        recruit(batch.asked(**CLERK), ANI).or_raise()


def in_a_group(registry: jamsos.Registry) -> None:
    with registry.group_commit(**CLERK) as group:
        recruit(group, ANI).or_raise()


def once_in_a_group(registry: jamsos.Registry) -> None:
    with registry.group_commit() as group:
        recruit(group.asked(**CLERK).once("letter-1"), ANI).or_raise()


WAYS = {
    "a verb": lambda r: recruit(r.asked(**CLERK), ANI),
    "a value": lambda r: r.ask(recruiting(ANI), **CLERK),
    "a value at a desk": lambda r: r.asked(**CLERK).ask(recruiting(ANI)),
    "many values": lambda r: r.ask_all([recruiting(ANI)], **CLERK),
    "many rows": lambda r: r.recruit_many(rows(ANI), **CLERK),
    "once": lambda r: recruit(r.once("letter-1", **CLERK), ANI),
    "asked, then once": lambda r: recruit(r.asked(**CLERK).once("letter-1"), ANI),
    "once, then asked": lambda r: recruit(r.once("letter-1").asked(**CLERK), ANI),
    "a value once": lambda r: r.once("letter-1").ask(recruiting(ANI), **CLERK),
    "in two steps": lambda r: recruit(r.asked(by=SAID[0]).asked(trace=SAID[1]), ANI),
    "half by the desk": lambda r: r.asked(by=SAID[0]).ask(recruiting(ANI), trace=SAID[1]),
    "closest to the command": lambda r: r.asked(by="x", trace="y").ask(recruiting(ANI), **CLERK),
    "once within": lambda r: recruit(r.asked(by="x").once("letter-1", **CLERK), ANI),
    "a batch": in_a_batch,
    "asked in a batch": asked_in_a_batch,
    "a group": in_a_group,
    "once in a group": once_in_a_group,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_way_of_asking_says_who_asks_and_in_what_connection(office, way):
    before = office.last_position()

    way(office)

    assert said(office, before) == [SAID, SAID]


def test_what_is_not_said_is_not_recorded_and_the_bytes_are_as_before(tmp_path):
    with jamsos.open(tmp_path / "perisai.db") as registry:
        registry.asked().adopt("perisai", on=DAY).or_raise()
        with registry.batch(by=None) as batch:
            batch.once("letter-1").allot("perisai", 1, on=DAY)
        states = [state for *_, state in registry._store._recorder.page(0, 99, ())]
        kept = registry._store._recorder.answers(["letter-1"])[0].answer

    assert not [state for state in states if b'"by"' in state or b'"trace"' in state]
    assert kept.startswith(b'{"form":"answers.v2",')


def test_what_stands_for_many_says_it_of_each(office):
    for agent in (ANI, BUDI):
        recruit(office, agent).or_raise()
        office.begin_training(agent, on=DAY).or_raise()
        office.certify(agent, on=DAY).or_raise()
        office.assign(agent, on=DAY).or_raise()
    before = office.last_position()

    answers = office.evaluate_agents("perisai", on=date(2018, 6, 1), **CLERK)

    assert len(answers) == 2
    assert {*said(office, before)} == {SAID}
    with pytest.raises(InputError, match="by is"):
        office.award_incentives("perisai", "2018-01", on=date(2018, 6, 1), by="")


def test_each_letter_of_a_batch_keeps_its_own_envelope_also_after_one_that_failed(office):
    before = office.last_position()
    with office.batch(by="clerk-1") as batch:
        recruit(batch, ANI).or_raise()
        with pytest.raises(InputError, match="row 2"):
            batch.recruit_many([*rows(BUDI), {"agent": CITRA}], by="clerk-2")
        with pytest.raises(NotFoundError, match="row 2"):
            batch.ask_all([recruiting(BUDI), Recruit(CITRA, "none", province="51", on=DAY)], by="x")
        batch.asked(by="clerk-3", trace="t").resign(ANI, on=LATER).or_raise()
        recruit(batch, BUDI).or_raise()

    assert said(office, before) == [
        *[("clerk-1", None)] * 2,
        *[("clerk-3", "t")] * 2,
        *[("clerk-1", None)] * 2,
    ]


def test_each_thread_of_a_group_has_its_own_envelope(place):
    people = PEOPLE
    barrier = Barrier(len(people))

    with jamsos.open(place) as registry:
        with registry.group_commit(by="nobody") as group:

            def register(number: int) -> None:
                desk = group.asked(by=f"clerk-{number}", trace=f"req-{number}")
                barrier.wait()
                desk.register(people[number], province="51", on=LATER).or_raise()

            with ThreadPoolExecutor(len(people)) as pool:
                list(pool.map(register, range(len(people))))
        told = {r.stream: (r.by, r.trace) for r in registry.history() if r.stream in people}

    assert told == {each: (f"clerk-{n}", f"req-{n}") for n, each in enumerate(people)}


# -- A letter that is sent again. -----------------------------------------------------


def test_a_letter_in_another_envelope_is_the_same_letter_and_the_first_envelope_stays(place):
    with jamsos.open(place) as registry:
        first = recruit(registry.once("letter-1", **CLERK), ANI)
        last = registry.last_position()
        for other in ({"by": "someone-else"}, {"trace": "another"}, {}):
            assert recruit(registry.once("letter-1", **other), ANI) == first
        assert registry.last_position() == last
        assert said(registry)[-2:] == [SAID, SAID]
    with EventStore(place) as store:
        assert store.answers(["letter-1"])["letter-1"].envelope == Envelope(*SAID)


def test_a_letter_that_said_nothing_the_first_time_goes_on_saying_nothing(office):
    first = recruit(office.once("letter-1"), ANI)

    assert recruit(office.once("letter-1", **CLERK), ANI) == first
    assert said(office)[-2:] == [(None, None)] * 2


def test_one_letter_twice_in_a_transaction_has_the_envelope_of_the_first(office):
    before = office.last_position()
    with office.batch() as batch:
        first = recruit(batch.once("letter-1", **CLERK), ANI)
        assert recruit(batch.once("letter-1", by="other"), ANI) == first
        recruit(batch, BUDI)

    assert said(office, before) == [SAID, SAID, (None, None), (None, None)]


def test_who_was_refused_is_kept_with_the_refusal(place):
    with jamsos.open(place) as registry:
        registry.recruit_many(rows(ANI, BUDI))
        first = recruit(registry.once("letter-1", **CLERK), CITRA)
        assert isinstance(first, Refused)
        assert recruit(registry.once("letter-1", by="other"), CITRA) == first
    with EventStore(place) as store:
        kept = store.answers(["letter-1"])["letter-1"]

    assert (kept.answers, kept.envelope) == ((first,), Envelope(*SAID))


def test_a_letter_that_is_decided_again_keeps_its_envelope(place):
    with jamsos.open(place) as other:
        troubled = Troubled(place, after(lambda: other.allot("perisai", 3, on=DAY).or_raise()))
        with jamsos.open(troubled) as registry:
            recruit(registry.once("letter-1", **CLERK), ANI).or_raise()

            assert troubled.appends == 2
            assert said(registry)[-2:] == [SAID, SAID]


# -- No decision reads it. ------------------------------------------------------------


def life(registry: jamsos.Registry, **envelope: Any) -> list[Any]:
    """Ask of all sorts, and return everything that was answered and is told of it."""
    desk = registry.asked(**envelope)
    answers: list[Any] = [
        desk.adopt("perisai", on=DAY),
        desk.once("seats").ask(Allot("perisai", 2, on=DAY)),
        *desk.recruit_many(rows(ANI, BUDI, CITRA)),
        *desk.register_many(registrations(*PEOPLE)),
        *desk.pay_many(payments(*PEOPLE)),
        desk.correct(PEOPLE[0], corrects="F-1", on=PAY_DAY),
        *desk.evaluate_agents("perisai", on=date(2018, 6, 1)).items(),
        *desk.award_incentives("perisai", "2018-01", on=date(2018, 6, 1)).items(),
        desk.open_evaluation("perisai", "first", trigger="It was time.", on=LATER),
    ]
    states = [registry.agent(ANI), registry.participant(PEOPLE[0]), registry.quota("perisai")]
    counts = [
        registry.count("2018-01", by=("province", "segment")),
        registry.live_count("2018-01"),
        registry.performance().position,
        registry.unsettled("perisai", on=date(2018, 6, 1)),
    ]
    events = [(r.position, r.stream, r.version, r.event) for r in registry.history()]
    digest = registry._store.answers(["seats"])["seats"].digest
    return [answers, states, registry.programme("perisai"), counts, events, digest]


def test_no_answer_state_count_or_digest_depends_on_the_envelope():
    with jamsos.open(":memory:") as silent, jamsos.open(":memory:") as told:
        assert life(silent) == life(told, **CLERK)
        assert {*said(silent)} == {(None, None)}
        assert {*said(told)} == {SAID}


def test_neither_decisions_nor_projections_nor_audits_can_read_it(monkeypatch, tmp_path):
    """An envelope that cannot be read at all hurts nothing but telling and exporting it."""
    path = tmp_path / "perisai.db"
    with jamsos.open(path) as registry:
        life(registry, **CLERK)

    def unreadable(_: object) -> None:
        pytest.fail("somebody looked into the envelope")

    for name in ("by", "trace"):
        monkeypatch.setattr(jamsos.Recorded, name, property(unreadable, lambda *_: None))
    with pytest.raises(pytest.fail.Exception):
        _ = next(history_file.read(path)).by
    with jamsos.open(path) as registry:
        registry.asked(**CLERK).move(PEOPLE[0], province="52", on=PAY_DAY).or_raise()
        registry.count("2018-02")
        registry.performance()
        registry.rebuild()
    replay(history_file.read(path))
    list(explain(history_file.read(path), PEOPLE[0]))
    list(exceptions(history_file.read(path)))


# -- What may be said. ----------------------------------------------------------------

WRONG = {
    "nothing": "",
    "a space": "clerk 7",
    "a name": "Ni Made",
    "an address": "made@example.org",
    "65 letters": "a" * 65,
    "a mark first": "-clerk",
    "a line": "clerk\n",
    "an escape": "\x1b[2Jclerk",
    "bytes": b"clerk",
    "a number": 7,
    "a list": ["clerk"],
    "a truth": True,
    "full-width digits": "５１７１",
    "Arabic digits": "٣٤٥",
    "a letter beyond ASCII": "clérk",
}


@pytest.mark.parametrize("name", ["by", "trace"])
@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_what_is_no_id_is_an_input_error_that_names_the_argument(office, name, value):
    wrong = {name: value}
    last = office.last_position()
    for ask in (
        lambda: office.asked(**wrong),
        lambda: office.ask(recruiting(ANI), **wrong),
        lambda: office.ask_all([recruiting(ANI)], **wrong),
        lambda: office.recruit_many(rows(ANI), **wrong),
        lambda: office.once("letter-1", **wrong),
        lambda: office.trial(**wrong),
        lambda: office.batch(**wrong).__enter__(),
        lambda: office.group_commit(**wrong).__enter__(),
        lambda: office.evaluate_agents("perisai", on=LATER, **wrong),
    ):
        with pytest.raises(InputError, match=rf"^{name} is .*1 to 64 letters, digits or "):
            ask()
    assert office.last_position() == last


def test_a_text_of_another_type_is_recorded_as_plain_text(office):
    class Clerk(StrEnum):
        SEVEN = "clerk-7"

    class Text(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "otherwise"

    recruit(office.once(Text("letter-1"), by=Clerk.SEVEN, trace=Text("req-1")), ANI).or_raise()

    newest = list(office.history())[-1]
    assert (newest.by, newest.trace, newest.command) == ("clerk-7", "req-1", "letter-1")
    assert {type(each) for each in (newest.by, newest.trace, newest.command)} == {str}
    assert type(enveloped(Text("a"), None).by) is str


def test_nothing_said_is_one_value():
    assert enveloped(None, None) is UNSAID
    assert UNSAID.within(UNSAID) is UNSAID
    assert Envelope("a").within(UNSAID) == Envelope("a")
    assert Envelope("a").within(Envelope("b", "c")) == Envelope("a", "c")
    assert UNSAID.within(Envelope("b", "c")) == Envelope("b", "c")


# -- No number of a person. -----------------------------------------------------------

NUMBERS = {
    "a NIK": NIK,
    "one more digit": f"{NIK}1",
    "many digits": "9" * 64,
    "after a word": f"nik-{NIK}",
    "between letters": f"a{NIK}b",
    "in a path": f"office-51/{NIK}/2018",
    "31 hex digits": f"{NIK}abcdefabcdefabc",
    "32 digits, none a letter": NIK * 2,
    "32 letters and digits, not all hex": f"{NIK}abcdefabcdefabcg",
}
IDS = {
    "15 digits": NIK[:15],
    "15 and 15": f"{NIK[:15]}-{NIK[:15]}",
    "a moment": "2018-02-28T12:00:00.000000",
    "digits in groups": "5171-0141-0190-0001",
    "a UUID of digits": "12345678-1234-4234-8234-123456789012",
    "a UUID without hyphens": "0190163807747017800012345678901a",
    "a trace id, as W3C has it": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "a trace id with many digits": "00-12345678901234567890123456789abc-00f067aa0ba902b7-01",
    "a SHA-256": "1234567890123456" * 3 + "12345678901234ef",
    "capitals": "1234567890123456" + "ABCDEF0123456789",
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_16_digits_in_a_row_are_refused_wherever_an_id_is_given_and_not_repeated(office, number):
    last = office.last_position()
    for name, ask in {
        "by": lambda: office.asked(by=number),
        "trace": lambda: office.ask(recruiting(ANI), trace=number),
        "the command id": lambda: recruit(office.once(number), ANI),
    }.items():
        with pytest.raises(InputError) as raised:
            ask()
        assert str(raised.value).startswith(f"{name} holds 16 digits in a row")
        assert number not in str(raised.value)
    assert office.last_position() == last


@pytest.mark.parametrize("value", IDS.values(), ids=IDS)
def test_ids_that_machines_make_are_taken(office, value):
    recruit(office.once(value, by=value, trace=value), ANI).or_raise()

    newest = list(office.history())[-1]
    assert (newest.by, newest.trace, newest.command) == (value, value, value)


def test_a_letter_under_a_number_that_was_answered_before_is_answered_again(office, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("jamsos.engine.session.check_opaque", lambda *_: None)
        first = recruit(office.once(NIK), ANI)
        office.recruit_many(rows(BUDI))
        refused = recruit(office.once(f"{NIK}-2"), CITRA)

    assert isinstance(first, Accepted)
    assert isinstance(refused, Refused)
    assert recruit(office.once(NIK), ANI) == first
    assert recruit(office.once(f"{NIK}-2"), CITRA) == refused
    with office.group_commit() as group:
        assert recruit(group.once(NIK, **CLERK), ANI) == first


def test_of_a_group_only_the_letter_under_a_number_fails(office):
    with office.batch() as batch:
        with pytest.raises(InputError, match="the command id holds 16 digits"):
            recruit(batch.once(NIK), ANI)
        recruit(batch.once("letter-2"), BUDI).or_raise()

    assert office.agent(ANI).status.value == "unknown"
    assert office.agent(BUDI).status.value == "recruited"


REFERRING = {
    "reference of a payment": (
        "reference",
        lambda d, n: d.pay(PEOPLE[0], reference=n, months=JANUARY, income=1, amount=1, on=PAY_DAY),
    ),
    "reference of a difference": (
        "reference",
        lambda d, n: d.pay_difference(
            PEOPLE[0], reference=n, of="F-1", income=2, amount=1, on=PAY_DAY
        ),
    ),
    "sponsor": (
        "sponsor",
        lambda d, n: d.register(PEOPLE[1], province="51", on=PAY_DAY, sponsor=n),
    ),
    "branch": ("branch", lambda d, n: d.transfer(PEOPLE[0], branch=n, on=PAY_DAY)),
}


@pytest.mark.parametrize(("name", "ask"), REFERRING.values(), ids=REFERRING)
@pytest.mark.parametrize("command_id", [None, "letter-1"])
def test_a_new_reference_with_16_digits_is_refused_and_the_same_one_with_15_is_not(
    office, name, ask, command_id
):
    office.register_many(registrations(PEOPLE[0]))
    office.pay_many([{**payments(PEOPLE[0])[0], "months": "2018-02/2018-02"}])
    before = office.last_position()
    desk = office if command_id is None else office.once(command_id)

    with pytest.raises(InputError, match=f"^{name} holds 16 digits in a row"):
        ask(desk, f"F-{NIK}")
    assert office.last_position() == before
    assert ask(desk, f"F-{NIK[1:]}").or_raise().events


def test_a_refused_payment_under_a_number_is_not_kept_with_its_refusal(office):
    office.register_many(registrations(PEOPLE[0]))
    early = {**payments(PEOPLE[0])[0], "months": "2017-01/2017-01"}
    assert isinstance(office.pay_many([early])[0], Refused)

    with pytest.raises(InputError, match="row 1: reference holds 16 digits"):
        office.once("letter-1").pay_many([{**early, "reference": NIK}])


@pytest.fixture
def old(office, monkeypatch):
    """Open a registry whose history holds such references, from before they were refused."""
    with monkeypatch.context() as patched:
        patched.setattr("jamsos.commands.referring.check_opaque", lambda *_: None)
        office.register(PEOPLE[0], province="51", on=DAY, sponsor=NIK).or_raise()
        office.pay_many([{**payments(PEOPLE[0])[0], "reference": NIK}])[0].or_raise()
        office.transfer(PEOPLE[0], branch=NIK, on=PAY_DAY).or_raise()
    return office


def test_what_was_recorded_under_a_number_can_be_told_again_and_put_right(old):
    last = old.last_position()

    assert old.register(PEOPLE[0], province="51", on=DAY, sponsor=NIK) == Accepted()
    assert old.pay_many([{**payments(PEOPLE[0])[0], "reference": NIK}]) == [Accepted()]
    assert old.transfer(PEOPLE[0], branch=NIK, on=PAY_DAY) == Accepted()
    assert old.last_position() == last

    paid = old.pay_difference(
        PEOPLE[0], reference="F-2", of=NIK, income=2_000_000, amount=1, on=PAY_DAY
    )
    assert paid.or_raise().events
    assert old.correct(PEOPLE[0], corrects="F-2", on=PAY_DAY).or_raise().events
    assert old.correct(PEOPLE[0], corrects=NIK, on=PAY_DAY).or_raise().events
    assert old.count("2018-01").total == 0


def test_told_otherwise_it_needs_another_reference(old):
    again = {"province": "52", "on": DAY, "instead_of": 1}

    with pytest.raises(InputError, match="sponsor holds 16 digits"):
        old.register(PEOPLE[0], sponsor=NIK, **again)
    assert old.register(PEOPLE[0], sponsor="village-9", **again).or_raise().events
