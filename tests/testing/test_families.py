"""The ready-made laws hold of the law that ships, and each is broken by what it forbids."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest

from jamsos.commands.agents import Recruit, Resign
from jamsos.commands.contributions import Pay
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.participants import Leave, Move, Register, Transfer
from jamsos.commands.programmes import Amend
from jamsos.commands.seats import Allot
from jamsos.domain.agent import AgentRecruited, Return
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.citation import Citation, Status
from jamsos.domain.decision import Accepted, Reason
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import RuleRef
from jamsos.domain.participant import LeavingReason, ParticipantEvent
from jamsos.domain.programme import Programme
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken, Seating
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Row, Table
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import World, refs
from jamsos.errors import NotFoundError
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.policies.agent_evaluation import RETURN_RULE
from jamsos.rulebook import everything
from jamsos.testing import Broken, Held, Law, NotExercised, examine
from jamsos.testing.families import (
    ALL,
    amendment_leaves_the_past_alone,
    before,
    clean_end_is_reachable,
    commutes,
    conserved,
    due_for,
    idempotent,
    latest_day,
    monotone,
    never_passes,
    never_rejudged,
    nothing_owed_is_stranded,
    order_of_telling_does_not_matter,
    renaming_changes_nothing,
    replay_equals_live,
    round_trip,
    seats_beside_agents,
    seats_beside_issued,
    seats_taken,
)
from jamsos.testing.names import AGENTS, ASSUMED, PEOPLE
from tests.testing.bugs_of_people import OF_PEOPLE
from tests.testing.verbs import verb, verbs
from tests.testing.wrong import Misread, misreading, staging

NO_LAW = Citation("example")
ON = date(2018, 1, 15)


def broken(law: Law, begins: Setting, histories: int = 300, seed: int = 0) -> Broken:
    outcome = examine(law, begins=begins, histories=histories, seed=seed)
    assert isinstance(outcome, Broken), outcome
    return outcome


@pytest.mark.parametrize("law", ALL, ids=lambda law: f"{law.name}: {law.says}")
def test_a_ready_made_law_holds_of_the_law_that_ships(law):
    outcome = examine(law, histories=100)
    assert isinstance(outcome, Held)
    assert not isinstance(outcome, NotExercised)


# -- A measure, before and after each step. ------------------------------------------


def cap_on(world: World, on: date) -> int:
    return world.programme("perisai").rule(CAP, on).value


def test_no_step_takes_the_seats_above_the_cap_and_a_cap_that_is_lowered_takes_none():
    law = never_passes("Seats stay under the cap", seats_taken, cap_on, cite=NO_LAW)
    outcome = examine(law, histories=100)
    assert isinstance(outcome, Held)
    assert outcome.exercised > 100


def test_a_measure_that_passes_its_limit_breaks_the_law_in_the_step_that_does_it():
    law = never_passes("One agent is enough", seats_taken, 1, cite=NO_LAW)
    found = broken(law, setting())
    assert verbs(found.plan).count("recruit") == 2
    assert verb(found.plan[-1]) == "recruit"
    assert found.breaking.why == f"it is 2 after {found.plan[-1].on}, and the limit 1"


def test_a_measure_above_a_limit_that_was_lowered_may_not_rise_again():
    limits = {date(2018, 1, 15): 2, date(2018, 2, 15): 0}
    law = never_passes("x", seats_taken, lambda _, on: limits[on], cite=NO_LAW)
    world = World()
    first, later = limits
    world.ask(Allot("perisai", 4, on=first))
    for agent in AGENTS[:2]:
        step = world.ask(Recruit(agent, "perisai", province="51", on=first))
        law.holds(step, world)
    world.ask(Resign(AGENTS[0], on=later))
    step = world.ask(Recruit(AGENTS[2], "perisai", province="51", on=later))
    with pytest.raises(AssertionError, match="it is 2 after 2018-02-15, and the limit 0"):
        law.holds(step, world)


def keeps_seats(event):
    """Release no seat."""
    return None if isinstance(event, QuotaSeatReleased) else event


def test_a_seat_that_is_not_released_breaks_the_balance_of_seats_and_agents():
    law = conserved("As many seats are taken as agents hold", seats_beside_agents)
    found = broken(law, setting(around=staging(keeps_seats)))
    assert len(found.plan) == 3
    assert found.breaking.why == f"{verb(found.plan[-1])} makes it 1, which was 0"


def loses_seats(decide, command, read, judges):
    """Let seats that are taken back for another region never get there."""
    return [
        (s, d)
        for s, d in decide(command, read, judges)
        if not any(getattr(e, "source", None) == "51" for e in getattr(d, "events", ()))
    ]


def test_seats_that_get_lost_on_the_way_break_the_balance_of_seats_and_what_was_issued():
    law = conserved("Regions have as many seats as were issued", seats_beside_issued)
    assert verb(broken(law, setting(around=loses_seats)).plan[-1]) in {
        "allot",
        "fit_to_cap",
        "move_seats",
        "share_out",
    }


def test_a_conserved_measure_may_be_changed_by_the_events_that_are_excepted_and_no_others():
    both = (QuotaSeatTaken, QuotaSeatReleased)
    assert isinstance(examine(conserved("x", seats_taken, except_by=both), histories=50), Held)
    found = broken(conserved("x", seats_taken, except_by=both[1:]), setting())
    assert verb(found.plan[-1]) == "recruit"


def more_income(says: str = "x") -> Law:
    return monotone(
        says,
        due_for,
        command=Pay,
        argument="income",
        more=lambda income: income + 100_000,
        cite=NO_LAW,
        about=("participants",),
    )


def test_a_bracket_that_is_lower_than_the_one_before_it_breaks_that_more_income_owes_more():
    file = next(f for f in everything() if (f.programme, f.rule) == ("jkk", "bpu-income-brackets"))
    lower = []
    for value in file.values:
        first, second, *rest = value.value.rows
        table = Table((first, Row(second.key, first.value - 500_000), *rest))
        lower.append(attrs.evolve(value, value=table))
    begins = setting([attrs.evolve(file, values=tuple(lower))])
    found = broken(more_income(), begins)
    assert verbs(found.plan) == ["pay"]
    assert "for 1100000, and" in found.breaking.why


# -- What was decided stays. ----------------------------------------------------------


def names_no_rule(event):
    """Let a recruit rest on a rule that there is not."""
    rules = (RuleRef("perisai/agent-cap/99"),)
    return attrs.evolve(event, rules=rules) if isinstance(event, AgentRecruited) else event


def test_a_decision_on_a_rule_that_there_is_not_is_found():
    found = broken(never_rejudged(), setting(around=staging(names_no_rule)))
    assert verbs(found.plan) == ["allot", "recruit"]
    assert found.breaking.why == "it was decided on perisai/agent-cap/99, which there was not"


class Forgets(Misread):
    """Contributions are forgotten once the history is long."""

    def incentive_base(self, agent):
        base = self.right.incentive_base(agent)
        return type(base)() if self.right.known_at() % 3 else base


def test_an_incentive_that_is_taken_back_without_a_correction_is_found():
    found = broken(
        attrs.evolve(never_rejudged(), about=("participants", "agents", "seats", "incentives")),
        setting(around=misreading(Forgets)),
        histories=2_000,
    )
    assert verb(found.plan[-1]) in {"award_incentive", "award_incentives"}
    assert found.breaking.why.endswith("is taken back, and stands")


def newest_rule(case: Return) -> Reason | None:
    newest = case.programme.rules[RETURN_RULE, NATIONAL][-1]
    since = case.agent.deactivated_on
    if since is None or case.on >= months_after(since, newest.value):
        return None
    return Reason(RETURN_RULE, "Too early.", NO_LAW)


def test_a_policy_that_takes_the_newest_value_for_that_of_the_day_judges_the_past_again():
    begins = setting(policies={Return: (newest_rule,)})
    law = attrs.evolve(amendment_leaves_the_past_alone(), about=("seats", "agents"))
    found = broken(law, begins, histories=1_000, seed=1)
    assert "reactivate" in verbs(found.plan)
    assert "reactivate: " in found.breaking.why


# -- The same, asked in another way. ---------------------------------------------------


def moves_twice(command, read, judges):
    """Move a participant who was moved so already once more, a day later."""
    [(stream, moved)] = command.decide(read, judges)
    if not isinstance(moved, Accepted) or moved.events:
        return [(stream, moved)]
    later = attrs.evolve(command, on=command.on + timedelta(days=1))
    return later.decide(read, judges)


def test_a_command_that_does_something_again_when_it_is_asked_again_is_found():
    found = broken(idempotent(), setting(deciders={Move: moves_twice}))
    assert verbs(found.plan) == ["register", "move"]
    assert found.breaking.why == "move happens again: participant.moved.v2"


def test_seats_that_are_moved_again_are_exempt_by_the_type_of_the_command():
    found = broken(idempotent(exempt=()), setting())
    assert verb(found.plan[-1]) == "move_seats"


def numbers(command, read, judges):
    """Give branches numbers in the order in which participants come to them."""
    position = read.source.last_position()
    branch = command.branch and f"BDG-{position}"
    return attrs.evolve(command, branch=branch).decide(read, judges)


def test_a_number_that_is_given_by_turn_does_not_commute():
    found = broken(commutes(), setting(deciders={Transfer: numbers}))
    assert {*verbs(found.plan)} >= {"register", "transfer"}
    assert found.breaking.why.startswith("participant-")


def not_the_first(case: Seating) -> Reason | None:
    if case.agent.id == AGENTS[0]:
        return Reason("example", "Not this one.", NO_LAW)
    return None


def test_a_policy_that_knows_an_agent_by_name_is_found():
    found = broken(renaming_changes_nothing(), setting(policies={Seating: (not_the_first,)}))
    assert verb(found.plan[-1]) == "recruit"
    assert found.breaking.why.startswith("recruit: ")


# -- What is kept. ---------------------------------------------------------------------


def lists(event):
    """Make the changes a list, which is stored as a tuple is."""
    if isinstance(event, ParticipantEvent):
        return attrs.evolve(event, changes=list(event.changes))
    return event


def test_an_event_that_is_read_as_another_breaks_the_round_trip():
    found = broken(round_trip(), setting(around=staging(lists)))
    assert verbs(found.plan) == ["register"]
    assert found.breaking.why == "participant.registered.v1 is read otherwise than it was"


def skips_a_version(command, read, judges):
    """Skip a version where two events of a stream are decided together."""
    steps = command.decide(read, judges)
    if any(decision.events for _, decision in steps if isinstance(decision, Accepted)):
        read.versions[command.agent] += 1
    return steps


def test_a_version_that_is_skipped_breaks_the_replay():
    found = broken(replay_equals_live(), setting(deciders={Resign: skips_a_version}))
    assert verbs(found.plan) == ["allot", "recruit", "resign"]
    assert found.breaking.why == f"version 3 of {AGENTS[0]} follows version 1"


# -- How it can end. --------------------------------------------------------------------


def holds_on(command, read, judges):
    """Let nobody leave who has paid."""
    if command.reason is LeavingReason.OTHER and read.participant(command.participant).payments:
        msg = "a participant who has paid cannot leave"
        raise NotFoundError(msg)
    return command.decide(read, judges)


def test_a_participant_who_can_never_leave_is_found():
    found = broken(clean_end_is_reachable(), setting(deciders={Leave: holds_on}))
    assert verbs(found.plan) == ["register", "pay"]
    assert found.breaking.why.endswith("cannot leave: error: NotFoundError")


def test_a_seat_that_stays_taken_in_the_end_is_found():
    found = broken(clean_end_is_reachable(), setting(around=staging(keeps_seats)))
    assert verbs(found.plan) == ["allot", "recruit"]
    assert found.breaking.why == "1 seats of quota-perisai-national stay taken"


def settles_once(command, read, judges):
    """Never look again at a month that was settled."""
    if command.month in read.agent(command.agent).incentives:
        return [(command.agent, Accepted())]
    return command.decide(read, judges)


def test_an_incentive_that_cannot_be_had_back_is_found():
    found = broken(nothing_owed_is_stranded(), setting(deciders={AwardIncentive: settles_once}))
    assert verbs(found.plan) == [
        "allot",
        "recruit",
        "begin_training",
        "certify",
        "assign",
        "register",
        "pay",
    ]
    assert "for payments that were corrected: nothing new" in found.breaking.why


# -- What they are made of. ---------------------------------------------------------------


def test_the_world_before_a_step_has_neither_its_events_nor_its_streams():
    world = World()
    world.ask(Allot("perisai", 2, on=ON))
    states, events = dict(world.states), list(world.events)
    step = world.ask(Recruit(AGENTS[0], "perisai", province="51", on=ON))
    assert len(step.happened) == 2
    was = before(world, step)
    assert (was.states, was.events) == (states, events)
    assert len(world.events) == 3


def test_nothing_is_due_for_a_command_that_is_no_payment_or_that_no_rule_encodes():
    world = World()
    first = Month.of(ON)
    named = {
        "reference": "1",
        "months": Months.between(first, first),
        "income": 1_000_000,
        "amount": 0,
        "on": ON,
        "segment": "bpu",
    }
    assert due_for(world, Pay(AGENTS[0], **named)) is None
    assert due_for(world, Pay(PEOPLE[0], **{**named, "segment": "pu"})) is None


def test_the_latest_day_of_a_command_is_that_of_its_months_and_values_too():
    first = Month.parse("2018-02")
    months = Months.between(first, first + 1)
    assert latest_day(
        Pay(PEOPLE[0], reference="1", months=months, income=1, amount=1, on=ON)
    ) == date(2018, 3, 31)
    assert latest_day(AwardIncentive(AGENTS[0], first, on=ON)) == date(2018, 2, 28)
    assert latest_day(Resign(AGENTS[0], on=ON)) == ON
    value = DatedValue(value=1, in_force=date(2018, 5, 1), citation=ASSUMED, status=Status.ASSUMED)
    asked = Amend("perisai", CAP, value, on=ON)
    assert latest_day(asked) == date(2018, 5, 1)


def test_an_event_is_decided_on_the_rules_that_it_names_and_that_its_check_names():
    world = World()
    world.ask(Register(PEOPLE[0], province="51", on=ON))
    month = Month.of(ON)
    paid = world.ask(
        Pay(
            PEOPLE[0],
            reference="1",
            months=Months.between(month, month),
            income=1_000_000,
            amount=16_800,
            on=ON,
        )
    )
    named = refs(paid.happened[0].event)
    assert named
    assert all(isinstance(_rule(world, ref), int | tuple | Table) for ref in named)


def _rule(world: World, ref: RuleRef):
    programme: Programme = world.programme(ref.partition("/")[0])
    version = programme.version(ref)
    return None if version is None else version.dated.value


# -- The order of telling. -------------------------------------------------------------


@pytest.mark.parametrize("name", ["a move told late is put last", "a void leaves its change"])
def test_what_is_decided_by_the_order_of_telling_breaks_the_law_that_it_does_not_matter(name):
    (wrong,) = (bug for bug in OF_PEOPLE if bug.name.startswith(name))
    found = broken(order_of_telling_does_not_matter(), wrong.begins(), histories=600)
    assert "register" in verbs(found.plan)
    assert found.breaking.why.endswith("in order of days")


def test_the_order_of_telling_makes_no_difference_where_agents_care_for_participants():
    law = order_of_telling_does_not_matter(about=("seats", "agents", "participants"))
    outcome = examine(law, histories=60)
    assert isinstance(outcome, Held)
    assert outcome.exercised > 30
