"""Facts about participants are told late, contradict each other, and are put right."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

import jamsos
from jamsos import Accepted, Month, Months
from jamsos.audit.replay import replay
from jamsos.domain.coverage import Change, Paid, Segment, Spell
from jamsos.domain.participant import (
    Channel,
    LeavingReason,
    ParticipantContributionPaid,
    ParticipantRegistered,
    Payer,
)
from jamsos.errors import InputError, NotFoundError
from jamsos.formulas.active import REGISTERED
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import Entry, EventStore
from tests.registry.beginnings import JANUARY, adopted, at_work, paid

BPU = Segment.NON_WAGE_EARNER
PUT_RIGHT = date(2018, 7, 2)


@pytest.fixture
def registry() -> Iterator[jamsos.Registry]:
    with jamsos.open(":memory:") as registry:
        yield adopted(registry)


def registered(registry, on=date(2018, 1, 10), **other):
    somebody = jamsos.new_participant_id()
    registry.register(somebody, **{"province": "51", "on": on} | other).or_raise()
    return somebody


def provinces(registry, month, **asked):
    count = registry.count(month, REGISTERED, by=("province",), **asked)
    return {province: number for (province,), number in count.parts.items()}


# -- A4: a payment before the registration. ------------------------------------------


def test_a_payment_on_the_day_before_the_registration_names_the_registration(registry):
    somebody = registered(registry, on=date(2018, 1, 10))

    with pytest.raises(InputError, match="registered in segment bpu on 2018-01-10; give that day"):
        paid(registry, somebody, JANUARY, date(2018, 1, 9))
    with pytest.raises(InputError, match="registered in segment bpu on 2018-01-10; give that day"):
        paid(registry, somebody, JANUARY, date(2017, 12, 20))
    paid(registry, somebody, JANUARY, date(2018, 1, 10))


def test_a_payment_in_another_segment_waits_for_the_registration_there(registry):
    somebody = registered(registry, on=date(2018, 1, 10))
    registry.register(somebody, province="51", on=date(2018, 2, 5), segment=Segment.MIGRANT)

    with pytest.raises(InputError, match="registered in segment migrant on 2018-02-05"):
        registry.pay(
            somebody,
            reference="M-1",
            months=JANUARY,
            income=1,
            amount=1,
            on=date(2018, 2, 4),
            segment=Segment.MIGRANT,
        )


# -- A6: told after what came later. ---------------------------------------------------


def test_a_move_told_after_a_later_one_is_answered_on_each_date_and_known_as_it_was(registry):
    somebody = registered(registry, on=date(1994, 3, 1))
    registry.move(somebody, province="31", on=date(1998, 6, 1)).or_raise()
    before = registry.last_position()
    registry.move(somebody, province="33", on=date(1995, 6, 1)).or_raise()

    assert provinces(registry, Month(1995, 5)) == {"51": 1}
    assert provinces(registry, Month(1995, 6)) == {"33": 1}
    assert provinces(registry, Month(1998, 5)) == {"33": 1}
    assert provinces(registry, Month(1998, 6)) == {"31": 1}
    assert provinces(registry, Month(1995, 6), known_at=before) == {"51": 1}


def test_a_move_that_is_voided_leaves_the_one_to_where_they_were_already(registry):
    somebody = registered(registry, on=date(2018, 1, 10))
    registry.move(somebody, province="31", on=date(2018, 2, 1)).or_raise()
    registry.move(somebody, province="31", on=date(2018, 3, 5)).or_raise()
    registry.void(somebody, version=2, on=PUT_RIGHT).or_raise()

    assert provinces(registry, Month(2018, 2)) == {"51": 1}
    assert provinces(registry, Month(2018, 3)) == {"31": 1}
    assert replay(registry.history()).findings == ()


# -- B1: a payment that changed nothing is corrected. ----------------------------------


def imported(store, *events):
    moment = datetime(2018, 1, 1, tzinfo=UTC)
    somebody = jamsos.new_participant_id()
    store.load(
        [
            Entry(somebody, version, CODEC.name(event), CODEC.encode(event), moment)
            for version, event in enumerate(events, start=1)
        ]
    )
    return somebody


@pytest.mark.parametrize("corrects", ["r1", "r2"])
def test_one_of_two_payments_for_a_month_is_corrected_and_the_other_stands(corrects):
    spells = (Spell(Months.parse("2018-01/.."), "51", None),)
    covered = (Paid(("jkk", "jkm"), JANUARY),)
    first = ParticipantRegistered(
        segment=BPU,
        province="51",
        channel=Channel.DIRECT,
        agent=None,
        sponsor=None,
        changes=(Change(BPU, spells, (), (), None),),
        on=date(2018, 1, 10),
    )

    def payment(reference, change):
        return ParticipantContributionPaid(
            segment=BPU,
            reference=reference,
            programmes=("jkk", "jkm"),
            months=JANUARY,
            income=1_000_000,
            amount=16_800,
            payer=Payer.SELF,
            check=None,
            changes=(change,),
            on=date(2018, 1, 15),
        )

    store = EventStore(":memory:")
    somebody = imported(
        store,
        first,
        payment("r1", Change(BPU, spells, covered, None, ())),
        payment("r2", Change(BPU, spells, covered, None, None)),
    )
    with jamsos.Registry(store) as registry:
        assert registry.count(Month(2018, 1)).total == 1
        registry.correct(somebody, corrects=corrects, on=date(2018, 2, 1)).or_raise()

        assert registry.count(Month(2018, 1)).total == 1
        assert replay(registry.history()).findings == ()
        other = {"r1": "r2", "r2": "r1"}[corrects]
        registry.correct(somebody, corrects=other, on=date(2018, 2, 2)).or_raise()
        assert registry.count(Month(2018, 1)).total == 0
        assert replay(registry.history()).findings == ()


# -- C1: registered by the wrong agent. ------------------------------------------------


def test_a_registration_by_the_wrong_agent_is_put_right_as_if_told_rightly(registry):
    wrong, right = at_work(registry), at_work(registry)
    somebody = registered(registry, on=date(2018, 3, 15), agent=wrong)
    registry.register(
        somebody, province="51", on=date(2018, 3, 15), agent=right, instead_of=1
    ).or_raise()

    assert registry.performance().acquired(wrong) == 0
    assert registry.performance().acquired(right) == 1
    assert list(registry.evaluate_agents("perisai", on=date(2018, 4, 2))) == [wrong]
    assert registry.participant(somebody).life.stay(BPU, PUT_RIGHT).agent == right


def test_a_registration_is_told_for_another_day_province_or_segment(registry):
    for version, other in enumerate(
        (
            {"on": date(2018, 1, 8)},
            {"on": date(2018, 1, 12), "province": "31"},
            {"segment": Segment.MIGRANT},
        ),
        start=1,
    ):
        somebody = registered(registry, on=date(2018, 1, 10))
        told = {"province": "51", "on": date(2018, 1, 10)} | other
        answer = registry.register(somebody, **told, instead_of=1).or_raise()

        assert [type(event).__name__ for event in answer.events] == [
            "ParticipantFactVoided",
            "ParticipantRegistered",
        ]
        again = registry.register(somebody, **told, instead_of=1)
        assert again == Accepted(), version
        (told,) = registry.participant(somebody).told
        assert told.version == 3
    assert replay(registry.history()).findings == ()


def test_a_registration_cannot_be_told_for_a_day_after_what_needs_it(registry):
    somebody = registered(registry, on=date(2018, 1, 10))
    paid(registry, somebody, JANUARY, date(2018, 1, 15))

    with pytest.raises(InputError, match="the payment 'F-1' of 2018-01-15 needs it"):
        registry.register(somebody, province="51", on=date(2018, 1, 16), instead_of=1)
    registry.register(somebody, province="51", on=date(2018, 1, 15), instead_of=1).or_raise()


def test_a_fact_that_replaces_nothing_that_stands_is_an_error(registry):
    somebody = registered(registry, on=date(2018, 1, 10))
    registry.move(somebody, province="31", on=date(2018, 2, 1)).or_raise()
    registry.void(somebody, version=2, on=PUT_RIGHT).or_raise()

    with pytest.raises(InputError, match=r"version 2 .* was voided already, on 2018-07-02"):
        registry.move(somebody, province="33", on=date(2018, 2, 1), instead_of=2)
    with pytest.raises(NotFoundError, match="that can be voided has version 9"):
        registry.move(somebody, province="33", on=date(2018, 2, 1), instead_of=9)


# -- C2: a death of the wrong person. --------------------------------------------------


def test_a_death_of_another_person_is_voided_and_they_live_on(registry):
    somebody = registered(registry)
    registry.leave(somebody, reason=LeavingReason.DEATH, on=date(2018, 3, 1)).or_raise()
    registry.void(somebody, version=2, on=PUT_RIGHT, reason="another-person").or_raise()

    assert registry.participant(somebody).died_on is None
    assert registry.count(Month(2018, 7), REGISTERED).total == 1
    assert registry.void(somebody, version=2, on=PUT_RIGHT, reason="another-person") == Accepted()


def test_a_death_gets_another_day_instead_of_the_one_that_was_told(registry):
    somebody = registered(registry)
    registry.leave(somebody, reason=LeavingReason.DEATH, on=date(2018, 3, 1)).or_raise()

    with pytest.raises(InputError, match="they died on 2018-03-01"):
        registry.leave(somebody, reason=LeavingReason.DEATH, on=date(2018, 2, 20))
    registry.leave(
        somebody, reason=LeavingReason.DEATH, on=date(2018, 2, 20), instead_of=2
    ).or_raise()
    assert registry.participant(somebody).died_on == date(2018, 2, 20)


# -- D1: another registration. ---------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"province": "31"},
        {"on": date(2018, 1, 11)},
        {"sponsor": "CSR-1"},
    ],
    ids=str,
)
def test_only_the_very_same_registration_is_done_already(registry, other):
    somebody = registered(registry, on=date(2018, 1, 10))
    same = {"province": "51", "on": date(2018, 1, 10)}

    assert registry.register(somebody, **same) == Accepted()
    with pytest.raises(InputError, match="was registered in segment bpu on 2018-01-10, in prov"):
        registry.register(somebody, **same | other)


def test_a_registration_by_another_agent_names_who_enrolled(registry):
    first, second = at_work(registry), at_work(registry)
    somebody = registered(registry, agent=first)

    with pytest.raises(InputError, match=f"in province 51 by {first}; if that is a mistake"):
        registry.register(somebody, province="31", on=date(2018, 1, 10), agent=second)
