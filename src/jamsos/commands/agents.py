"""Commands on agents: from the recruitment to the end of their work."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain import agent as agents
from jamsos.domain import quota as quotas
from jamsos.domain.agent import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentResigned,
    AgentStatus,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.decision import Accepted
from jamsos.domain.field import word_of
from jamsos.domain.geography import NATIONAL, ProvinceCode, Region
from jamsos.domain.identity import AgentId, seat_streams
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken, Seating
from jamsos.policies import agent_cap
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .seating import released, seating


@attrs.frozen(kw_only=True)
class Recruit:
    """
    Recruit *agent* in *province*, on a seat of *region*.

    Refused if no seat is free under the cap in force *on* that day.
    """

    agent: str = attrs.field(kw_only=False)
    programme: str = attrs.field(kw_only=False)
    province: str
    on: date
    region: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the agent, the programme, and the quotas of the nation and the region."""
        return (self.agent, *seat_streams(self.programme, self.region))

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentRecruited | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""
        case = seating(read, read.agent(self.agent), self.programme, self.region, self.on)
        rules = agent_cap.refs(case.programme, case.quota.region, self.on)
        recruited = agents.recruit(
            case.agent,
            case.programme,
            province=ProvinceCode(self.province),
            region=case.quota.region,
            rules=rules,
            on=self.on,
        )
        if isinstance(recruited, Accepted) and not recruited.events:
            return [(self.agent, recruited)]
        seat = quotas.take(case, rules=rules, policies=judges[Seating])
        return [(self.agent, recruited), (case.quota.stream, seat)]


@attrs.frozen(kw_only=True)
class BeginTraining:
    """Begin the training of a recruited agent."""

    agent: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[AgentTrainingBegun]:
        """Decide by the stage at which the agent is."""
        return [(self.agent, agents.begin_training(read.agent(self.agent), on=self.on))]


@attrs.frozen(kw_only=True)
class Certify:
    """Certify an agent who is in training. The agent may not enrol anyone yet."""

    agent: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[AgentCertified]:
        """Decide by the stage at which the agent is."""
        return [(self.agent, agents.certify(read.agent(self.agent), on=self.on))]


@attrs.frozen(kw_only=True)
class Assign:
    """Make the account of a certified agent active: from then on the agent may enrol."""

    agent: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[AgentAssigned]:
        """Decide by the stage at which the agent is."""
        return [(self.agent, agents.assign(read.agent(self.agent), on=self.on))]


@attrs.frozen(kw_only=True)
class Deactivate:
    """
    Deactivate an agent's account and release the seat.

    As idle, refused before as many whole months without an acquisition as the rule says.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    reason: DeactivationReason = DeactivationReason.IDLE

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme and the seat are known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentDeactivated | QuotaSeatReleased]:
        """Decide on the account, for idleness by the rule of the day, and on the seat."""
        agent = read.agent(self.agent)
        reason = word_of(DeactivationReason, self.reason, "reason")
        if reason is not DeactivationReason.IDLE:
            deactivated = agents.deactivate(agent, on=self.on)
            return [(self.agent, deactivated), released(read, agent, self.on)]
        programme = read.programme(read.programme_of(agent))
        last = read.last_acquisition(agent.id, upto=self.on)
        case = agents.Deactivation(
            agent=agent,
            programme=programme,
            idle_months=agents.idle_months(agent, last_acquisition=last, on=self.on),
            on=self.on,
        )
        deactivated = agents.deactivate_idle(
            case,
            last_acquisition=last,
            known_at=read.known_at(),
            rules=(programme.rule(IDLE_RULE, self.on).ref,),
            policies=judges[agents.Deactivation],
        )
        return [(self.agent, deactivated), released(read, agent, self.on)]


@attrs.frozen(kw_only=True)
class Reactivate:
    """
    Make a deactivated agent's account active again, on a seat of *region*.

    Refused before the time that the rule says, and if no seat is free.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    region: str = NATIONAL

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentReactivated | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the account, by the time away, and on the seat."""
        agent = read.agent(self.agent)
        case = seating(read, agent, read.programme_of(agent), self.region, self.on)
        caps = agent_cap.refs(case.programme, Region(self.region), self.on)
        returned = agents.reactivate(
            agents.Return(agent=agent, programme=case.programme, on=self.on),
            region=Region(self.region),
            rules=(case.programme.rule(RETURN_RULE, self.on).ref, *caps),
            policies=judges[agents.Return],
        )
        if agent.status is not AgentStatus.DEACTIVATED:
            return [(self.agent, returned)]
        seat = quotas.take(case, rules=caps, policies=judges[Seating])
        return [(self.agent, returned), (case.quota.stream, seat)]


@attrs.frozen(kw_only=True)
class Resign:
    """Let an agent give up the work, and the seat."""

    agent: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[AgentResigned | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""
        agent = read.agent(self.agent)
        return [(self.agent, agents.resign(agent, on=self.on)), released(read, agent, self.on)]


@attrs.frozen(kw_only=True)
class Terminate:
    """Terminate an agent for a proven cause. The seat is lost, and there is no return."""

    agent: str = attrs.field(kw_only=False)
    cause: TerminationCause
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(self, read: Reading, _: Judges, /) -> Steps[AgentTerminated | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""
        agent = read.agent(self.agent)
        cause = word_of(TerminationCause, self.cause, "cause")
        terminated = agents.terminate(agent, cause=cause, on=self.on)
        return [(self.agent, terminated), released(read, agent, self.on)]


@attrs.frozen(kw_only=True)
class EvaluateAgents:
    """
    Deactivate every agent of *programme* whose idleness has lasted as long as the rule says.

    It stands for one `Deactivate` for each who is due; the others are left alone.
    """

    programme: str = attrs.field(kw_only=False)
    on: date

    def expand(self, read: Reading, /) -> list[Deactivate]:
        """Return the command for each agent who is due, in the order of their names."""
        threshold = read.programme(self.programme).rule(IDLE_RULE, self.on).value
        recruited = read.agents_of(self.programme)
        read.ahead(recruited)
        return [
            Deactivate(agent, on=self.on)
            for agent in recruited
            if self._idle_months(read, agent) >= threshold
        ]

    def _idle_months(self, read: Reading, agent: AgentId) -> int:
        """Return the idle months of an active agent of the programme; -1 of any other."""
        state = read.agent(agent)
        if state.programme != self.programme or state.status is not AgentStatus.ACTIVE:
            return -1
        last = read.last_acquisition(agent, upto=self.on)
        return agents.idle_months(state, last_acquisition=last, on=self.on)
