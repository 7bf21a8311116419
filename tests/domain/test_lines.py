"""The lines of an incentive: whose each contribution is, of which month, and with which number."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import LeavingReason, Month, Months, Segment
from jamsos.domain import participant as participants
from jamsos.domain.incentive import Acquired, Received
from jamsos.domain.lines import Line, agents_named, lines_of
from jamsos.domain.participant import (
    Channel,
    Check,
    Participant,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Payer,
    evolve,
)
from jamsos.domain.participant.voiding import voided

A, B, C = (f"agent-00000000-0000-7000-8000-{n:012}" for n in range(3))
WHO = "participant-00000000-0000-7000-8000-000000000000"
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
FIRST = date(2022, 4, 5)


def day(text):
    return date.fromisoformat(text)


def registered(agent=A, on=FIRST, segment=BPU):
    return ParticipantRegistered(
        segment=segment,
        province="51",
        channel=Channel.DIRECT if agent is None else Channel.AGENT,
        agent=agent,
        sponsor=None,
        changes=(),
        on=on,
    )


def transferred(on, agent=None, branch=None, segment=BPU):
    return ParticipantTransferred(segment=segment, agent=agent, branch=branch, changes=(), on=on)


def left(on, reason=LeavingReason.LEFT_WORK):
    return ParticipantLeft(segment=None, reason=reason, changes=(), on=on)


def came_back(on, agent=A):
    return ParticipantCameBack(segment=BPU, province="51", agent=agent, changes=(), on=on)


def paid(reference, months, on=FIRST, *, amount=16_800, due=None, programmes=("jkk",), segment=BPU):
    check = (
        None if due is None else Check(sector="other", budget="own", due=due, credit=0, rules=())
    )
    return ParticipantContributionPaid(
        segment=segment,
        reference=reference,
        programmes=programmes,
        months=Months.parse(months if "/" in months else f"{months}/{months}"),
        income=1_000_000,
        amount=amount,
        payer=Payer.SELF,
        check=check,
        changes=(),
        on=on,
    )


def corrected(reference, on=FIRST):
    return ParticipantContributionCorrected(
        segment=BPU, corrects=reference, reason="mistake", changes=(), on=on
    )


def told(*events):
    """Return the participant whom *events* make, in the order of telling."""
    person = Participant(id=WHO)
    for event in events:
        person = evolve(person, event)
    return person


def lines(*events):
    return lines_of(told(*events))


def received(*events):
    """Return the agent and the number of each contribution, by its reference."""
    return {
        line.earned.reference: (line.agent, line.earned.number)
        for line in lines(*events)
        if isinstance(line.earned, Received)
    }


def acquired(*events):
    """Return who acquired the participant, in which month, and with which payment."""
    return [
        (line.agent, str(line.month), line.earned.reference)
        for line in lines(*events)
        if isinstance(line.earned, Acquired)
    ]


# -- Whose a contribution is. ------------------------------------------------------------


def test_nothing_comes_of_those_who_have_not_paid():
    assert lines(registered()) == ()
    assert lines_of(Participant(id=WHO)) == ()


def test_a_contribution_belongs_to_the_agent_and_to_the_month_of_the_day_of_payment():
    new, contribution = lines(registered(), paid("1", "2022-06", day("2022-05-31")))

    assert contribution == Line(
        A,
        Month(2022, 5),
        Received(
            participant=WHO, segment=BPU, reference="1", amount=16_800, months=1, number=1, parts=()
        ),
    )
    assert (new.agent, new.month) == (A, Month(2022, 5))


@pytest.mark.parametrize(("on", "whose"), [("2022-05-09", A), ("2022-05-10", B), ("2022-05-11", B)])
def test_from_the_day_of_the_transfer_on_a_contribution_is_the_new_agents(on, whose):
    hand_over = transferred(day("2022-05-10"), B)
    for order in permutations([hand_over, paid("1", "2022-05", day(on))]):
        assert received(registered(), *order) == {"1": (whose, 1)}


@pytest.mark.parametrize(("on", "found"), [("2022-05-09", {"1": (A, 1)}), ("2022-05-10", {})])
def test_from_the_day_of_leaving_on_a_contribution_is_nobodys(on, found):
    for reason in (LeavingReason.LEFT_WORK, LeavingReason.DEATH):
        assert (
            received(registered(), left(day("2022-05-10"), reason), paid("1", "2022-04", day(on)))
            == found
        )


def test_on_the_day_of_registration_a_contribution_is_the_agents():
    assert received(registered(), paid("1", "2022-04")) == {"1": (A, 1)}


def test_a_contribution_of_a_day_before_the_registration_is_nobodys():
    assert lines(registered(), paid("1", "2022-04", day("2022-04-04"))) == ()


def test_in_the_care_of_a_branch_or_of_nobody_a_contribution_is_nobodys():
    assert received(registered(None), paid("1", "2022-04")) == {}
    to_branch = transferred(FIRST, branch="BDG-1")
    assert received(registered(), to_branch, paid("1", "2022-04")) == {}


def test_a_corrected_payment_brings_nothing():
    assert lines(registered(), paid("1", "2022-04"), corrected("1")) == ()


def test_each_segment_has_a_care_of_its_own():
    facts = (
        registered(),
        registered(B, segment=PU),
        paid("1", "2022-04"),
        paid("2", "2022-04", segment=PU),
    )

    assert received(*facts) == {"1": (A, 1), "2": (B, 1)}
    assert acquired(*facts) == [(A, "2022-04", "1"), (B, "2022-04", "2")]


# -- Which number its first month has. ---------------------------------------------------

TWO_YEARS = [f"20{22 + n // 12}-{n % 12 + 1:02}" for n in range(25)]


def test_months_are_numbered_in_the_order_of_the_calendar_whatever_is_told_first():
    until_23 = [paid(month, month) for month in TWO_YEARS[:23]]
    the_24th, the_25th = (paid(month, month) for month in TWO_YEARS[23:])

    for order in permutations([the_24th, the_25th]):
        found = received(registered(), *until_23, *order)
        assert [found[month][1] for month in TWO_YEARS] == list(range(1, 26))


def test_months_without_a_payment_have_no_number():
    found = received(
        registered(), paid("1", "2022-04"), paid("2", "2022-12/2023-01"), paid("3", "2023-06")
    )

    assert [number for _, number in found.values()] == [1, 2, 4]


@pytest.mark.parametrize("correct", ["", "a", "b"])
def test_months_of_two_programmes_are_counted_once_and_a_correction_of_one_moves_no_number(correct):
    both = [paid("a", "2022-04/2024-03"), paid("b", "2022-04/2024-03", programmes=("jkm",))]
    wrong = [corrected(correct)] if correct else []

    found = received(registered(), *both, *wrong, paid("c", "2024-04"))

    assert found["c"] == (A, 25)
    assert all(number == 1 for name, (_, number) in found.items() if name != "c")


def test_a_correction_of_an_earlier_month_lowers_the_numbers_of_later_ones():
    months = [paid("1", "2022-04"), paid("2", "2022-05"), paid("3", "2022-06")]

    assert received(registered(), *months, corrected("2"))["3"] == (A, 2)


def test_payments_that_overlap_are_numbered_by_their_first_month():
    found = received(registered(), paid("1", "2022-04/2022-06"), paid("2", "2022-06/2022-07"))

    assert [number for _, number in found.values()] == [1, 3]


def test_a_care_begins_anew_with_a_transfer_and_with_a_return():
    facts = (
        registered(),
        paid("1", "2022-04"),
        transferred(day("2022-05-01"), B),
        paid("2", "2022-05", day("2022-05-01")),
        transferred(day("2022-06-01"), A),
        paid("3", "2022-06", day("2022-06-01")),
        left(day("2022-07-01")),
        came_back(day("2022-08-01")),
        paid("4", "2022-08", day("2022-08-01")),
    )

    assert received(*facts) == {"1": (A, 1), "2": (B, 1), "3": (A, 1), "4": (A, 1)}


def test_a_move_and_a_transfer_to_the_same_agent_begin_no_care():
    moved = ParticipantMoved(province="31", changes=(), on=day("2022-05-01"))
    facts = (registered(), paid("1", "2022-04"), moved, transferred(day("2022-05-02"), A))

    assert received(*facts, paid("2", "2022-05", day("2022-05-02")))["2"] == (A, 2)


# -- What of it is for each month. -------------------------------------------------------


def parts(payment):
    [found] = [
        line.earned.parts
        for line in lines(registered(), payment)
        if isinstance(line.earned, Received)
    ]
    return found


def test_what_was_due_for_each_month_is_known_of_a_payment_of_just_that():
    payment = paid("1", "2026-12/2027-01", amount=25_200, due=(8_400, 16_800))
    assert parts(payment) == (8_400, 16_800)


@pytest.mark.parametrize("due", [None, (8_400, 16_801), (8_400, 16_799), (25_200,)])
def test_of_another_amount_and_of_a_payment_that_was_not_checked_it_is_not_known(due):
    assert parts(paid("1", "2026-12/2027-01", amount=25_200, due=due)) == ()


# -- Who acquired the participant, and when. ---------------------------------------------


def test_a_participant_is_acquired_in_the_month_of_the_first_payment_by_day():
    facts = [paid("late", "2022-04", day("2022-06-10")), paid("soon", "2022-05", day("2022-05-10"))]
    for order in permutations(facts):
        assert acquired(registered(), *order) == [(A, "2022-05", "soon")]


def test_of_payments_of_one_day_the_first_month_decides_and_then_the_reference():
    facts = [paid("b", "2022-04"), paid("a", "2022-05"), paid("c", "2022-04")]
    for order in permutations(facts):
        assert acquired(registered(), *order) == [(A, "2022-04", "b")]


def test_when_the_first_payment_is_corrected_the_next_one_acquires():
    facts = [paid("jan", "2022-04", day("2022-04-12")), paid("feb", "2022-05", day("2022-05-05"))]
    for order in permutations(facts):
        assert acquired(registered(), *order, corrected("jan")) == [(A, "2022-05", "feb")]


def test_who_registered_them_acquired_them_also_after_a_transfer():
    facts = (
        registered(),
        transferred(day("2022-05-01"), B),
        paid("1", "2022-05", day("2022-05-02")),
    )

    assert acquired(*facts) == [(A, "2022-05", "1")]
    assert received(*facts) == {"1": (B, 1)}


def test_nobody_is_acquired_by_a_return_or_by_a_payment_after_it():
    away = (registered(), left(day("2022-05-01")))

    assert (
        acquired(*away, came_back(day("2022-06-01")), paid("1", "2022-06", day("2022-06-02"))) == []
    )
    assert (
        acquired(*away, came_back(day("2022-05-01")), paid("1", "2022-06", day("2022-06-02"))) == []
    )
    assert acquired(*away, paid("1", "2022-04", day("2022-05-01"))) == []
    assert acquired(*away, paid("1", "2022-04", day("2022-04-30"))) == [(A, "2022-04", "1")]


def test_nobody_acquired_those_who_came_without_an_agent():
    assert acquired(registered(None), transferred(FIRST, B), paid("1", "2022-04")) == []


def test_after_a_registration_is_voided_the_one_that_stands_decides():
    person = told(registered(A), paid("1", "2022-04"))
    person = evolve(person, voided(person, version=1, reason="mistake", on=FIRST))
    assert lines_of(person) == ()
    assert agents_named(person) == {A}

    right = evolve(person, registered(B))
    assert {(line.agent, type(line.earned)) for line in lines_of(right)} == {
        (B, Acquired),
        (B, Received),
    }
    assert agents_named(right) == {A, B}


def test_after_a_transfer_is_told_otherwise_the_day_that_stands_decides():
    person = told(
        registered(), transferred(day("2022-05-10"), B), paid("1", "2022-05", day("2022-05-05"))
    )
    person = evolve(
        person, participants.void(person, version=2, reason="mistake", on=FIRST).events[0]
    )
    person = evolve(person, transferred(day("2022-05-01"), B))

    assert {line.agent for line in lines_of(person) if isinstance(line.earned, Received)} == {B}


FACTS = st.lists(
    st.sampled_from(
        [
            transferred(day("2022-05-10"), B),
            transferred(day("2022-06-01"), C),
            transferred(day("2022-07-01"), branch="BDG-1"),
            left(day("2022-08-01")),
            *(
                paid(f"{month}-{n}", f"2022-{month:02}", day(f"2022-{month:02}-{n:02}"))
                for month in range(4, 10)
                for n in (1, 10, 28)
            ),
        ]
    ),
    unique=True,
    max_size=10,
)


@given(FACTS.flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_lines_are_the_same_in_every_order_of_telling(orders):
    one, other = orders

    assert lines(registered(), *one) == lines(registered(), *other)


@given(FACTS)
def test_the_months_of_each_care_are_numbered_without_a_gap(facts):
    numbers = {}
    for line in lines(registered(), *facts):
        if isinstance(line.earned, Received):
            numbers.setdefault(line.agent, set()).add(line.earned.number)

    for found in numbers.values():
        assert found == set(range(1, len(found) + 1))
