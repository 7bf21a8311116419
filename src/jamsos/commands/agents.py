"""
Commands on agents: from the recruitment to the end of their work.

Each may be told *instead of* the fact whose event has that version in the agent's stream: that one
is voided in the same transaction, and `NotFoundError` or `InputError` raised as `Void` does.
"""

from __future__ import annotations

from datetime import date
from functools import partial

import attrs

from jamsos.domain import agent as agents
from jamsos.domain.agent import (
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentFactVoided,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.decision import Decision, Policies
from jamsos.domain.field import word_of
from jamsos.domain.geography import NATIONAL, ProvinceCode
from jamsos.domain.identity import AgentId, seat_streams
from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
from jamsos.policies import agent_cap
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.policies.standard import Judges

from .command import Steps
from .idleness import idleness
from .reading import Reading
from .voiding_of_agents import tell_agent_fact


@attrs.frozen(kw_only=True)
class Recruit:
    """
    Recruit *agent* in *province*, on a seat of *region*.

    Refused if no seat is free under the cap in force *on* that day. Told *instead of* the fact
    whose event has that version in the agent's stream, it voids that one, and rests on what stands
    without it. Raises `NotFoundError` if there is no such fact, and `InputError` if it was voided,
    or if a fact that was told needs what the new one does not give.
    """

    agent: str = attrs.field(kw_only=False)
    programme: str = attrs.field(kw_only=False)
    province: str
    on: date
    region: str = NATIONAL
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent, the programme, and the quotas of the nation and the region."""
        return (self.agent, *seat_streams(self.programme, self.region))

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""
        programme = read.programme(self.programme)
        region = read.quota(self.programme, self.region).region
        rules = agent_cap.refs(programme, region, self.on)

        def decided(someone: Agent) -> Decision[AgentRecruited]:
            return agents.recruit(
                someone,
                programme,
                province=ProvinceCode(self.province),
                region=region,
                rules=rules,
                on=self.on,
            )

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class BeginTraining:
    """Begin the training of a recruited agent; *instead of* an earlier fact."""

    agent: str = attrs.field(kw_only=False)
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentTrainingBegun | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide by the stage at which the agent is."""

        def decided(someone: Agent) -> Decision[AgentTrainingBegun]:
            return agents.begin_training(someone, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class Certify:
    """
    Certify an agent who is in training; *instead of* an earlier fact.

    The agent may not enrol anyone yet.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentCertified | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide by the stage at which the agent is."""

        def decided(someone: Agent) -> Decision[AgentCertified]:
            return agents.certify(someone, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class Assign:
    """
    Make the account of a certified agent active; *instead of* an earlier fact.

    From then on the agent may enrol.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentAssigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide by the stage at which the agent is."""

        def decided(someone: Agent) -> Decision[AgentAssigned]:
            return agents.assign(someone, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class Deactivate:
    """
    Deactivate an agent's account and release the seat; *instead of* an earlier fact.

    As idle, refused before as many whole months without an acquisition as the rule says; where
    the measure of a month is transactions, one with a contribution is not idle either.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    reason: DeactivationReason = DeactivationReason.IDLE
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme and the seat are known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the account, for idleness by the rule of the day, and on the seat."""
        reason = word_of(DeactivationReason, self.reason, "reason")
        idle = reason is DeactivationReason.IDLE

        def decided(someone: Agent) -> Decision[AgentDeactivated]:
            if idle:
                return self._as_idle(someone, read, judges)
            return agents.deactivate(someone, on=self.on)

        return tell_agent_fact(self, read, judges, decided)

    def _as_idle(self, agent: Agent, read: Reading, judges: Judges) -> Decision[AgentDeactivated]:
        programme = read.programme(read.programme_of(agent))
        idle = idleness(read, agent, programme, self.on)
        case = agents.Deactivation(
            agent=agent, programme=programme, idle_months=idle.months, on=self.on
        )
        return agents.deactivate_idle(
            case,
            last_acquisition=idle.last_acquisition,
            known_at=read.known_at(),
            rules=idle.rules,
            policies=judges[agents.Deactivation],
        )


@attrs.frozen(kw_only=True)
class Reactivate:
    """
    Make a deactivated agent's account active again, on a seat of *region*; *instead of* a fact.

    Refused before the time that the rule says, and if no seat is free.
    """

    agent: str = attrs.field(kw_only=False)
    on: date
    region: str = NATIONAL
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentReactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the account, by the time away, and on the seat."""

        def decided(
            someone: Agent, policies: Policies[agents.Return] = judges[agents.Return]
        ) -> Decision[AgentReactivated]:
            programme = read.programme(read.programme_of(someone))
            region = read.quota(programme.name, self.region).region
            caps = agent_cap.refs(programme, region, self.on)
            rules = (programme.rule(RETURN_RULE, self.on).ref, *caps)
            case = agents.Return(agent=someone, programme=programme, on=self.on)
            return agents.reactivate(case, region=region, rules=rules, policies=policies)

        told = partial(decided, policies=())
        return tell_agent_fact(self, read, judges, decided, told=told)


@attrs.frozen(kw_only=True)
class Reseat:
    """
    Let an agent go on with a seat of another *region*; *instead of* an earlier fact.

    The seat that they hold is free from that day on; seats that are free move by `MoveSeats`.
    Refused if the agent holds none on that day, and if none is free in the region on each day on
    which it would be held. Raises `InputError` if they got another on that day already.
    """

    agent: str = attrs.field(kw_only=False)
    region: str
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the programme and the seat are known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentReseated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the agent, and on the seats of both regions."""

        def decided(someone: Agent) -> Decision[AgentReseated]:
            programme = read.programme(read.programme_of(someone))
            region = read.quota(programme.name, self.region).region
            rules = agent_cap.refs(programme, region, self.on)
            return agents.reseat(someone, region=region, rules=rules, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class Resign:
    """Let an agent give up the work, and the seat; *instead of* an earlier fact."""

    agent: str = attrs.field(kw_only=False)
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentResigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""

        def decided(someone: Agent) -> Decision[AgentResigned]:
            return agents.resign(someone, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


@attrs.frozen(kw_only=True)
class Terminate:
    """
    Terminate an agent for a proven cause; *instead of* an earlier fact.

    The seat is lost, and there is no return.
    """

    agent: str = attrs.field(kw_only=False)
    cause: TerminationCause
    on: date
    instead_of: int | None = None

    def streams(self) -> tuple[str, ...]:
        """Return the agent: the seat is known once the agent is read."""
        return (self.agent,)

    def decide(
        self, read: Reading, judges: Judges, /
    ) -> Steps[AgentTerminated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]:
        """Decide on the agent and on the seat."""
        cause = word_of(TerminationCause, self.cause, "cause")

        def decided(someone: Agent) -> Decision[AgentTerminated]:
            return agents.terminate(someone, cause=cause, on=self.on)

        return tell_agent_fact(self, read, judges, decided)


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
        return idleness(read, state, read.programme(self.programme), self.on).months
