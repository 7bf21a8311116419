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


def enrol(participant, *, segment=BPU, agent=AGENT, on=JANUARY, policies=()):
    case = Enrolment(participant=participant, segment=segment, province="51", agent=agent, on=on)
    return register(case, channel=Channel.AGENT, sponsor=None, policies=policies)


def settle(participant, months="2018-01/2018-03", *, reference="R1", policies=(), **other):
    asked = {
        "segment": BPU,
        "programmes": ("jkk", "jkm"),
        "income": 1_000_000,
        "amount": 50_400,
        "on": JANUARY,
    }
    case = Contribution(participant=participant, months=Months.parse(months), **(asked | other))
    return pay(case, reference=reference, payer=Payer.SELF, policies=policies)


def undo(participant, reference="R1"):
    return correct(participant, corrects=reference, reason="wrong-person", on=date(2018, 2, 1))


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
    assert MADE.entered_on == {BPU: JANUARY}


def test_where_one_was_never_registered_the_standing_is_empty():
    assert MADE.standing(PU) == NOBODY.standing(BPU) == Standing()


def test_an_event_says_what_it_changed():
    (event,) = enrol(NOBODY).events

    ((segment, before, made),) = [(c.segment, c.before, c.after) for c in event.changes]
    assert (segment, before, made) == (BPU, Standing(), MADE.standing(BPU))


def test_registering_again_in_the_same_segment_does_nothing():
    assert enrol(MADE, on=date(2018, 5, 1), policies=(lambda _: NO,)) == Accepted()


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


def test_the_same_payment_under_the_same_reference_does_nothing():
    assert settle(PAID, on=date(2018, 9, 9), policies=(lambda _: NO,)) == Accepted()


@pytest.mark.parametrize(
    "other",
    [
        {"months": "2018-01/2018-02"},
        {"programmes": ("jkk",)},
        {"income": 1_000_001},
        {"amount": 50_401},
    ],
    ids=str,
)
def test_another_payment_under_the_same_reference_is_an_input_error(other):
    with pytest.raises(InputError, match="another payment under the reference 'R1'"):
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


def test_a_payment_is_corrected_once():
    corrected = after(PAID, undo(PAID))

    assert undo(corrected) == Accepted()


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


def test_a_payment_of_one_who_was_never_registered_loads_all_the_same():
    (event,) = settle(MADE).events

    assert Month(2018, 2) in evolve(NOBODY, event).standing(BPU).paid_for("jkk")
