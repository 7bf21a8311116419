"""What an agent gets for a month: exact to the rupiah, paid once, clawed back when it was wrong."""

from datetime import date

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jamsos
from jamsos import Citation, DatedValue, Month, Months, Refused, Segment, Status
from jamsos.domain.agent import Settlement, TerminationCause, settle
from jamsos.domain.explanation import Certainty
from jamsos.domain.incentive import Acquired, Earning, Received
from jamsos.domain.programme import ProgrammeRuleAmended, evolve
from jamsos.errors import InputError, NotFoundError, RefusedError, RuleNotInForceError
from jamsos.formulas.agent_incentive import agent_incentive
from jamsos.rulebook import everything
from jamsos.rulebook import law as law_of

PERISAI = law_of(everything())["perisai"]
A, B = Month(2018, 1), Month(2022, 4)
BPU, PU = Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER
JANUARY = date(2018, 1, 10)
FEBRUARY = date(2018, 2, 5)


def who(number):
    return f"participant-00000000-0000-7000-8000-{number:012}"


def new(number, programmes=("jht", "jkk", "jkm"), segment=BPU):
    return tuple(
        Acquired(participant=who(n), segment=segment, programmes=programmes, reference="1")
        for n in range(number)
    )


def paid(amount, people=1, months=1, number=1, segment=BPU):
    return tuple(
        Received(
            participant=who(n),
            segment=segment,
            reference="1",
            amount=amount,
            months=months,
            number=number,
        )
        for n in range(people)
    )


def incentive(month, acquired=(), received=(), programme=PERISAI):
    return agent_incentive(
        Earning(programme=programme, month=month, acquired=acquired, received=received)
    )


# -- The examples that were published. -----------------------------------------------


@pytest.mark.parametrize(
    ("month", "people", "each", "acquisition", "contribution", "gross", "agent"),
    [
        (Month(2022, 3), 50, 36_800, 500_000, 138_000, 638_000, 574_200),
        (Month(2022, 4), 50, 36_800, 750_000, 276_000, 1_026_000, 1_026_000),
    ],
    ids=["slide-50 A", "slide-50 B"],
)
def test_the_slide_of_50_workers_comes_out_exact(
    month, people, each, acquisition, contribution, gross, agent
):
    found = incentive(month, new(people), paid(each, people)).value

    assert people * each == 1_840_000
    assert found.acquisition == acquisition
    assert sum(part.incentive for part in found.contributions) == contribution
    assert (found.gross, found.agent) == (gross, agent)


def test_the_agent_of_january_2018_comes_out_exact():
    found = incentive(A, new(2_227, ("jkk", "jkm")), paid(38_902_000)).value

    assert found.gross == 3_417_650
    assert found.gross - found.acquisition == 2_917_650


# -- Both sides of every threshold. --------------------------------------------------


@pytest.mark.parametrize(
    ("month", "number", "amount"),
    [
        (Month(2017, 11), 49, 0),
        (Month(2017, 11), 50, 500_000),
        (Month(2022, 3), 49, 0),
        (Month(2022, 3), 50, 500_000),
        (Month(2022, 3), 5_000, 500_000),
        (Month(2022, 4), 24, 0),
        (Month(2022, 4), 25, 375_000),
        (Month(2022, 4), 26, 390_000),
    ],
)
def test_for_new_participants_there_must_be_enough_of_them(month, number, amount):
    assert incentive(month, new(number)).value.acquisition == amount


def test_before_the_agency_no_rule_says_an_incentive():
    with pytest.raises(RuleNotInForceError):
        incentive(Month(2017, 10))


@pytest.mark.parametrize(
    ("programmes", "each"),
    [(("jht", "jkk", "jkm"), 15_000), (("jkk", "jkm"), 10_000), (("jkk",), 0)],
)
def test_each_new_participant_counts_by_his_programmes(programmes, each):
    answer = incentive(B, new(25, programmes))

    assert answer.value.acquisition == 25 * each
    assert ("for-new-nothing" in [step.key for step in answer.steps]) == (each == 0)


@pytest.mark.parametrize(("month", "counted"), [(A, 30), (B, 0)])
def test_wage_earners_count_as_new_participants_until_2022(month, counted):
    assert len(incentive(month, new(30, segment=PU)).value.acquired) == counted


