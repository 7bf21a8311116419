"""The base of awards of version 1, by the order of telling: only to explain those awards."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import NO_MONTHS, Segment
from jamsos.domain.identity import AgentId, ParticipantId
from jamsos.domain.incentive import Acquired, Received
from jamsos.domain.participant import (
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantLeft,
    ParticipantRegistered,
    ParticipantTransferred,
)

Earned: TypeAlias = tuple[AgentId, int]
"""An agent, and the index of the month in which something came in."""

Reference: TypeAlias = tuple[ParticipantId, str]
"""A contribution: its participant, and the reference under which it was paid."""


@attrs.frozen
class _Care:
    """One participant in one segment: in whose care, and since then paid for which months."""

    agent: AgentId | None = None
    months: Months = NO_MONTHS
    acquirer: AgentId | None = None
    """The agent who registered them: they are acquired with their first contribution."""
    first: str | None = None
    """The reference of that contribution, once it is paid."""


@attrs.define
class AsTold:
    """
    By agent and month: the new participants, and the contributions that came in, as told.

    Version 1 of an award gave a contribution to the agent in whose care the participant was when
    it was recorded, and numbered its months by what had been recorded before it.
    """

    _cares: dict[tuple[ParticipantId, Segment], _Care] = attrs.field(factory=dict)
    _places: dict[Reference, Earned] = attrs.field(factory=dict)
    _new: dict[Reference, Earned] = attrs.field(factory=dict)
    _months: dict[Reference, Months] = attrs.field(factory=dict)
    _received: dict[Earned, dict[Reference, Received]] = attrs.field(factory=dict)
    _acquired: dict[Earned, dict[Reference, Acquired]] = attrs.field(factory=dict)

    def note(self, stream: str, event: Event) -> None:
        """Take an event of *stream* into account."""
        who = ParticipantId(stream)
        match event:
            case ParticipantRegistered(segment=segment, agent=agent):
                self._cares[who, segment] = _Care(agent, acquirer=agent)
            case ParticipantCameBack(segment=segment, agent=agent):
                self._cares[who, segment] = _Care(agent)
            case ParticipantTransferred(segment=segment, agent=agent):
                care = self._cares.get((who, segment), _Care())
                self._cares[who, segment] = attrs.evolve(care, agent=agent, months=NO_MONTHS)
            case ParticipantLeft(changes=changes):
                for segment in (change.segment for change in changes):
                    self._cares[who, segment] = _Care()
            case ParticipantContributionPaid():
                self._paid(who, event)
            case ParticipantContributionCorrected():
                self._corrected(who, event)
            case _:
                pass

    def _paid(self, who: ParticipantId, event: ParticipantContributionPaid) -> None:
        key, care = (who, event.reference), self._cares.get((who, event.segment), _Care())
        month = Month.of(event.on).index
        if care.acquirer is not None and care.first is None:
            acquired = Acquired(
                participant=who,
                segment=event.segment,
                programmes=event.programmes,
                reference=event.reference,
            )
            self._acquired.setdefault((care.acquirer, month), {})[key] = acquired
            self._new[key] = (care.acquirer, month)
            care = attrs.evolve(care, first=event.reference)
        if care.agent is not None and (first := event.months.first) is not None:
            received = Received(
                participant=who,
                segment=event.segment,
                reference=event.reference,
                amount=event.amount,
                months=_length(event.months),
                number=_length(care.months.before(first)) + 1,
                parts=None,
            )
            self._received.setdefault((care.agent, month), {})[key] = received
            self._places[key] = (care.agent, month)
            self._months[key] = event.months
            care = attrs.evolve(care, months=care.months | event.months)
        self._cares[who, event.segment] = care

    def _corrected(self, who: ParticipantId, event: ParticipantContributionCorrected) -> None:
        key, care = (who, event.corrects), self._cares.get((who, event.segment), _Care())
        if (place := self._places.pop(key, None)) is not None:
            self._received[place].pop(key)
            months = self._months.pop(key)
            if care.agent == place[0]:
                care = attrs.evolve(care, months=care.months - months)
        if care.first == event.corrects:
            care = attrs.evolve(care, first=None)
        if (place := self._new.pop(key, None)) is not None:
            self._acquired[place].pop(key)
        self._cares[who, event.segment] = care

    def acquired(self, agent: AgentId, month: Month) -> tuple[Acquired, ...]:
        """Return the new participants of *agent* in *month*, in the order of their payments."""
        return tuple(self._acquired.get((agent, month.index), {}).values())

    def received(self, agent: AgentId, month: Month) -> tuple[Received, ...]:
        """Return the contributions that came in for *agent* in *month*, in their order."""
        return tuple(self._received.get((agent, month.index), {}).values())


def _length(months: Months) -> int:
    return sum(last - first + 1 for first, last in months.runs)
