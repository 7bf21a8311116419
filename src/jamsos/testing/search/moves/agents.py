"""Moves about agents: each one step on, or out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, cast

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Reseat,
    Resign,
    Terminate,
)
from jamsos.commands.facts import Void
from jamsos.domain.agent import (
    Agent,
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentStatus,
    AgentTerminated,
    AgentTrainingBegun,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.calendar import Month, months_after
from jamsos.engine.world import Asked
from jamsos.testing.names import AGENTS, PLACES, PROGRAMME, PROVINCES
from jamsos.testing.search.journey import Journey

from .seats import with_seat


def agent_goes_on(w: Journey) -> Asked | None:
    """Take an agent one step on, or put an end to it."""
    agents = [cast("Agent", w.world.state(name)) for name in w.agents]
    at_work = any(agent.status is AgentStatus.ACTIVE for agent in agents)
    if at_work and "incentives" in w.chart.about and w.one_in(2):
        return None  # and leave time for what they earn
    if not w.one_in(3):  # most often, one who is on the way
        agents = [agent for agent in agents if agent.status in _ON_THE_WAY] or agents
    agent = w.pick(agents)
    if agent.stages and w.one_in(16):
        return _put_right(w, agent)
    if agent.seat is not None and w.one_in(24):
        return Reseat(agent.id, on=_day(w), region=with_seat(w))
    if agent.status in _MAY_GO and w.one_in(24):
        return w.pick((_resign, _terminate))(w, agent)
    return _NEXT[agent.status](w, agent)


_ON_THE_WAY: Final = frozenset(
    {
        AgentStatus.RECRUITED,
        AgentStatus.IN_TRAINING,
        AgentStatus.CERTIFIED,
        AgentStatus.DEACTIVATED,
    }
)
_MAY_GO: Final = frozenset({*_ON_THE_WAY, AgentStatus.ACTIVE})
"""At any of these stages an agent may resign or be terminated."""


def _day(w: Journey) -> date:
    """Return today, most often: some things are told late, by a day or by months."""
    if w.dice() < w.chart.stray / 4:
        return w.today - timedelta(days=w.pick((1, 31, 92, 184)))
    return w.day()


def _put_right(w: Journey, agent: Agent) -> Asked:  # noqa: C901 - one case a fact
    """Void a fact that was told, or tell it otherwise: most often the last one."""
    stage = agent.stages[-1] if not w.one_in(3) else w.pick(agent.stages)
    instead = {"instead_of": stage.version}
    on = stage.on + timedelta(days=w.pick((-31, -1, 0, 1, 31)))
    match stage.event:
        case _ if w.one_in(2):
            return Void(agent.id, version=stage.version, on=w.today)
        case AgentRecruited(province=province):
            return Recruit(
                agent.id, PROGRAMME, province=province, on=on, region=with_seat(w), **instead
            )
        case AgentTrainingBegun():
            return BeginTraining(agent.id, on=on, **instead)
        case AgentCertified():
            return Certify(agent.id, on=on, **instead)
        case AgentAssigned():
            return Assign(agent.id, on=on, **instead)
        case AgentDeactivated(reason=reason):
            return Deactivate(agent.id, on=on, reason=reason, **instead)
        case AgentReactivated():
            return Reactivate(agent.id, on=on, region=with_seat(w), **instead)
        case AgentReseated():
            return Reseat(agent.id, on=on, region=with_seat(w), **instead)
        case AgentResigned():
            return Resign(agent.id, on=on, **instead)
        case AgentTerminated(cause=cause):
            return Terminate(agent.id, cause=cause, on=on, **instead)


def _recruit(w: Journey, agent: Agent) -> Asked | None:
    if not w.one_in(6) and not any(w.world.quota(PROGRAMME, place).free > 0 for place in PLACES):
        return None
    return Recruit(
        agent.id,
        PROGRAMME,
        province=w.pick(PROVINCES),
        on=w.late(_ends(w)),
        region=with_seat(w),
    )


def _ends(w: Journey) -> list[date]:
    """Return the days on which agents gave their seats up: about these a seat may be asked for."""
    others = (w.world.agent(name) for name in AGENTS)
    return [held.ends for other in others for held in other.seats if held.ends is not None]


def _work(w: Journey, agent: Agent) -> Asked | None:
    match w.pick(("idle", "idle", "idle", "office", "evaluate", "resign", None, None)):
        case "idle":
            _wait_idle(w, agent)
            return Deactivate(agent.id, on=_day(w), reason=DeactivationReason.IDLE)
        case "office":
            return Deactivate(agent.id, on=_day(w), reason=DeactivationReason.OFFICE)
        case "resign":
            return w.pick((_resign, _resign, _terminate))(w, agent)
        case "evaluate":
            _wait_idle(w, agent)
            return EvaluateAgents(PROGRAMME, on=w.today)
        case _:
            return None


def _wait_idle(w: Journey, agent: Agent) -> None:
    """Let the time pass until the agent has been idle for about as long as a rule says."""
    last = w.world.performance().last_acquisition(agent.id)
    since = [Month.of(day) for day in (agent.active_since,) if day is not None]
    since += [last] if last is not None else []
    if since and not w.one_in(4):
        w.until((max(since) + 1 + w.pick((1, 2, 3, 3))).first_day)


def _return(w: Journey, agent: Agent) -> Asked | None:
    if agent.deactivated_on is not None and not w.one_in(4):
        w.until(months_after(agent.deactivated_on, w.pick((1, 5, 6, 6))))
    return Reactivate(agent.id, on=_day(w), region=with_seat(w))


def _resign(w: Journey, agent: Agent) -> Asked:
    return Resign(agent.id, on=w.late([agent.stages[-1].on]))


def _terminate(w: Journey, agent: Agent) -> Asked:
    return Terminate(agent.id, cause=w.pick([*TerminationCause]), on=_day(w))


def _afterwards(w: Journey, agent: Agent) -> Asked | None:
    """Seldom ask anything more of an agent who is gone."""
    return w.pick((_terminate, _resign))(w, agent) if w.one_in(4) else None


_NEXT: Final[Mapping[AgentStatus, Callable[[Journey, Agent], Asked | None]]] = MappingProxyType(
    {
        AgentStatus.UNKNOWN: _recruit,
        AgentStatus.RECRUITED: lambda w, a: BeginTraining(a.id, on=_day(w)),
        AgentStatus.IN_TRAINING: lambda w, a: Certify(a.id, on=_day(w)),
        AgentStatus.CERTIFIED: lambda w, a: Assign(a.id, on=_day(w)),
        AgentStatus.ACTIVE: _work,
        AgentStatus.DEACTIVATED: _return,
        AgentStatus.RESIGNED: _afterwards,
        AgentStatus.TERMINATED: _afterwards,
    }
)