@pytest.mark.parametrize(
    ("month", "number", "share"),
    [
        (A, 1, 7_500),
        (A, 61, 7_500),
        (A, 600, 7_500),
        (B, 1, 15_000),
        (B, 24, 15_000),
        (B, 25, 5_000),
        (B, 60, 5_000),
        (B, 61, 0),
    ],
)
def test_a_contribution_is_rewarded_by_its_number_in_the_agents_care(month, number, share):
    assert incentive(month, (), paid(100_000, number=number)).value.gross == share


def test_a_payment_over_the_24th_month_is_split_evenly_by_months():
    answer = incentive(B, (), paid(300_000, months=3, number=23))

    assert answer.value.gross == 15_000 + 15_000 + 5_000
    assert "split-by-months" in [step.key for step in answer.steps]


@pytest.mark.parametrize("month", [A, B])
def test_contributions_of_wage_earners_are_rewarded_with_7_and_a_half_per_cent(month):
    answer = incentive(month, (), paid(100_000, segment=PU))

    assert answer.value.gross == 7_500
    assert answer.status is Certainty.NOT_ENCODED


def test_other_segments_are_not_rewarded():
    assert incentive(A, (), paid(100_000, segment=Segment.MIGRANT)).value.gross == 0


@pytest.mark.parametrize(
    ("month", "agent", "office", "pay_by"),
    [(Month(2022, 3), 6_750, 750, None), (Month(2022, 4), 15_000, 1_500, date(2022, 5, 5))],
)
def test_the_office_gets_its_share_out_of_the_incentive_and_later_on_top(
    month, agent, office, pay_by
):
    found = incentive(month, (), paid(100_000)).value

    assert (found.agent, found.office, found.pay_by) == (agent, office, pay_by)


def test_the_explanation_says_what_was_added_to_what():
    text = incentive(B, new(50), paid(36_800, 50)).explain()

    assert "For 50 new participants with JHT, JKK and JKM: Rp 750,000." in text
    assert "Of contributions of Rp 1,840,000, 15 %: Rp 276,000." in text
    assert "The agent gets Rp 1,026,000, and the office Rp 102,600 on top of it." in text


# -- Laws. ---------------------------------------------------------------------------

CONTRIBUTIONS = st.lists(
    st.tuples(
        st.integers(0, 2**50),
        st.integers(1, 24),
        st.integers(1, 70),
        st.sampled_from([BPU, PU]),
    ),
    max_size=8,
)


def contributions(drawn):
    return tuple(
        Received(
            participant=who(n),
            segment=segment,
            reference="1",
            amount=amount,
            months=months,
            number=number,
        )
        for n, (amount, months, number, segment) in enumerate(drawn)
    )


@given(CONTRIBUTIONS, st.integers(0, 60), st.sampled_from([A, B]))
def test_the_incentive_of_a_month_is_the_sum_of_its_parts(drawn, number, month):
    received = contributions(drawn)
    whole = incentive(month, new(number), received).value
    alone = [incentive(month, (), (each,)).value.gross for each in received]

    assert whole.gross == incentive(month, new(number)).value.gross + sum(alone)
    assert whole.agent + (0 if whole.on_top else whole.office) == whole.gross


@given(CONTRIBUTIONS, st.sampled_from([A, B]))
def test_no_part_is_more_than_the_highest_rate_gives(drawn, month):
    for part in incentive(month, (), contributions(drawn)).value.contributions:
        assert 100 * part.incentive <= 15 * part.received.amount


@given(CONTRIBUTIONS, st.integers(0, 60), st.integers(0, 100_000))
def test_a_later_amendment_changes_no_earlier_month(drawn, number, rate):
    amended = ProgrammeRuleAmended(
        rule="incentive-office-share",
        unit="per-100000",
        scope="national",
        value=DatedValue(
            value=rate,
            in_force=date(2022, 5, 1),
            citation=Citation("Example 1/2022"),
            status=Status.ASSUMED,
        ),
        evaluation=None,
        on=date(2022, 4, 20),
    )
    case = (B, new(number), contributions(drawn))

    assert incentive(*case, evolve(PERISAI, amended)) == incentive(*case)


# -- In the registry. ----------------------------------------------------------------


def enrol(registry, agent, number, on=JANUARY, **more):
    """Register somebody through *agent* and pay his first month."""
    registry.register(who(number), province="51", agent=agent, on=on).or_raise()
    pay(registry, number, on=on, **more)


