"""A participant: registered once in a segment, and every payment once."""

from datetime import date

import pytest

from jamsos.domain.agent import Agent
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.participant import (
    Channel,
    Contribution,
    Enrolment,
    Participant,
    Payer,
    correct,
    evolve,
    pay,
    register,
)
from jamsos.errors import InputError, NotFoundError

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
AGENT = Agent(id=f"agent-{UUID}")
NOBODY = Participant(id=f"participant-{UUID}")
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
JANUARY = date(2018, 1, 10)
NO = Reason("example", "No.", Citation("Example 1/2018"))


def enrol(participant, *, channel=Channel.AGENT, sponsor=None, policies=(), **other):
    asked = {"segment": BPU, "province": "51", "agent": AGENT, "on": JANUARY}
    case = Enrolment(participant=participant, **(asked | other))
    return register(case, channel=channel, sponsor=sponsor, policies=policies)


def settle(
    participant,
    months="2018-01/2018-03",
    *,
    reference="R1",
    payer=Payer.SELF,
    policies=(),
    **other,
):
    asked = {
        "segment": BPU,
        "programmes": ("jkk", "jkm"),
        "income": 1_000_000,
        "amount": 50_400,
        "on": JANUARY,
    }
    case = Contribution(participant=participant, months=Months.parse(months), **(asked | other))
    return pay(case, reference=reference, payer=payer, policies=policies)


def undo(participant, reference="R1", **other):
    asked = {"reason": "wrong-person", "on": date(2018, 2, 1)}
    return correct(participant, corrects=reference, **(asked | other))


def after(participant, answer):
    for event in answer.or_raise().events:
        participant = evolve(participant, event)
    return participant


MADE = after(NOBODY, enrol(NOBODY))
PAID = after(MADE, settle(MADE))


def paid_for(participant, programme="jkk"):
    return str(participant.standing(BPU).paid_for(programme))


def test_one_is_registered_from_the_month_of_the_day_on():
    standing = MADE.standing(BPU)

    assert str(standing.registered) == "2018-01/.."
    assert (standing.current.province, standing.current.agent) == ("51", AGENT.id)
    assert (MADE.entries(BPU), MADE.entries(PU)) == ((JANUARY,), ())


def test_where_one_was_never_registered_the_standing_is_empty():
    assert MADE.standing(PU) == NOBODY.standing(BPU) == Standing()


def test_an_event_says_what_it_changed():
    (event,) = enrol(NOBODY).events

    ((segment, before, made),) = [(c.segment, c.before, c.after) for c in event.changes]
    assert (segment, before, made) == (BPU, Standing(), MADE.standing(BPU))


def test_the_very_same_registration_again_does_nothing():
    assert enrol(MADE, policies=(lambda _: NO,)) == Accepted()


@pytest.mark.parametrize(
    "other",
    [
        {"on": date(2018, 1, 9)},
        {"on": date(2018, 1, 11)},
        {"province": "31"},
        {"agent": Agent(id=f"agent-{UUID[:-1]}c")},
        {"agent": None, "channel": Channel.DIRECT},
        {"agent": None, "channel": Channel.SPONSOR, "sponsor": "desa-7"},
    ],
    ids=str,
)
def test_another_registration_in_the_same_segment_is_an_input_error_that_names_what_stands(other):
    with pytest.raises(InputError) as caught:
        enrol(MADE, **other)
    assert str(caught.value) == (
        f"{MADE.id} was registered in segment bpu on 2018-01-10, in province 51 by {AGENT.id};"
        " if that is a mistake, void version 1 of their events, or retell it"
    )


def test_another_sponsor_is_another_registration():
    given = {"agent": None, "channel": Channel.SPONSOR}
    sponsored = after(NOBODY, enrol(NOBODY, sponsor="desa-7", **given))

    assert enrol(sponsored, sponsor="desa-7", **given) == Accepted()
    with pytest.raises(InputError, match="on 2018-01-10, in province 51; if that is a mistake"):
        enrol(sponsored, sponsor="desa-8", **given)


def test_one_may_be_registered_in_a_second_segment():
    both = after(MADE, enrol(MADE, segment=PU, agent=None, on=date(2018, 4, 1)))

    assert str(both.standing(PU).registered) == "2018-04/.."
    assert both.standing(BPU) == MADE.standing(BPU)


def test_a_registration_is_refused_where_a_policy_says_so():
    assert enrol(NOBODY, policies=(lambda _: NO,)) == Refused(NO)


def test_a_payment_covers_its_months_in_each_of_its_programmes():
    assert paid_for(PAID, "jkk") == paid_for(PAID, "jkm") == "2018-01/2018-03"
    assert paid_for(PAID, "jht") == ""
    assert PAID.payments["R1"].amount == 50_400


def test_a_payment_is_refused_where_a_policy_says_so():
    assert settle(MADE, policies=(lambda _: NO,)) == Refused(NO)


def test_a_payment_needs_a_registration_in_its_segment():
    with pytest.raises(NotFoundError, match="never registered in segment pu: register them first"):
        settle(MADE, segment=PU)


def test_a_payment_on_a_day_before_the_registration_in_its_segment_is_an_input_error():
    with pytest.raises(InputError) as caught:
        settle(MADE, on=date(2018, 1, 9))
    assert str(caught.value) == (
        f"{MADE.id} cannot pay on 2018-01-09: they were registered in segment bpu on 2018-01-10;"
        " give that day or a later one"
    )
    assert settle(MADE, on=date(2018, 1, 10)).events


