"""Agents as their events make them: one who is at a stage, or whom something was told of."""

from datetime import date

from jamsos.domain.agent import (
    Agent,
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
    evolve,
)

S = AgentStatus


def recruited(on, region="national"):
    return AgentRecruited(programme="perisai", province="51", region=region, rules=(), on=on)


def deactivated(on, reason=DeactivationReason.OFFICE):
    idle = reason is DeactivationReason.IDLE
    return AgentDeactivated(
        reason=reason,
        idle_months=3 if idle else None,
        last_acquisition=None,
        known_at=7 if idle else None,
        rules=(),
        on=on,
    )


def returned(on, region="national"):
    return AgentReactivated(region=region, rules=(), on=on)


def told(*events, named="agent-1"):
    agent = Agent(id=named)
    for event in events:
        agent = evolve(agent, event)
    return agent


def steps_to_work(on, region="national"):
    """Return each step up to an active account, all on one day."""
    steps = (AgentTrainingBegun(on=on), AgentCertified(on=on), AgentAssigned(on=on))
    return (recruited(on, region), *steps)


def who_is(status, on=date(2018, 1, 10), *, region="national", named="agent-1"):
    """Return an agent of whom each step up to *status* was told for the same day."""
    beginning = (S.UNKNOWN, S.RECRUITED, S.IN_TRAINING, S.CERTIFIED, S.ACTIVE)
    ends = {
        S.DEACTIVATED: (deactivated(on),),
        S.RESIGNED: (AgentResigned(on=on),),
        S.TERMINATED: (AgentTerminated(cause=TerminationCause.FRAUD, on=on),),
    }
    upto = beginning.index(status) if status in beginning else len(beginning)
    return told(*steps_to_work(on, region)[:upto], *ends.get(status, ()), named=named)
