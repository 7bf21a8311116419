"""Facts about agents that are told late, out of order or again: what is recorded, and what not."""

from datetime import date

import pytest

import jamsos
from jamsos import Accepted, Month
from jamsos.domain.agent import AgentStatus, DeactivationReason, Held
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.errors import InputError
from tests.registry.beginnings import adopted, at_work

DECEMBER, MARCH, APRIL = date(2017, 12, 1), date(2018, 3, 1), date(2018, 4, 1)
SEPTEMBER, LAST = date(2018, 9, 1), date(2018, 12, 1)
OFFICE = DeactivationReason.OFFICE


def register(registry, agent, on):
    return registry.register(jamsos.new_participant_id(), province="51", agent=agent, on=on)


def taken(answer):
    """Return the change of seats by day that *answer* records."""
    events = [
        e for e in answer.or_raise().events if isinstance(e, QuotaSeatTaken | QuotaSeatReleased)
    ]
    return [(1 if isinstance(e, QuotaSeatTaken) else -1, e.on) for e in events]


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        (date(2017, 11, 30), False),
        (DECEMBER, True),
        (date(2018, 3, 5), True),
        (APRIL, True),
        (date(2018, 4, 2), False),
    ],
)
def test_an_enrolment_told_late_is_judged_by_the_account_of_its_day(registry, agent, day, accepted):
    registry.deactivate(agent, on=APRIL, reason=OFFICE).or_raise()

    assert isinstance(register(registry, agent, day), Accepted) == accepted


def test_the_refusal_of_an_enrolment_says_how_the_agent_stood_on_that_day(registry, agent):
    registry.deactivate(agent, on=APRIL, reason=OFFICE).or_raise()
    registry.resign(agent, on=LAST).or_raise()

    (reason,) = register(registry, agent, date(2018, 4, 2)).reasons

    said = "The agent's account is not active: on 2018-04-02 the agent is deactivated."
    assert (reason.explanation, reason.citation.source) == (said, "S20")


def test_idleness_is_judged_by_the_acquisitions_up_to_the_day(registry, agent):
    for day in (date(2017, 12, 5), date(2018, 4, 20)):
        register(registry, agent, day).or_raise()

    assert registry.deactivate(agent, on=APRIL).or_raise().events[0].idle_months == 3


def test_a_return_told_after_a_resignation_takes_the_seat_until_then(registry, agent):
    registry.deactivate(agent, on=MARCH, reason=OFFICE).or_raise()
    registry.resign(agent, on=LAST).or_raise()

    assert taken(registry.reactivate(agent, on=SEPTEMBER)) == [(1, SEPTEMBER), (-1, LAST)]
    assert registry.agent(agent).seats == (
        Held("national", date(2017, 11, 20), MARCH),
        Held("national", SEPTEMBER, LAST),
    )
    assert registry.quota("perisai").taken == 0


def test_a_return_is_judged_by_the_deactivation_in_force_on_its_day(registry, agent):
    registry.deactivate(agent, on=MARCH, reason=OFFICE).or_raise()
    registry.reactivate(agent, on=SEPTEMBER).or_raise()
    registry.deactivate(agent, on=date(2018, 10, 1), reason=OFFICE).or_raise()

    (reason,) = registry.reactivate(agent, on=date(2018, 12, 31)).reasons
    assert "deactivated on 2018-10-01" in reason.explanation


def test_an_end_told_for_an_earlier_day_releases_the_seat_from_that_day_to_the_other(
    registry, agent
):
    idle = registry.deactivate(agent, on=date(2018, 5, 1))
    assert taken(idle) == [(-1, date(2018, 5, 1))]

    assert taken(registry.resign(agent, on=APRIL)) == [(-1, APRIL), (1, date(2018, 5, 1))]
    assert registry.quota("perisai").taken == 0
    assert registry.agent(agent).seats == (Held("national", date(2017, 11, 20), APRIL),)


def test_a_second_resignation_of_another_day_is_an_error_that_says_what_stands(registry, agent):
    registry.resign(agent, on=MARCH).or_raise()

    assert registry.resign(agent, on=MARCH) == Accepted()
    for other in (date(2018, 2, 28), date(2018, 3, 2)):
        with pytest.raises(InputError, match=r"they resign on 2018-03-01 .*void that first"):
            registry.resign(agent, on=other)