def test_an_earlier_registration_in_another_segment_is_not_enough_for_a_payment():
    both = after(MADE, enrol(MADE, segment=PU, agent=None, on=date(2018, 4, 1)))

    with pytest.raises(InputError, match="they were registered in segment pu on 2018-04-01"):
        settle(both, segment=PU, on=date(2018, 3, 31))
    assert settle(both, segment=PU, on=date(2018, 4, 1)).events


def test_the_very_same_payment_again_does_nothing():
    assert settle(PAID, policies=(lambda _: NO,)) == Accepted()


@pytest.mark.parametrize(
    "other",
    [
        {"months": "2018-01/2018-02"},
        {"programmes": ("jkk",)},
        {"income": 1_000_001},
        {"amount": 50_401},
        {"payer": Payer.AGENT},
        {"on": date(2018, 1, 11)},
        {"on": date(2018, 1, 9)},
    ],
    ids=str,
)
def test_another_payment_under_the_same_reference_is_an_input_error(other):
    match = "another payment under the reference 'R1', of 2018-01-10 for 2018-01/2018-03"
    with pytest.raises(InputError, match=match):
        settle(PAID, **other)


def test_a_payment_in_another_segment_needs_a_reference_of_its_own():
    both = after(PAID, enrol(PAID, segment=PU, agent=None))

    with pytest.raises(InputError, match="another payment under the reference 'R1'"):
        settle(both, segment=PU)
    assert settle(both, segment=PU, reference="R2").events


@pytest.mark.parametrize("months", ["", "2018-01/..", "2018-01/2018-01,2018-03/2018-03"])
def test_a_payment_covers_one_unbroken_run_of_months(months):
    with pytest.raises(InputError, match="a payment covers one unbroken run"):
        settle(MADE, months)


@pytest.mark.parametrize("programmes", [(), ("jkm", "jkk"), ("jkk", "jkk")])
def test_a_payment_names_each_programme_once_in_order(programmes):
    with pytest.raises(InputError, match="name at least one programme, each once"):
        settle(MADE, programmes=programmes)


@pytest.mark.parametrize("number", [-1, 16_800.0, True, 2**63])
@pytest.mark.parametrize("field", ["income", "amount"])
def test_income_and_amount_are_whole_rupiah(field, number):
    with pytest.raises(InputError, match=f"{field} is"):
        settle(MADE, **{field: number})


def test_a_correction_takes_the_months_of_its_payment_away_and_no_others():
    more = after(PAID, settle(PAID, "2018-04/2018-04", reference="R2"))

    corrected = after(more, undo(more))
    assert paid_for(corrected) == paid_for(corrected, "jkm") == "2018-04/2018-04"
    assert corrected.payments["R1"].corrected
    assert not corrected.payments["R2"].corrected


def test_a_payment_is_corrected_once_and_the_very_same_correction_again_does_nothing():
    corrected = after(PAID, undo(PAID))

    assert undo(corrected) == Accepted()


@pytest.mark.parametrize(
    "other",
    [{"on": date(2018, 1, 31)}, {"on": date(2018, 2, 2)}, {"reason": "paid-twice"}],
    ids=str,
)
def test_another_correction_of_the_same_payment_is_an_input_error(other):
    corrected = after(PAID, undo(PAID))

    with pytest.raises(InputError) as caught:
        undo(corrected, **other)
    assert str(caught.value) == (
        f"{PAID.id} has no payment 'R1' that stands: it was corrected on 2018-02-01, for"
        " 'wrong-person'"
    )


def test_a_payment_says_on_which_day_and_by_which_event_it_was_paid_and_corrected():
    corrected = after(PAID, undo(PAID))
    first, then = PAID.payments["R1"], corrected.payments["R1"]

    assert (first.on, first.payer, first.version) == (JANUARY, Payer.SELF, 2)
    assert (first.correction, first.corrected) == (None, False)
    assert (then.version, then.correction.on, then.correction.reason) == (
        2,
        date(2018, 2, 1),
        "wrong-person",
    )


def test_only_a_payment_that_was_made_can_be_corrected():
    with pytest.raises(NotFoundError, match="has no payment 'R9'"):
        undo(PAID, "R9")


def test_a_corrected_reference_is_not_used_again_but_its_months_may_be_paid():
    corrected = after(PAID, undo(PAID))

    with pytest.raises(InputError, match="or one that was corrected"):
        settle(corrected)
    assert paid_for(after(corrected, settle(corrected, reference="R2"))) == "2018-01/2018-03"


def test_a_correction_of_no_payment_loads_all_the_same():
    (event,) = undo(PAID).events

    assert evolve(NOBODY, event).payments == {}


def test_a_payment_of_somebody_who_was_never_registered_loads_all_the_same():
    (event,) = settle(MADE).events

    assert Month(2018, 2) in evolve(NOBODY, event).standing(BPU).paid_for("jkk")


def test_months_that_two_payments_cover_stay_paid_for_when_one_of_them_is_corrected():
    twice = after(PAID, settle(PAID, reference="R2"))

    assert twice.recorded == PAID.recorded
    once = after(twice, undo(twice, "R2"))
    assert paid_for(once) == "2018-01/2018-03"
    assert once.recorded == {BPU: once.standing(BPU)}
    assert paid_for(after(once, undo(once))) == ""
