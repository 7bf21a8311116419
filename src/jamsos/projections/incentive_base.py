"""The base of each agent's incentive: new participants, and contributions that came in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import attrs

from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months
from jamsos.domain.coverage import NO_MONTHS, Segment
from jamsos.domain.history import Recorded
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

RELEVANT: Final = (
    ParticipantRegistered,
    ParticipantContributionPaid,
    ParticipantContributionCorrected,
    ParticipantTransferred,
    ParticipantLeft,
    ParticipantCameBack,
)
"""The events that matter here."""

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
class IncentiveBase:
    """
    By agent and month: the new participants, and the contributions that came in.

    A contribution belongs to the agent in whose care the participant is when it is recorded, and
    to the month of the day on which it was paid: for good, so that it can be rewarded only
    there. Its months are counted in that agent's care, from the registration there on, or
    from a transfer or a return. A new participant belongs to the agent who registered them, in
    the month of their first contribution. Corrected payments are left out.
    """

    position: int = 0
    """The position of the last event applied."""
    _cares: dict[tuple[ParticipantId, Segment], _Care] = attrs.field(factory=dict, repr=False)
    _places: dict[Reference, Earned] = attrs.field(factory=dict, repr=False)
    _new: dict[Reference, Earned] = attrs.field(factory=dict, repr=False)
    _months: dict[Reference, Months] = attrs.field(factory=dict, repr=False)
    _received: dict[Earned, dict[Reference, Received]] = attrs.field(factory=dict, repr=False)
    _acquired: dict[Earned, dict[Reference, Acquired]] = attrs.field(factory=dict, repr=False)

    def apply(self, recorded: Recorded[Event]) -> None:
        """Take one more event into account."""
        self.position = recorded.position
        self.note(recorded.stream, recorded.event)

    def ahead(self, decided: Iterable[tuple[str, Event]]) -> IncentiveBase:
        """Return this base with events that are decided, and not recorded yet."""
        base = IncentiveBase(
            self.position,
            dict(self._cares),
            dict(self._places),
            dict(self._new),
            dict(self._months),
            {place: dict(there) for place, there in self._received.items()},
            {place: dict(there) for place, there in self._acquired.items()},
        )
        for stream, event in decided:
            base.note(stream, event)
        return base

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

    def agents(self, month: Month) -> frozenset[AgentId]:
        """Return the agents for whom anything came in in *month*, corrected or not."""
        return frozenset(
            agent for agent, index in (*self._received, *self._acquired) if index == month.index
        )


def _length(months: Months) -> int:
    return sum(last - first + 1 for first, last in months.runs)