def test_a_recruitment_for_another_programme_is_an_error_that_names_what_stands(registry):
    registry.enact(
        "mitra",
        "agent-cap",
        unit="agents",
        values=[
            jamsos.DatedValue(
                value=10,
                in_force=date(2017, 11, 1),
                citation=jamsos.Citation("Example 1/2018"),
                status=jamsos.Status.ASSUMED,
            )
        ],
        on=date(2017, 11, 20),
    ).or_raise()
    registry.allot("mitra", 1, on=date(2017, 11, 20)).or_raise()
    agent, asked = jamsos.new_agent_id(), {"province": "51", "on": date(2017, 11, 21)}
    registry.recruit(agent, "mitra", **asked).or_raise()

    with pytest.raises(InputError, match="recruited for mitra on 2017-11-21, in province 51"):
        registry.recruit(agent, "perisai", **asked)
    assert registry.recruit(agent, "mitra", **asked) == Accepted()


def test_an_evaluation_asked_again_for_a_later_day_leaves_those_alone_who_are_away(registry):
    agent = at_work(registry)
    assert list(registry.evaluate_agents("perisai", on=date(2018, 4, 2))) == [agent]

    for day in (date(2018, 4, 2), date(2018, 4, 3), date(2018, 7, 2)):
        assert registry.evaluate_agents("perisai", on=day) == {}


def test_an_evaluation_asked_for_an_earlier_day_deactivates_from_that_day(registry):
    agent = at_work(registry)
    registry.evaluate_agents("perisai", on=date(2018, 6, 4))

    answers = registry.evaluate_agents("perisai", on=date(2018, 4, 2))

    assert taken(answers[agent]) == [(-1, date(2018, 4, 2)), (1, date(2018, 6, 4))]
    assert registry.agent(agent).deactivated_on == date(2018, 4, 2)


def test_an_evaluation_of_an_earlier_day_leaves_alone_whom_the_office_ended_later(registry):
    agent = at_work(registry)
    registry.deactivate(agent, on=date(2018, 6, 4), reason=OFFICE).or_raise()

    assert registry.evaluate_agents("perisai", on=date(2018, 4, 2)) == {}
    assert registry.agent(agent).status_on(date(2018, 6, 3)) is AgentStatus.ACTIVE


def test_an_evaluation_measures_those_who_held_a_seat_at_the_end_of_the_month(registry):
    first, second = (jamsos.new_agent_id() for _ in range(2))
    for agent in (first, second):
        registry.recruit(agent, "perisai", province="51", on=date(2017, 11, 21)).or_raise()
    registry.resign(first, on=date(2018, 1, 10)).or_raise()
    registry.recruit(
        jamsos.new_agent_id(), "perisai", province="51", on=date(2018, 1, 10)
    ).or_raise()
    registry.resign(second, on=date(2017, 12, 31)).or_raise()
    registry.open_evaluation("perisai", "first", trigger="x", on=date(2018, 2, 1)).or_raise()

    answer = registry.conclude_evaluation(
        "perisai",
        "first",
        outcome=jamsos.Outcome.KEEP,
        month=Month(2017, 12),
        after_months=3,
        on=date(2018, 2, 1),
    )

    assert answer.or_raise().events[0].measures.agents == 1


def test_registries_that_were_told_in_two_orders_know_the_same_of_the_agent():
    seen = []
    for order in ((0, 1, 2), (0, 2, 1)):
        with jamsos.open(":memory:") as registry:
            agent = at_work(adopted(registry))
            steps = (
                lambda r, a: r.deactivate(a, on=MARCH, reason=OFFICE),
                lambda r, a: r.reactivate(a, on=SEPTEMBER),
                lambda r, a: r.resign(a, on=LAST),
            )
            for number in order:
                steps[number](registry, agent).or_raise()
            found = registry.agent(agent)
            days = [found.status_on(d) for d in (DECEMBER, MARCH, SEPTEMBER, LAST)]
            seen.append((days, found.seats, registry.quota("perisai").taken))
    assert seen[0] == seen[1]
