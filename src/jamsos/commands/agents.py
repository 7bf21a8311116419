"""Commands on agents: from the recruitment to the end of their work."""

from __future__ import annotations

from datetime import date
from typing import cast

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.field import word_of
from jamsos.domain.geography import NATIONAL, ProvinceCode
from jamsos.domain.identity import AgentId, seat_streams
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.policies import agent_cap
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading
from .reseating import with_seats


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

    def decide(self, read: Reading, judges: Judges, /) -> Steps[AgentRecruited | QuotaSeatTaken]:
        """Decide on the agent and on the seat."""
        agent, programme = read.agent(self.agent), read.programme(self.programme)
        region = read.quota(self.programme, self.region).region
        recruited = agents.recruit(
            agent,
            programme,
            province=ProvinceCode(self.province),
            region=region,
            rules=agent_cap.refs(programme, region, self.on),
            on=self.on,
        )
        steps = with_seats(read, judges, agent, recruited)
        return cast("Steps[AgentRecruited | QuotaSeatTaken]", steps)  # nothing was held before


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
    ) -> Steps[AgentDeactivated | QuotaSeatReleased | QuotaSeatTaken]:
        """Decide on the account, for idleness by the rule of the day, and on the seat."""
        agent = read.agent(self.agent)
        reason = word_of(DeactivationReason, self.reason, "reason")
        if reason is not DeactivationReason.IDLE:
            deactivated = agents.deactivate(agent, on=self.on)
            return with_seats(read, judges, agent, deactivated)
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
        return with_seats(read, judges, agent, deactivated)


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
        programme = read.programme(read.programme_of(agent))
        region = read.quota(programme.name, self.region).region
        caps = agent_cap.refs(programme, region, self.on)
        rules = (programme.rule(RETURN_RULE, self.on).ref, *caps)
        case = agents.Return(agent=agent, programme=programme, on=self.on)
        policies = judges[agents.Return]
        returned = agents.reactivate(case, region=region, rules=rules, policies=policies)
        told = agents.reactivate(case, region=region, rules=rules, policies=())
        return with_seats(read, judges, agent, returned, told=told)


@attrs.frozen(kw_only=True)
class Resign:
    """Let an agent give up the work, and the seat."""

    agent: str = attrs.field(kw_only=False)
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentResigned | QuotaSeatReleased | QuotaSeatTaken]:
        """Decide on the agent and on the seat."""
        agent = read.agent(self.agent)
        return with_seats(read, judges, agent, agents.resign(agent, on=self.on))


@attrs.frozen(kw_only=True)
class Terminate:
    """Terminate an agent for a proven cause. The seat is lost, and there is no return."""

    agent: str = attrs.field(kw_only=False)
    cause: TerminationCause
    on: date

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentTerminated | QuotaSeatReleased | QuotaSeatTaken]:
        """Decide on the agent and on the seat."""
        agent = read.agent(self.agent)
        cause = word_of(TerminationCause, self.cause, "cause")
        terminated = agents.terminate(agent, cause=cause, on=self.on)
        return with_seats(read, judges, agent, terminated)


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
        """Return the idle months of one who is active in the programme on the day; else -1."""
        state = read.agent(agent)
        due = agents.is_to_be_evaluated(state, on=self.on)
        if state.programme != self.programme or not due:
            return -1
        last = read.last_acquisition(agent, upto=self.on)
        return agents.idle_months(state, last_acquisition=last, on=self.on)
