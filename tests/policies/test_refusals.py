"""What a refusal says, and which text it rests on: one case for each way to refuse."""

from datetime import date, timedelta

import pytest

import jamsos
from jamsos import Citation, DatedValue, Month, Months, Payer, Status
from jamsos.domain.agent import DeactivationReason, TerminationCause
from jamsos.domain.programme import Amendment, Outcome, Programme
from jamsos.policies.programme_evaluation import raised_only_after_evaluation

TODAY = date(2018, 3, 1)
QUESTIONS = "BPJS Ketenagakerjaan, questions and answers on the agency system"
EKSPRES = "Jabar Ekspres, 4-5 January 2018"
RECORD = "jamsos, rules of the record"
PRESIDENT = "Statement of the president director, Bisnis.com and Kompas, 5-6 February 2018"
PERDIR = "Perdir 22/PERDIR.02/072022"


def said(answer):
    """Return the policy, the sentence and the text cited of each reason."""
    return [(r.policy, r.explanation, r.citation.instrument) for r in answer.reasons]


def dated(value, in_force=date(2018, 1, 1), until=None):
    return DatedValue(
        value=value,
        in_force=in_force,
        until=until,
        citation=Citation("Example 1/2018"),
        status=Status.ASSUMED,
    )


# -- The cap. --------------------------------------------------------------------------


@pytest.fixture
def capped():
    """Open a desk with a cap of 2 agents, and of 1 in Bali from 2018 on."""
    with jamsos.open(":memory:") as desk:
        on = date(2018, 1, 1)
        desk.enact("perisai", "agent-cap", unit="agents", values=[dated(2)], on=on).or_raise()
        desk.enact(
            "perisai", "agent-cap", unit="agents", values=[dated(1)], scope="51", on=on
        ).or_raise()
        yield desk


def recruit(desk, region="national", province="51"):
    asked = {"province": province, "region": region, "on": TODAY}
    return desk.recruit(jamsos.new_agent_id(), "perisai", **asked)


def test_no_more_seats_are_allotted_than_the_cap_allows_in_all_or_to_a_region(capped):
    assert said(capped.allot("perisai", 3, on=TODAY)) == [
        (
            "agent-cap",
            "3 seats would be issued in all: from 2018-01-01 on the cap is 2 agents.",
            "Example 1/2018",
        )
    ]
    capped.allot("perisai", 2, on=TODAY).or_raise()
    assert said(capped.allot("perisai", 2, region="51", on=TODAY)) == [
        (
            "agent-cap",
            "2 seats would be allotted to region 51: from 2018-01-01 on the cap is 1 agent.",
            "Example 1/2018",
        )
    ]


def test_nobody_is_seated_where_there_are_no_seats(capped):
    assert said(recruit(capped, "51"))[0][1] == (
        "There are no seats in region 51: 2 more may be allotted under the cap; allot them first."
    )


def test_nobody_is_seated_where_all_seats_are_taken(capped):
    capped.allot("perisai", 2, on=TODAY).or_raise()
    capped.allot("perisai", 1, region="51", on=TODAY).or_raise()
    recruit(capped, "51").or_raise()

    assert said(recruit(capped, "51")) == [
        (
            "agent-cap",
            "The only seat in region 51 is taken: from 2018-01-01 on the cap is 1 agent.",
            "Example 1/2018",
        )
    ]


def test_nobody_is_seated_over_the_cap_of_his_region(capped):
    later = dated(0, in_force=date(2018, 2, 1), until=date(2018, 12, 31))
    capped.allot("perisai", 2, on=TODAY).or_raise()
    capped.allot("perisai", 1, region="51", on=TODAY).or_raise()
    capped.amend("perisai", "agent-cap", later, scope="51", on=TODAY).or_raise()

    assert said(recruit(capped, "51")) == [
        (
            "agent-cap",
            (
                "0 agents hold seats in region 51 already: from 2018-02-01 to 2018-12-31 the cap is"
                " 0 agents."
            ),
            "Example 1/2018",
        )
    ]


def test_nobody_is_seated_after_the_cap_was_lowered(capped):
    capped.allot("perisai", 2, on=TODAY).or_raise()
    recruit(capped).or_raise()
    lower = dated(1, in_force=date(2018, 2, 1))
    capped.amend("perisai", "agent-cap", lower, on=TODAY).or_raise()

    assert said(recruit(capped)) == [
        (
            "agent-cap",
            "1 agent holds a seat already: from 2018-02-01 on the cap is 1 agent.",
            "Example 1/2018",
        )
    ]


def test_nobody_is_seated_in_a_region_while_more_seats_are_issued_than_a_lowered_cap(capped):
    capped.allot("perisai", 2, on=TODAY).or_raise()
    capped.move_seats("perisai", 1, source="national", to="52", on=TODAY).or_raise()
    lower = dated(1, in_force=date(2018, 2, 1))
    capped.amend("perisai", "agent-cap", lower, on=TODAY).or_raise()

    assert said(recruit(capped, "52", "52")) == [
        (
            "agent-cap",
            (
                "2 seats are issued, more than the cap allows; take free ones back: from 2018-02-01"
                " on the cap is 1 agent."
            ),
            "Example 1/2018",
        )
    ]