def pay(registry, number, on=JANUARY, reference="1", months=None, amount=16_800, **more):
    month = str(Month.of(on))
    registry.pay(
        who(number),
        reference=reference,
        months=Months.parse(months or f"{month}/{month}"),
        income=1_000_000,
        amount=amount,
        on=on,
        **more,
    ).or_raise()


def award(registry, agent, month=A, on=FEBRUARY):
    return registry.award_incentive(agent, month, on=on)


@pytest.fixture
def registry(registry):
    """Open the desk with what was known of incentives in January 2018."""
    registry.adopt("perisai", on=date(2018, 1, 5)).or_raise()
    return registry


@pytest.fixture
def fifty(registry, agent):
    """Let the agent enrol 50 people in January 2018, each paying Rp 16,800."""
    with registry.batch() as batch:
        for number in range(50):
            enrol(batch, agent, number)
    return agent


def test_a_month_is_awarded_with_its_inputs_and_rules(registry, fifty):
    (event,) = award(registry, fifty).or_raise().events

    assert (event.month, event.acquisition) == (A, 500_000)
    assert (event.agent, event.office) == (506_700, 56_300)
    assert len(event.acquired) == len(event.contributions) == 50
    assert event.contributions[0].incentive == 1_260
    assert event.contributions[0].received == paid(16_800)[0]
    assert "perisai/contribution-incentive/1" in event.rules
    assert "perisai/incentive-office-share/1" in event.rules
    assert event.known_at == registry.last_position() - 1
    assert event.pay_by is None


def test_the_day_by_which_an_incentive_is_paid_stands_in_the_award(registry, agent):
    now = incentive(B, new(25), paid(36_800)).value
    case = Settlement(agent=registry.agent(agent), month=B, incentive=now, on=date(2022, 5, 2))

    (event,) = settle(case, known_at=1, rules=(), policies=()).or_raise().events
    assert event.pay_by == date(2022, 5, 5)


def test_a_month_that_is_awarded_again_gives_nothing_more(registry, fifty):
    award(registry, fifty).or_raise()

    assert award(registry, fifty, on=date(2018, 3, 1)) == jamsos.Accepted()
    assert registry.award_incentives("perisai", A, on=FEBRUARY) == {fifty: jamsos.Accepted()}


def test_what_is_recorded_late_is_awarded_by_itself(registry, fifty):
    award(registry, fifty).or_raise()
    pay(registry, 0, reference="2", months="2018-02/2018-02")
    enrol(registry, fifty, 50)

    (event,) = award(registry, fifty).or_raise().events
    assert [part.received.reference for part in event.contributions] == ["2", "1"]
    assert event.acquisition == 0
    assert (event.agent, event.office) == (2_268, 252)


def test_a_threshold_that_is_reached_late_is_awarded_late(registry, agent):
    for number in range(49):
        enrol(registry, agent, number)
    assert award(registry, agent).or_raise().events[0].acquisition == 0
    enrol(registry, agent, 49)

    (event,) = award(registry, agent).or_raise().events
    assert event.acquisition == 500_000
    assert [each.participant for each in event.acquired] == [who(49)]


def test_what_a_corrected_payment_had_brought_is_clawed_back(registry, fifty):
    enrol(registry, fifty, 50)
    award(registry, fifty).or_raise()
    registry.correct(who(7), corrects="1", on=date(2018, 2, 10)).or_raise()

    (event,) = award(registry, fifty, on=date(2018, 3, 5)).or_raise().events
    assert [part.received.participant for part in event.contributions] == [who(7)]
    assert (event.acquisition, event.agent, event.office) == (0, 1_134, 126)
    assert award(registry, fifty, on=date(2018, 3, 5)) == jamsos.Accepted()


def test_with_the_50th_participant_the_sum_for_acquisitions_is_lost(registry, fifty):
    award(registry, fifty).or_raise()
    registry.correct(who(7), corrects="1", on=date(2018, 2, 10)).or_raise()

    (event,) = award(registry, fifty, on=date(2018, 3, 5)).or_raise().events
    assert event.acquisition == 500_000
    assert (event.agent, event.office) == (451_134, 50_126)
    settled = registry.agent(fifty).incentives[A]
    assert settled.gross == settled.agent + settled.office == 49 * 1_260
    assert {each for each, _ in settled.acquired} == {who(n) for n in range(50) if n != 7}
    enrol(registry, fifty, 50)
    (event,) = award(registry, fifty, on=date(2018, 3, 5)).or_raise().events
    assert [each.participant for each in event.acquired] == [who(50)]
    assert event.acquisition == 500_000


