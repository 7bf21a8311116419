"""Moves about participants: they are registered, and live on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from jamsos.commands.facts import Void
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.domain.agent import AgentStatus
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import (
    LeavingReason,
    Participant,
    ParticipantCameBack,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from jamsos.domain.participant.life import Told
from jamsos.engine.world import Asked
from jamsos.testing.names import AGENTS, PROVINCES
from jamsos.testing.search.journey import Journey

from .payments import correct, pay, pay_difference, refund

BPU: Final = Segment.NON_WAGE_EARNER


def participant_lives_on(w: Journey) -> Asked | None:
    """Register a participant, or let something happen to one who is registered."""
    person = w.world.participant(w.pick(w.people))
    here = [s for s in person.life.entries if person.standing(s).current is not None]
    gone = [s for s in person.life.entries if s not in here]
    if not person.life.entries or w.one_in(10):
        early = "agents" in w.chart.about and not _at_work(w)
        return None if early and not w.one_in(40) else _register(w, person)
    if not here:
        return _come_back(w, person, gone)
    kind = w.pick(_LIFE)
    if kind is _come_back and not gone:
        return None
    return kind(w, person, here if kind is not _come_back else gone)


def _register(w: Journey, person: Participant) -> Asked:
    agent = _carer(w)
    return Register(
        person.id,
        province=w.pick(PROVINCES),
        on=w.late(_days(person)),
        segment=w.pick((BPU, BPU, BPU, *Segment)),
        agent=agent,
        sponsor="CSR-1" if agent is None and w.one_in(4) else None,
    )


def _move(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    del here
    return Move(person.id, province=w.pick(PROVINCES), on=w.late(_days(person)))


def _transfer(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    agent = _carer(w)
    return Transfer(
        person.id,
        on=w.late(_days(person)),
        agent=agent,
        branch="BDG-1" if agent is None else None,
        segment=w.pick(here),
    )


def _leave(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    reason = w.pick((LeavingReason.OTHER, LeavingReason.OTHER, *LeavingReason))
    segment = w.pick((None, *here))
    return Leave(person.id, reason=reason, on=w.late(_days(person)), segment=segment)


def _come_back(w: Journey, person: Participant, gone: Sequence[Segment]) -> Asked:
    return ComeBack(
        person.id,
        province=w.pick(PROVINCES),
        on=w.late(_days(person)),
        segment=w.pick(gone),
        agent=_carer(w),
    )


def _put_right(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    """Void a fact that was told, or tell it otherwise: most often the last one."""
    del here
    told = person.told[-1] if w.one_in(2) else w.pick(person.told)
    if w.one_in(3):
        return Void(person.id, version=told.version, on=w.day())
    return _otherwise(w, person, told)


def _otherwise(w: Journey, person: Participant, told: Told) -> Asked:
    """Tell a fact with another day, province or carer."""
    who, version, on = person.id, told.version, w.about(told.event.on)
    match told.event:
        case ParticipantMoved():
            return Move(who, province=w.pick(PROVINCES), on=on, instead_of=version)
        case ParticipantLeft(segment=segment, reason=reason):
            return Leave(who, reason=reason, on=on, segment=segment, instead_of=version)
        case ParticipantTransferred(segment=segment, agent=agent, branch=branch):
            return Transfer(
                who, on=on, agent=agent, branch=branch, segment=segment, instead_of=version
            )
        case ParticipantCameBack(segment=segment, province=province):
            return ComeBack(
                who,
                province=province,
                on=on,
                segment=segment,
                agent=_carer(w),
                instead_of=version,
            )
        case ParticipantRegistered(segment=segment, province=province):
            return Register(
                who,
                province=province,
                on=told.event.on,
                segment=segment,
                agent=_carer(w),
                instead_of=version,
            )


def _days(person: Participant) -> list[date]:
    """Return the days about which something may be told late of *person*."""
    return [told.event.on for told in person.told]


def _carer(w: Journey) -> str | None:
    """Return an agent whose account is active, if there is one; now and then another, or nobody."""
    if (at_work := _at_work(w)) and not w.one_in(6):
        return w.pick(at_work)
    if w.one_in(4) and (away := _were_at_work(w)):
        return w.pick(away)
    return w.pick(AGENTS) if w.one_in(16) else None


def _at_work(w: Journey) -> list[str]:
    return [a for a in AGENTS if w.world.agent(a).status is AgentStatus.ACTIVE]


def _were_at_work(w: Journey) -> list[str]:
    return [a for a in AGENTS if w.world.agent(a).status in _NO_LONGER]


_NO_LONGER: Final = frozenset(
    {AgentStatus.DEACTIVATED, AgentStatus.RESIGNED, AgentStatus.TERMINATED}
)
_LIFE: Final[Sequence[Callable[[Journey, Participant, Sequence[Segment]], Asked | None]]] = (
    *(pay,) * 7,
    correct,
    correct,
    pay_difference,
    refund,
    _move,
    _transfer,
    _leave,
    _come_back,
    _put_right,
)