# -- The programme's evaluation. --------------------------------------------------------


def cap(registry, number, *, evaluation=None, on=TODAY, **more):
    value = dated(number, in_force=date(2019, 1, 1))
    return registry.amend("perisai", "agent-cap", value, on=on, evaluation=evaluation, **more)


def evaluated(outcome, why):
    return [
        (
            "programme-evaluation",
            f"The cap may be raised from 10,000 to {outcome} only after an evaluation{why}.",
            PRESIDENT,
        )
    ]


def test_the_cap_is_not_raised_without_an_evaluation_that_says_so(registry):
    assert said(cap(registry, 10_001)) == evaluated("10,001", ": name one that is concluded")
    registry.open_evaluation("perisai", "growth", trigger="5,000", on=TODAY).or_raise()
    assert said(cap(registry, 10_001, evaluation="growth")) == evaluated(
        "10,001", ": 'growth' is not concluded on 2018-03-01"
    )
    registry.conclude_evaluation(
        "perisai",
        "growth",
        outcome=Outcome.KEEP,
        month=Month(2018, 2),
        after_months=3,
        on=TODAY,
    ).or_raise()
    assert said(cap(registry, 10_001, evaluation="growth")) == evaluated(
        "10,001", " that says so: 'growth' says keep"
    )


def test_a_regions_cap_is_raised_from_its_own(registry):
    first = dated(100, in_force=date(2018, 1, 1))
    registry.enact(
        "perisai", "agent-cap", unit="agents", values=[first], scope="51", on=TODAY
    ).or_raise()

    (reason,) = cap(registry, 101, scope="51").reasons
    assert reason.explanation.startswith("The cap may be raised from 100 to 101 only")
    assert cap(registry, 100, scope="51").or_raise()


def test_before_its_first_day_a_cap_is_raised_from_the_highest_ever_enacted(registry):
    early = date(2017, 1, 1)

    for number, refused in ((10_000, False), (10_001, True)):
        case = Amendment(
            programme=registry.programme("perisai"),
            rule="agent-cap",
            scope="national",
            value=dated(number, in_force=early, until=early),
            evaluation=None,
            on=TODAY,
        )
        assert (raised_only_after_evaluation(case) is not None) == refused


@pytest.mark.parametrize(("number", "refused"), [(0, False), (1, True)])
def test_a_cap_that_was_never_enacted_is_raised_from_nothing(number, refused):
    case = Amendment(
        programme=Programme("perisai"),
        rule="agent-cap",
        scope="national",
        value=dated(number),
        evaluation=None,
        on=TODAY,
    )

    assert (raised_only_after_evaluation(case) is not None) == refused


# -- Agents. ----------------------------------------------------------------------------


def test_an_agent_takes_one_step_after_another(registry):
    name = jamsos.new_agent_id()
    registry.recruit(name, "perisai", province="51", on=date(2017, 11, 20)).or_raise()

    for answer in (registry.certify(name, on=TODAY), registry.assign(name, on=TODAY)):
        ((policy, sentence, instrument),) = said(answer)
        assert policy == "agent-lifecycle"
        assert sentence.startswith("An agent who is recruited cannot be ")
        assert instrument == QUESTIONS
    registry.resign(name, on=TODAY).or_raise()
    assert said(registry.recruit(name, "perisai", province="51", on=TODAY)) == [
        ("agent-lifecycle", "An agent who is resigned cannot be recruited again.", EKSPRES)
    ]
    assert said(registry.deactivate(name, on=TODAY)) == [
        ("agent-lifecycle", "An agent who is resigned cannot be deactivated.", EKSPRES)
    ]


def test_nobody_is_enrolled_by_whose_account_is_not_active(registry, agent):
    def enrol(by, on=TODAY):
        answer = registry.register(jamsos.new_participant_id(), province="51", agent=by, on=on)
        return said(answer)

    recruited = jamsos.new_agent_id()
    registry.recruit(recruited, "perisai", province="51", on=date(2017, 11, 20)).or_raise()

    assert enrol(recruited) == [
        ("registration", "The agent's account is not active: the agent is recruited.", QUESTIONS)
    ]
    assert enrol(agent, on=date(2017, 11, 30)) == [
        ("registration", "The agent's account is active only since 2017-12-01.", QUESTIONS)
    ]
    registry.deactivate(agent, reason=DeactivationReason.OFFICE, on=TODAY).or_raise()
    assert enrol(agent, on=TODAY + timedelta(days=1)) == [
        ("registration", "The agent's account is not active: the agent is deactivated.", EKSPRES)
    ]