def test_a_payment_made_anew_is_a_new_contribution(registry, fifty):
    award(registry, fifty).or_raise()
    registry.correct(who(7), corrects="1", on=date(2018, 1, 31)).or_raise()
    pay(registry, 7, reference="1b")

    clawed, awarded = award(registry, fifty).or_raise().events
    assert [part.received.reference for part in clawed.contributions] == ["1"]
    assert [part.received.reference for part in awarded.contributions] == ["1b"]
    assert clawed.acquisition == awarded.acquisition == 0


def test_a_whole_programme_is_awarded_agent_by_agent(registry, fifty):
    idle = jamsos.new_agent_id()
    registry.recruit(idle, "perisai", province="32", on=date(2017, 11, 20)).or_raise()

    answers = registry.award_incentives("perisai", A, on=FEBRUARY)
    assert list(answers) == [fifty]
    assert len(answers[fifty].events) == 1
    with pytest.raises(NotFoundError, match="there is no programme 'another'"):
        registry.award_incentives("another", A, on=FEBRUARY)


def test_a_contribution_belongs_to_who_cares_for_the_participant_on_the_day_of_payment(
    registry, agent
):
    other = jamsos.new_agent_id()
    registry.recruit(other, "perisai", province="51", on=date(2017, 11, 20)).or_raise()
    registry.begin_training(other, on=date(2017, 11, 21)).or_raise()
    registry.certify(other, on=date(2017, 11, 28)).or_raise()
    registry.assign(other, on=date(2017, 12, 1)).or_raise()
    enrol(registry, agent, 0)
    award(registry, agent).or_raise()
    registry.transfer(who(0), agent=other, on=date(2018, 1, 11)).or_raise()
    pay(registry, 0, reference="2", months="2018-02/2018-02", on=date(2018, 1, 11))

    answers = registry.award_incentives("perisai", A, on=FEBRUARY)
    assert answers[agent] == jamsos.Accepted()
    (event,) = answers[other].events
    assert [part.received.reference for part in event.contributions] == ["2"]
    assert event.contributions[0].received.number == 1


def test_nothing_comes_of_who_pays_without_an_agent(registry, agent):
    registry.register(who(0), province="51", on=JANUARY).or_raise()
    pay(registry, 0)

    assert registry.award_incentives("perisai", A, on=FEBRUARY) == {}
    assert award(registry, agent) == jamsos.Accepted()


def test_who_left_and_pays_what_he_owes_brings_nothing(registry, agent):
    enrol(registry, agent, 0)
    registry.leave(who(0), reason=jamsos.LeavingReason.LEFT_WORK, on=date(2018, 2, 1)).or_raise()
    pay(registry, 0, on=date(2018, 2, 3), reference="2")

    assert award(registry, agent, Month(2018, 2), date(2018, 3, 1)) == jamsos.Accepted()


def test_who_comes_back_through_an_agent_is_counted_anew_and_is_no_new_participant(registry, agent):
    enrol(registry, agent, 0)
    registry.leave(who(0), reason=jamsos.LeavingReason.LEFT_WORK, on=date(2018, 2, 1)).or_raise()
    back = date(2018, 3, 1)
    registry.come_back(who(0), province="51", agent=agent, on=back).or_raise()
    pay(registry, 0, on=back, reference="3")

    (event,) = award(registry, agent, Month(2018, 3), date(2018, 4, 1)).or_raise().events
    assert event.acquired == ()
    assert event.contributions[0].received.number == 1


def test_a_payment_for_another_programme_has_the_number_of_its_month(registry, agent):
    enrol(registry, agent, 0, months="2018-01/2018-03")
    pay(registry, 0, reference="2", months="2018-03/2018-04", programmes=("jht",))

    (event,) = award(registry, agent).or_raise().events
    assert [part.received.number for part in event.contributions] == [1, 3]


def test_who_was_terminated_is_awarded_nothing_and_owes_back_all_the_same(registry, fifty):
    award(registry, fifty).or_raise()
    pay(registry, 0, reference="2", months="2018-02/2018-02")
    registry.terminate(fifty, cause=TerminationCause.FRAUD, on=FEBRUARY).or_raise()

    (reason,) = award(registry, fifty).reasons
    assert reason.policy == "agent-rights"
    registry.correct(who(7), corrects="1", on=FEBRUARY).or_raise()
    (event,) = award(registry, fifty).or_raise().events
    assert event.acquisition == 500_000
    with pytest.raises(RefusedError):
        award(registry, fifty).or_raise()


