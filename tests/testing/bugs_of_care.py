"""Wrong rules about the incentives of agents: care, first contributions and numbers by telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import Any, Final

import attrs

from jamsos.commands.command import Steps
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.reading import Reading
from jamsos.domain.agent import Agent, AgentIncentiveAwarded, AgentIncentiveClawedBack
from jamsos.domain.calendar import Month
from jamsos.domain.coverage import NO_MONTHS
from jamsos.domain.decision import Accepted, Decision
from jamsos.domain.identity import AgentId
from jamsos.domain.incentive import Acquired, Received
from jamsos.domain.lines import Line, lines_of
from jamsos.domain.participant import Participant, Payment
from jamsos.domain.participant.life import life_of
from jamsos.engine.session import Around, Decider
from jamsos.engine.world import Asked
from jamsos.policies.standard import Judges
from jamsos.projections.incentive_base import IncentiveBase
from jamsos.testing import World, law, only_if
from jamsos.testing.names import AGENTS
from tests.testing.bugs import Bug
from tests.testing.wrong import Misread, misreading

PERISAI: Final = "BPJS Ketenagakerjaan, agency system, incentives of agents"
INCENTIVES: Final = ("seats", "agents", "participants", "incentives")


def bringing(lines: Callable[[Participant], Iterable[Line]]) -> Around:
    """Let participants bring these *lines* to their agents."""

    class Bringing(Misread):
        def incentive_base(self, agent: AgentId) -> IncentiveBase:
            self.right.incentive_base(agent)
            people = [s for s in self.right.states.values() if isinstance(s, Participant)]
            return IncentiveBase(tuple(line for person in people for line in lines(person)))

    return misreading(Bringing)


def _care(world: World, line: Received, paid: Payment) -> tuple[object, ...]:
    """Return the segment, who cares for the participant on the day of a payment, since when."""
    stay = world.participant(line.participant).life.stay(paid.segment, paid.on)
    return (paid.segment, None) if stay is None else (paid.segment, stay.agent, stay.cared_since)


def _carer(world: World, line: Received) -> object:
    """Return who cares for the participant on the day of a contribution."""
    _, carer, *_ = _care(world, line, world.participant(line.participant).payments[line.reference])
    return carer


# -- B3: the numbers of months. ---------------------------------------------------------


@law(
    "Months of contributions are numbered in the order of the calendar",
    cite=PERISAI,
    about=INCENTIVES,
)
def numbered_by_the_calendar(event: AgentIncentiveAwarded, world: World) -> None:
    only_if(event.contributions)
    for received in (each.received for each in event.contributions):
        payments = world.participant(received.participant).payments
        care, months = _care(world, received, payments[received.reference]), NO_MONTHS
        for payment in payments.values():
            if not payment.corrected and _care(world, received, payment) == care:
                months |= payment.months
        [(first, _)] = payments[received.reference].months.runs
        before = len([*months.before(Month.at(first))])
        assert received.number == before + 1, f"number {received.number}, after {before} months"


def numbered_by_telling(someone: Participant) -> Iterable[Line]:
    """Let the months of a payment have the numbers after those of the ones told before it."""
    months: Counter[tuple[AgentId, str]] = Counter()
    for reference in someone.payments:
        for line in lines_of(someone):
            if isinstance(line.earned, Received) and line.earned.reference == reference:
                number = months[line.agent, line.earned.segment] + 1
                yield attrs.evolve(line, earned=attrs.evolve(line.earned, number=number))
                months[line.agent, line.earned.segment] += line.earned.months
    yield from (line for line in lines_of(someone) if isinstance(line.earned, Acquired))


# -- L3: care by the day. ---------------------------------------------------------------


@law(
    "A contribution is rewarded to the agent who had the care on the day on which it was paid",
    cite=PERISAI,
    about=INCENTIVES,
)
def rewarded_by_the_day(after: Agent, event: AgentIncentiveAwarded, world: World) -> None:
    only_if(event.contributions)
    for each in event.contributions:
        agent = _carer(world, each.received)
        who = agent or "nobody"
        assert agent == after.id, f"{each.received.reference} is paid in the care of {who}"


def cared_as_told(someone: Participant) -> Iterable[Line]:
    """Give a contribution to whoever had the care when it was told."""
    for reference, payment in someone.payments.items():
        told = [fact for fact in someone.told if fact.version < payment.version]
        stay = life_of(told).stay(payment.segment, date.max)
        if stay is not None and stay.agent is not None and not payment.corrected:
            yield Line(stay.agent, Month.of(payment.on), _received(someone, reference, payment))


def _received(someone: Participant, reference: str, payment: Payment) -> Received:
    [(first, last)] = payment.months.runs
    return Received(
        participant=someone.id,
        segment=payment.segment,
        reference=reference,
        amount=payment.amount,
        months=last - first + 1,
        number=1,
    )


@law(
    "Once a month is settled, nobody keeps a reward for what was paid in the care of another",
    cite=PERISAI,
    about=INCENTIVES,
)
def kept_by_those_who_care(command: Asked, answer: Decision[Any] | Exception, world: World) -> None:
    only_if(isinstance(command, AwardIncentive | AwardIncentives) and isinstance(answer, Accepted))
    assert isinstance(command, AwardIncentive | AwardIncentives)
    names = AGENTS if isinstance(command, AwardIncentives) else (command.agent,)
    settled = [a for a in map(world.agent, names) if command.month in a.incentives]
    only_if(settled)
    for agent in settled:
        for each in agent.incentives[command.month].contributions.values():
            carer = _carer(world, each.received)
            assert carer == agent.id, f"{agent.id} keeps {each.received.reference}, of {carer}"


def keeping(decide: Decider, command: Any, read: Reading, judges: Judges) -> Steps[Any]:
    """Claw back what was paid by mistake, and nothing that was paid in another care."""
    return [
        (stream, Accepted(*(e for e in decision.events if _by_mistake(e, read))))
        if isinstance(decision, Accepted)
        else (stream, decision)
        for stream, decision in decide(command, read, judges)
    ]


def _by_mistake(event: Any, read: Reading) -> bool:
    return not isinstance(event, AgentIncentiveClawedBack) or all(
        read.participant(r.participant).payments[r.reference].corrected
        for r in (each.received for each in event.contributions)
    )


# -- B2: the first contribution by the day. ---------------------------------------------


@law(
    "An acquisition is rewarded in the month in which the first contribution came in, by the day",
    cite=PERISAI,
    about=INCENTIVES,
)
def acquired_by_the_day(event: AgentIncentiveAwarded, world: World) -> None:
    only_if(event.acquired)
    for each in event.acquired:
        payments = world.participant(each.participant).payments.values()
        of_segment = [p for p in payments if p.segment is each.segment and p.of is None]
        stand = (payment for payment in of_segment if not payment.corrected)
        first = min(stand, key=attrgetter("on"))
        assert Month.of(first.on) == event.month, f"first paid on {first.on}, and not {event.month}"


def acquired_as_told(someone: Participant) -> Iterable[Line]:
    """Take the contribution that was told first for the first one."""
    for line in lines_of(someone):
        if isinstance(line.earned, Received):
            yield line
            continue
        reference, first = next(
            (reference, payment)
            for reference, payment in someone.payments.items()
            if payment.segment is line.earned.segment
            if payment.of is None and not payment.corrected
        )
        earned = attrs.evolve(line.earned, programmes=first.programmes, reference=reference)
        yield Line(line.agent, Month.of(first.on), earned)


OF_CARE: Final = (
    Bug(
        name="months numbered by telling",
        law=numbered_by_the_calendar,
        shortest=None,
        around=bringing(numbered_by_telling),
    ),
    Bug(
        name="care as it was told",
        law=rewarded_by_the_day,
        shortest=None,
        around=bringing(cared_as_told),
    ),
    Bug(
        name="a line kept by those who had the care",
        law=kept_by_those_who_care,
        shortest=None,
        around=keeping,
    ),
    Bug(
        name="first contribution as it was told",
        law=acquired_by_the_day,
        shortest=None,
        around=bringing(acquired_as_told),
    ),
)