def test_nothing_is_awarded_to_who_was_terminated(registry, agent):
    registry.adopt("perisai", on=date(2018, 1, 5)).or_raise()
    who = jamsos.new_participant_id()
    registry.register(who, province="51", agent=agent, on=date(2018, 1, 5)).or_raise()
    pay(registry, who, "2018-01/2018-01", on=date(2018, 1, 5)).or_raise()
    registry.terminate(agent, cause=TerminationCause.FRAUD, on=TODAY).or_raise()

    assert said(registry.award_incentive(agent, Month(2018, 1), on=TODAY)) == [
        (
            "agent-rights",
            "The agent was terminated, with the loss of all rights: nothing is awarded to them.",
            EKSPRES,
        )
    ]


# -- Contributions. ----------------------------------------------------------------------


def pay(registry, who, months, amount=16_800, on=TODAY, **more):
    return registry.pay(
        who,
        **{"reference": months, "income": 1_000_000, **more},
        months=Months.parse(months),
        amount=amount,
        on=on,
    )


def test_a_month_is_paid_once_and_only_where_he_is_registered(registry):
    who = jamsos.new_participant_id()
    registry.register(who, province="51", on=date(2018, 2, 5)).or_raise()
    pay(registry, who, "2018-02/2018-02").or_raise()

    assert said(pay(registry, who, "2018-01/2018-01")) == [
        (
            "coverage",
            "The participant is not registered in segment bpu for 2018-01/2018-01.",
            RECORD,
        )
    ]
    assert said(pay(registry, who, "2018-02/2018-03", reference="2")) == [
        ("coverage", "Contributions are paid already for 2018-02/2018-02.", RECORD)
    ]


@pytest.fixture
def checked():
    """Open a desk with the law of JKK, JKM and JHT, which was known in January 2026."""
    with jamsos.open(":memory:") as desk:
        for programme in ("jkk", "jkm", "jht"):
            desk.adopt(programme, on=date(2026, 1, 1)).or_raise()
        yield desk


@pytest.fixture
def who(checked):
    name = jamsos.new_participant_id()
    checked.register(name, province="51", on=date(2025, 1, 20)).or_raise()
    return name


def test_an_amount_that_is_not_due_cites_the_rule_of_the_first_programme(checked, who):
    january = date(2025, 1, 20)

    assert said(pay(checked, who, "2025-01/2025-01", 16_801, january)) == [
        (
            "payment",
            (
                "Rp 16,800 is due for 2025-01/2025-01, and Rp 16,801 is paid: nothing credits what"
                " is over."
            ),
            "PP 44/2015",
        )
    ]
    of_jkm = pay(checked, who, "2025-01/2025-01", 1, january, programmes=("jkm",))
    assert (
        of_jkm.reasons[0].citation == checked.programme("jkm").rule("bpu-amount", january).citation
    )
    of_jht = pay(checked, who, "2025-01/2025-01", 1, january, programmes=("jht",))
    assert of_jht.reasons[0].citation == checked.programme("jht").rule("bpu-rate", january).citation


def test_another_number_of_months_at_once_than_the_rule_names_cites_it(checked, who):
    assert said(pay(checked, who, "2025-01/2025-04", 67_200, date(2025, 1, 20))) == [
        (
            "payment",
            "Contributions are paid for 1, 2, 3, 6, 12 months at once, not for 4.",
            "No source",
        )
    ]


def test_who_was_added_by_a_sponsor_is_not_covered_before_his_registration(checked):
    who = jamsos.new_participant_id()
    checked.register(who, province="51", on=date(2025, 1, 20)).or_raise()
    checked.leave(who, reason="other", on=date(2025, 1, 20)).or_raise()
    checked.come_back(who, province="51", on=date(2025, 2, 1)).or_raise()

    answer = pay(checked, who, "2025-01/2025-02", 33_600, date(2025, 2, 1), payer=Payer.SPONSOR)
    assert said(answer)[-1] == (
        "payment",
        "Coverage begins on 2025-02-01: 2025-01/2025-01 cannot be paid for.",
        PERDIR,
    )


def test_arrears_from_before_a_gap_that_was_too_long_can_no_longer_be_paid(checked, who):
    for months, on in (("2025-01", date(2025, 1, 20)), ("2025-06", date(2025, 6, 2))):
        pay(checked, who, f"{months}/{months}", on=on).or_raise()

    assert said(pay(checked, who, "2025-02/2025-02", on=date(2025, 7, 1))) == [
        ("payment", "The arrears of 2025-02/2025-02 can no longer be paid.", PERDIR)
    ]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (("jkk", "jkm"), ("jht",)),
        (("jht",), ("jht",)),
        (("jht",), ("jht", "jkk")),
    ],
)
def test_who_has_paid_for_any_programme_was_covered_and_may_lapse(checked, who, before, now):
    january, june = date(2025, 1, 20), date(2025, 6, 1)
    due = {"jkk": 10_000, "jkm": 6_800, "jht": 20_000}
    first = sum(due[each] for each in before)
    pay(checked, who, "2025-01/2025-01", first, january, programmes=before).or_raise()

    later = 2 * sum(due[each] for each in now)
    assert said(pay(checked, who, "2025-05/2025-06", later, june, programmes=now)) == [
        (
            "payment",
            "The participation has lapsed: the arrears of 2025-05/2025-05 are not counted.",
            PERDIR,
        )
    ]