@pytest.mark.parametrize(("on", "early"), [(date(2018, 1, 31), True), (date(2018, 2, 1), False)])
def test_a_month_is_awarded_when_it_is_over(registry, fifty, on, early):
    if early:
        with pytest.raises(InputError, match="when the month is over"):
            award(registry, fifty, on=on)
    else:
        assert award(registry, fifty, on=on).or_raise().events


def test_nobody_is_awarded_who_was_never_recruited(registry):
    with pytest.raises(NotFoundError):
        award(registry, jamsos.new_agent_id())


def test_a_month_is_reckoned_for_good_under_the_rules_of_its_first_award(registry, fifty):
    award(registry, fifty).or_raise()
    half = DatedValue(
        value=50_000,
        in_force=date(2018, 1, 1),
        citation=Citation("Example 1/2018"),
        status=Status.ASSUMED,
    )
    registry.amend("perisai", "incentive-office-share", half, on=FEBRUARY).or_raise()
    pay(registry, 0, reference="2", months="2018-02/2018-02")

    (event,) = award(registry, fifty).or_raise().events
    assert (event.agent, event.office) == (1_134, 126)
    assert "perisai/incentive-office-share/1" in event.rules


def test_in_a_batch_what_was_decided_before_counts(registry, agent):
    with registry.batch() as batch:
        enrol(batch, agent, 0)
        (event,) = award(batch, agent).or_raise().events
        batch.correct(who(0), corrects="1", on=FEBRUARY).or_raise()
        (clawed,) = award(batch, agent).or_raise().events

    assert event.agent == clawed.agent == 1_134
    assert registry.agent(agent).incentives[A].gross == 0
    assert award(registry, agent) == jamsos.Accepted()


def test_under_a_command_id_each_agent_is_awarded_alone(registry, fifty):
    first = registry.once("run-2018-01").award_incentive(fifty, A, on=FEBRUARY)

    assert registry.once("run-2018-01").award_incentive(fifty, A, on=FEBRUARY) == first
    assert not hasattr(registry.once("run-2"), "award_incentives")


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["pay", "correct", "award"])), max_size=12
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_is_run_again_no_contribution_is_rewarded_twice(steps):
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=date(2018, 1, 5)).or_raise()
        registry.allot("perisai", 1, on=date(2017, 11, 20)).or_raise()
        agent = jamsos.new_agent_id()
        registry.recruit(agent, "perisai", province="51", on=date(2017, 11, 20)).or_raise()
        registry.begin_training(agent, on=date(2017, 11, 21)).or_raise()
        registry.certify(agent, on=date(2017, 11, 28)).or_raise()
        registry.assign(agent, on=date(2017, 12, 1)).or_raise()
        registry.register(who(0), province="51", agent=agent, on=JANUARY).or_raise()
        for number, what in steps:
            month = f"2018-{number + 1:02}"
            if what == "pay" and str(number) not in registry.participant(who(0)).payments:
                pay(registry, 0, reference=str(number), months=f"{month}/{month}", amount=16_813)
            elif what == "correct" and str(number) in registry.participant(who(0)).payments:
                registry.correct(who(0), corrects=str(number), on=FEBRUARY).or_raise()
            elif what == "award":
                award(registry, agent)
        award(registry, agent)
        settled = registry.agent(agent).incentives.get(A)
        standing = {
            reference
            for reference, payment in registry.participant(who(0)).payments.items()
            if not payment.corrected
        }
        awarded = [
            part.received.reference
            for recorded in registry.history()
            if type(recorded.event).__name__ == "AgentIncentiveAwarded"
            for part in recorded.event.contributions
        ]

    assert len(awarded) == len(set(awarded))
    if settled is not None:
        assert {reference for _, reference in settled.contributions} == standing
        assert settled.gross == len(standing) * 1_260
        assert settled.agent + settled.office == settled.gross


def test_a_refused_award_is_a_value(registry, fifty):
    registry.terminate(fifty, cause=TerminationCause.FRAUD, on=FEBRUARY).or_raise()

    assert isinstance(award(registry, fifty), Refused)
    assert attrs.asdict(registry.agent(fifty))["incentives"] == {}
