"""A world in memory: one command after another is decided in it, as a registry decides them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeGuard, cast

import attrs

from jamsos.commands.catalogue import EXPANSIONS
from jamsos.commands.command import Command, Expansion
from jamsos.commands.measuring import measures_of
from jamsos.commands.reading import NOTHING, Concerning
from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month, month_of
from jamsos.domain.concerns import concerns
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.geography import NATIONAL
from jamsos.domain.history import Recorded
from jamsos.domain.identity import (
    AgentId,
    RuleRef,
    check_agent,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures, Programme
from jamsos.domain.quota import Quota
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from jamsos.formulas.active import PAID_UP, definition_of
from jamsos.projections.agent_performance import AgentPerformance, acquisition
from jamsos.projections.count import Count, count
from jamsos.projections.incentive_base import IncentiveBase, Lines

from .draft import Draft
from .session import Session
from .setting import EPOCH, Setting, setting

Asked: TypeAlias = Command[Any] | Expansion[Any]
"""A command, or what stands for many."""

Plan: TypeAlias = tuple[Asked, ...]
"""Commands in the order in which they are asked; asked of a world, they make a history."""

TURNED_DOWN: Final = (InputError, NotFoundError, RuleNotInForceError)
"""The errors of a command that cannot be meant. It may raise nothing else."""


@attrs.define
class Happened:
    """An event of a step, with the state of its stream before it and after it."""

    stream: str
    before: State
    event: Event
    after: State


def named_in(step: Step) -> Iterator[object]:
    """Yield what an answer names: the values of rules decided on, and the texts cited."""
    for happened in step.happened:
        yield from refs(happened.event)
    if isinstance(step.answer, Refused):
        yield from (reason.citation for reason in step.answer.reasons)


def refs(event: Event) -> tuple[RuleRef, ...]:
    """Return the names of the rules that *event* was decided on."""
    check = getattr(event, "check", None)
    return (*getattr(event, "rules", ()), *(check.rules if check is not None else ()))


def unnamed(begins: Setting, named: Collection[object]) -> tuple[str, ...]:
    """Return the values of rule files on top that no answer *named*: rule and first day of each."""
    left = []
    for file in begins.own:
        versions = begins.law[file.programme].rules[file.rule, file.scope]
        for value in file.values:
            others = {v.dated.citation for v in versions if v.dated != value}
            cited = value.citation in named and value.citation not in others
            if not cited and not any(v.ref in named for v in versions if v.dated == value):
                left.append(f"{file.programme}/{file.rule} ({value.in_force})")
    return tuple(left)


@attrs.define
class Step:
    """One command that was asked, its answer or the error that it raised, and what happened."""

    command: Asked
    answer: Decision[Event] | Exception
    happened: Sequence[Happened] = ()

    @property
    def outcome(self) -> str:
        """In a word: accepted, nothing new, refused with the policies that did, or an error."""
        if isinstance(self.answer, Accepted):
            return "accepted" if self.answer.events else "nothing new"
        if isinstance(self.answer, Refused):
            policies = dict.fromkeys(reason.policy for reason in self.answer.reasons)
            return f"refused: {', '.join(policies)}"
        return f"error: {type(self.answer).__name__}"


class World:
    """
    Everything as it is after the commands that were asked, and the history that made it.

    >>> from datetime import date
    >>> world = World()
    >>> from jamsos.commands.seats import Allot
    >>> world.ask(Allot("perisai", 2, on=date(2018, 1, 1))).answer.events[0].seats
    2

    Each command is decided in a session of its own, on what is recorded, as `jamsos.Registry`
    does it; nothing is kept on a disk.
    """

    def __init__(self, begins: Setting | None = None) -> None:
        self.begins = begins or setting()
        self.states: dict[str, tuple[State, int]] = dict(self.begins.states)
        """The state and the version of each stream that has events."""
        self.events: list[tuple[str, int, Event]] = []
        """What has happened since the law was enacted: stream, version, event."""
        self._concerning: dict[str, Concerning] = {}
        self._indexed = 0
        self._performance = AgentPerformance()
        self._followed = 0
        self._lines = Lines()

    # -- What is asked. ----------------------------------------------------------

    def session(self) -> Session:
        """Give a session that decides on what is recorded here, and records nothing."""
        return Session(self, self.begins.decides)

    def ask(self, asked: Asked) -> Step:
        """
        Decide what is *asked*, and record what it does.

        An error that a command raises which cannot be meant is its answer; any other is raised.
        """
        session = self.session()
        try:
            answer = _answer(session, asked)
        except TURNED_DOWN as error:
            return Step(asked, error)
        if isinstance(answer, Refused) or not answer.events:
            return Step(asked, answer)
        return Step(asked, answer, self._record(session.draft.staged, session.draft))

    def would_happen(self, asked: Asked) -> list[Event]:
        """Return the events to which *asked* would lead now; nothing is recorded."""
        session = self.session()
        _answer(session, asked)
        return [event for _, _, event in session.draft.staged]

    def play(self, plan: Iterable[Asked]) -> list[Step]:
        """Ask each command of *plan*, in order."""
        return [self.ask(asked) for asked in plan]

    def happen(self, stream: str, event: Event) -> Happened:
        """Record that *event* happened in *stream*, whatever led to it."""
        return self._record([(stream, self.load_many([stream])[stream][1] + 1, event)])[0]

    def _record(
        self,
        decided: Sequence[tuple[str, int, Event]],
        draft: Draft | None = None,
    ) -> list[Happened]:
        happened = []
        for stream, version, event in decided:
            known = self.states.get(stream)
            before = _blank(stream) if known is None else known[0]
            if draft is not None and draft.versions[stream] == version:
                after = draft.states[stream]
            else:
                after = state_of(stream, (event,), since=before)
            self.states[stream] = (after, version)
            happened.append(Happened(stream, before, event, after))
        self.events += decided
        return happened

    # -- What there is. ----------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """
        Return an agent as they are; one who was never recruited is ``unknown``.

        Raises `InputError` if *agent* is not an agent's name, as `jamsos.Registry` does.
        """
        check_agent(agent)
        return cast("Agent", self.state(agent))

    def participant(self, participant: str) -> Participant:
        """
        Return a participant as they are; one who was never registered has no standing.

        Raises `InputError` if *participant* is not a participant's name, as `jamsos.Registry` does.
        """
        check_participant(participant)
        return cast("Participant", self.state(participant))

    def programme(self, programme: str) -> Programme:
        """Return a programme with its rules."""
        return cast("Programme", self.state(programme_stream(programme)))

    def quota(self, programme: str, region: str = NATIONAL) -> Quota:
        """Return the seats of a programme in a region."""
        return cast("Quota", self.state(quota_stream(programme, region)))

    def history(self) -> list[Recorded[Event]]:
        """Return every event, from those that enacted the law on."""
        everything_ = (*self.begins.founding, *self.events)
        return [
            Recorded(position, stream, version, EPOCH, event)
            for position, (stream, version, event) in enumerate(everything_, start=1)
        ]

    def count(
        self,
        month: Month | str,
        definition: Definition | str = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
    ) -> Count:
        """Return how many participants count in *month*, as `jamsos.Registry.count` does."""
        named = definition_of(definition)
        return count(self.history(), month_of(month), named, by=by, programme=programme)

    def state(self, stream: str) -> State:
        """Return what the events of *stream* have made of it, whoever or whatever it holds."""
        known = self.states.get(stream)
        return _blank(stream) if known is None else known[0]

    # -- What a session reads: see `jamsos.commands.reading.Source`. ---------------------------

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*."""
        known = self.states.get
        return {s: known(s) or (_blank(s), 0) for s in streams}

    def concerning(self, stream: str) -> Concerning:
        """Return the events of other streams that concern *stream*."""
        first = len(self.begins.founding) + self._indexed + 1
        for position, (own, _, event) in enumerate(self.events[self._indexed :], start=first):
            for concerned in concerns(event):
                known = self._concerning.get(concerned, NOTHING)
                self._concerning[concerned] = Concerning(position, (*known.events, (own, event)))
        self._indexed = len(self.events)
        return self._concerning.get(stream, NOTHING)

    def acquisitions(self, agent: AgentId) -> tuple[Counter[date], int]:
        """Return how many *agent* acquired on which day, as known at a position."""
        days: Counter[date] = Counter()
        for _, event in self.concerning(agent).events:
            if (acquired := acquisition(event)) is not None and acquired[0] == agent:
                days[acquired[1]] += acquired[2]
        return days, self.position

    def last_position(self) -> int:
        """Return the position of the newest event."""
        return self.position

    def performance(self) -> AgentPerformance:
        """Return what the agents have done."""
        for stream, version, event in self.events[self._followed :]:
            self._performance.note(stream, version, event)
        self._followed = len(self.events)
        self._performance.position = self.position
        return self._performance

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are computed from."""
        people = (state for state, _ in self.states.values() if isinstance(state, Participant))
        return self._lines.base("everybody", people)

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*."""
        return measures_of(
            self.history(), programme, month=month, months=months, after_months=after_months
        )

    @property
    def position(self) -> int:
        """The position of the newest event."""
        return len(self.begins.founding) + len(self.events)


@lru_cache(maxsize=4_096)
def _blank(stream: str) -> State:
    """Return what *stream* holds before its first event."""
    return state_of(stream, ())


def _answer(session: Session, asked: Asked) -> Decision[Event]:
    if is_expansion(asked):
        return together([session.decide(each) for each in session.expand(asked)])
    return session.decide(cast("Command[Event]", asked))


def is_expansion(asked: Asked) -> TypeGuard[Expansion[Command[Event]]]:
    """Return whether *asked* stands for many commands."""
    return type(asked) in _EXPANSIONS


_EXPANSIONS: Final = frozenset(EXPANSIONS.values())


def together(answers: Iterable[Decision[Event]]) -> Decision[Event]:
    """Return *answers* as one: accepted with all events; if there are none, every refusal."""
    events: list[Event] = []
    refused: list[Refused] = []
    for answer in answers:
        if isinstance(answer, Accepted):
            events += answer.events
        else:
            refused.append(answer)
    if refused and not events:
        return Refused(*(reason for each in refused for reason in each.reasons))
    return Accepted(*events)
