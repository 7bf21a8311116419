"""Wrong rules about accounts and seats: by the last that is known, where the day is meant."""

from __future__ import annotations

from typing import Any, Final

from jamsos.commands.command import Steps
from jamsos.commands.facts import Void
from jamsos.commands.participants import ComeBack, Register, Transfer
from jamsos.commands.reading import Reading
from jamsos.domain import participant as participants
from jamsos.domain.agent import CONDUCT, Agent, AgentFact, AgentFactVoided, AgentStatus
from jamsos.domain.decision import Accepted, Decision, Reason, Refused
from jamsos.domain.participant import Enrolment
from jamsos.domain.quota import Allotment, Quota, QuotaAllotted, QuotaSeatTaken, Seating
from jamsos.engine.session import Decider
from jamsos.engine.world import Asked
from jamsos.policies import agent_cap
from jamsos.policies.coverage import CITATION as RECORD
from jamsos.policies.standard import Judges
from jamsos.testing import World, law, only_if
from jamsos.testing.families.worlds import agents_of
from jamsos.testing.names import PROGRAMME
from tests.testing.bugs import Bug

# -- A3: the account of an agent. -------------------------------------------------------


@law(
    "An agent enrols and takes into care on the days on which the account is active, and no others",
    cite=CONDUCT,
    about=("seats", "agents", "participants"),
)
def accounts_by_the_day(command: Asked, answer: Decision[Any] | Exception, world: World) -> None:
    only_if(isinstance(command, Register | ComeBack | Transfer) and command.agent is not None)
    assert isinstance(command, Register | ComeBack | Transfer)
    assert command.agent is not None
    only_if(isinstance(answer, Refused) or (isinstance(answer, Accepted) and answer.events))
    days = world.agent(command.agent).active_days
    active = any(one <= command.on and (last is None or command.on <= last) for one, last in days)
    said = "refused" if isinstance(answer, Refused) else "granted"
    assert active == (said == "granted"), f"{said} on {command.on}, by an account active on {days}"


def by_the_last_status(case: Enrolment | participants.Transfer) -> Reason | None:
    """Look at the status after everything that is known, whatever the day."""
    if case.agent is None or case.agent.status is AgentStatus.ACTIVE:
        return None
    return Reason("registration", "The agent's account is not active.", CONDUCT)


# -- A1, L5: seats and caps on every day. -----------------------------------------------


@law("On no day are more seats taken than there are", cite=RECORD)
def seats_on_every_day(event: QuotaSeatTaken, after: Quota, world: World) -> None:
    quota = world.quota(after.programme, after.region)
    for day in quota.days(event.on):
        there = quota.at(day)
        assert there.taken <= there.allotted, f"{there.taken} of {there.allotted} on {day}"


def free_by_the_total(case: Seating) -> Reason | None:
    """Count the seats that are free after everything that is known, whatever the day."""
    allotted = min(case.quota.at(day).allotted for day in case.quota.days(case.on))
    full = case.quota.taken >= allotted
    return Reason(agent_cap.ALLOTMENT, "No seat is free.", RECORD) if full else None


@law(
    "Seats are issued under the cap of each day from the one on which they are allotted",
    cite="Bisnis.com, 5-6 February 2018, at most 10,000 agents to the end of 2018",
)
def issued_under_each_cap(event: QuotaAllotted, world: World) -> None:
    only_if(event.source is None)
    programme, nation = world.programme(PROGRAMME), world.quota(PROGRAMME)
    begin = {cap.dated.in_force for cap in programme.rules[agent_cap.RULE, "national"]}
    for day in sorted({*begin, *nation.days(event.on)}):
        cap = programme.in_force(agent_cap.RULE, day) if day >= event.on else None
        issued = nation.at(day).issued
        assert cap is None or issued <= cap.value, f"{issued} on {day}, under {cap}"


def under_the_cap_of_the_day(case: Allotment) -> Reason | None:
    """Look at the cap of the day that is asked for, and at no later one."""
    cap, *_ = agent_cap.in_force(case.programme, case.quota.region, case.on)
    new = case.seats if case.source is None else 0
    issued = case.national.at(case.on).issued + new
    return Reason(agent_cap.RULE, "Too many.", cap.citation) if issued > cap.value else None


# -- L4: a seat that a void restores. ---------------------------------------------------


@law(
    "A seat is taken for each agent who holds one, on every day, whatever is voided",
    cite=RECORD,
    about=("seats", "agents"),
)
def a_seat_for_each_holder(before: Agent, event: AgentFactVoided, world: World) -> None:
    for region in {held.region for held in before.seats}:
        quota = world.quota(PROGRAMME, region)
        for day in quota.days(event.fact_on):
            taken = quota.at(day).taken
            hold = sum(agent.seat_on(day) == region for agent in agents_of(world))
            assert taken == hold, f"{taken} seats of {region} are taken on {day}, and {hold} held"


def not_restored(decide: Decider, command: Any, read: Reading, judges: Judges) -> Steps[Any]:
    """Void the end of an agent's work, and leave the seat with those who may want it."""
    steps = decide(command, read, judges)
    if not isinstance(command, Void) or not any(map(_voids_an_end, steps)):
        return steps
    return [
        (stream, Accepted(*(e for e in decision.events if not isinstance(e, QuotaSeatTaken))))
        if isinstance(decision, Accepted)
        else (stream, decision)
        for stream, decision in steps
    ]


def _voids_an_end(step: tuple[str, Decision[Any]]) -> bool:
    _, decision = step
    return isinstance(decision, Accepted) and any(
        isinstance(event, AgentFactVoided) and event.fact in _ENDS for event in decision.events
    )


_ENDS: Final = {AgentFact.DEACTIVATED, AgentFact.RESIGNED, AgentFact.TERMINATED}

OF_SEATS: Final = (
    Bug(
        name="an account judged by its last status",
        law=accounts_by_the_day,
        shortest=6,
        policies={
            Enrolment: (by_the_last_status,),
            participants.Transfer: (by_the_last_status,),
        },
    ),
    Bug(
        name="a seat free by the total",
        law=seats_on_every_day,
        shortest=4,
        policies={Seating: (free_by_the_total,)},
    ),
    Bug(
        name="the cap of the day alone",
        law=issued_under_each_cap,
        shortest=2,
        policies={Allotment: (under_the_cap_of_the_day,)},
    ),
    Bug(
        name="a void restores no seat",
        law=a_seat_for_each_holder,
        shortest=4,
        around=not_restored,
    ),
)
