"""Moves about participants: they are registered, and live on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from jamsos.commands.facts import Void
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.domain.agent import AgentStatus
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import (
    LeavingReason,
    Participant,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
)
from jamsos.engine.world import Asked
from jamsos.testing.names import AGENTS, PEOPLE, PROVINCES
from jamsos.testing.search.journey import Journey

from .payments import correct, pay, pay_difference, refund

BPU: Final = Segment.NON_WAGE_EARNER


def participant_lives_on(w: Journey) -> Asked | None:
    """Register a participant, or let something happen to one who is registered."""
    person = w.world.participant(w.pick(PEOPLE))
    here = [s for s in person.life.entries if person.standing(s).current is not None]
    gone = [s for s in person.life.entries if s not in here]
    if not person.life.entries or w.one_in(10):
        early = "agents" in w.chart.about and not _at_work(w)
        return None if early and not w.one_in(4) else _register(w, person)
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
        on=w.day(),
        segment=w.pick((BPU, BPU, BPU, *Segment)),
        agent=agent,
        sponsor="CSR-1" if agent is None and w.one_in(4) else None,
    )


def _move(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    del here
    return Move(person.id, province=w.pick(PROVINCES), on=w.day())


def _transfer(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    agent = _carer(w)
    return Transfer(
        person.id,
        on=w.day(),
        agent=agent,
        branch="BDG-1" if agent is None else None,
        segment=w.pick(here),
    )


def _leave(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    reason = w.pick((LeavingReason.OTHER, LeavingReason.OTHER, *LeavingReason))
    segment = w.pick((None, *here))
    return Leave(person.id, reason=reason, on=w.day(), segment=segment)


def _come_back(w: Journey, person: Participant, gone: Sequence[Segment]) -> Asked:
    return ComeBack(
        person.id,
        province=w.pick(PROVINCES),
        on=w.day(),
        segment=w.pick(gone),
        agent=_carer(w),
    )


def _put_right(w: Journey, person: Participant, here: Sequence[Segment]) -> Asked:
    """Void a fact that was told, or tell it otherwise: most often the last one."""
    del here
    told = person.told[-1] if w.one_in(2) else w.pick(person.told)
    fact, version = told.event, told.version
    match fact:
        case _ if w.one_in(3):
            return Void(person.id, version=version, on=w.day())
        case ParticipantMoved():
            return Move(person.id, province=w.pick(PROVINCES), on=fact.on, instead_of=version)
        case ParticipantLeft(segment=segment, reason=reason):
            return Leave(person.id, reason=reason, on=w.day(), segment=segment, instead_of=version)
        case ParticipantRegistered(segment=segment):
            return Register(
                person.id,
                province=fact.province,
                on=fact.on,
                segment=segment,
                agent=_carer(w),
                instead_of=version,
            )
        case _:
            return Void(person.id, version=version, on=w.day())


def _carer(w: Journey) -> str | None:
    """Return an agent whose account is active, if there is one; now and then another, or nobody."""
    if (at_work := _at_work(w)) and not w.one_in(4):
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
