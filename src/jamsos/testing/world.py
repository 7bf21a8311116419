"""A world in memory: one request after another is decided in it, as a registry decides them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import attrs

from jamsos.desk import Answer, Desk, by_case
from jamsos.domain.active import MANDATORY, Definition
from jamsos.domain.agent import Agent
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month
from jamsos.domain.decision import Accepted, Policy, Reason, Refused
from jamsos.domain.geography import NATIONAL
from jamsos.domain.history import Recorded
from jamsos.domain.identity import (
    ProgrammeName,
    RuleRef,
    check_agent,
    check_participant,
    programme_stream,
    quota_stream,
)
from jamsos.domain.participant import Participant
from jamsos.domain.programme import Measures, Programme, ProgrammeEstablished
from jamsos.domain.quota import Quota
from jamsos.errors import InputError, NotFoundError, RuleNotInForceError
from jamsos.formulas.active import PAID_UP
from jamsos.policies.standard import STANDARD
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.count import Count, count
from jamsos.projections.incentive_base import IncentiveBase
from jamsos.registry import measures_of
from jamsos.request import Request
from jamsos.rulebook import RuleFile, load
from jamsos.rulebook.shelf import enacting, everything
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import Entry, EventStore

Plan: TypeAlias = tuple[Request, ...]
"""Requests in the order in which they are asked; asked of a world, they make a history."""

Judges: TypeAlias = Mapping[type, Iterable[Policy[Any]]]
"""Policies by the case that they judge, in place of those that ship."""

TURNED_DOWN: Final = (InputError, NotFoundError, RuleNotInForceError)
"""What a request that cannot be meant raises. Nothing else may be."""

_EPOCH: Final = datetime(2018, 1, 1, tzinfo=UTC)
"""When everything in memory is recorded: the moment of writing is no axis of law."""


@attrs.frozen(eq=False)
class Setting:
    """
    What a world begins with: the law that is enacted in it, and who decides by which policies.

    Make one with `setting`. It is never changed, and any number of worlds can begin with it.
    """

    founding: tuple[tuple[str, int, Event], ...]
    """The events that enact the law, each with its stream and version there."""
    states: Mapping[str, tuple[State, int]]
    standard: Judges
    make_desk: Callable[..., Desk]
    own: tuple[RuleFile, ...] = ()
    """The rule files that came on top of those that ship."""

    @property
    def law(self) -> Mapping[str, Programme]:
        """The programmes that are enacted, by name."""
        return {p.name: p for p, _ in self.states.values() if isinstance(p, Programme)}

    def enact_in(self, store: str | Path) -> None:
        """
        Record the law of this setting in a *store*, a path or an address, that is new or empty.

        >>> from tempfile import TemporaryDirectory
        >>> import jamsos
        >>> with TemporaryDirectory() as folder:
        ...     setting().enact_in(f"{folder}/office.db")
        ...     with jamsos.open(f"{folder}/office.db") as registry:
        ...         registry.programme("perisai").rule("agent-cap", date(2018, 2, 5)).value
        10000

        So an office begins where a world does. Raises `ConflictError` for a store in which
        something has happened, `InputError` for one in memory, and as `jamsos.open` does.
        """
        if str(store) == ":memory:":
            msg = "a store in memory is gone when it is closed: name a file or an address"
            raise InputError(msg)
        with EventStore(store) as there:
            there.load(
                Entry(stream, version, CODEC.name(event), CODEC.encode(event), _EPOCH)
                for stream, version, event in self.founding
            )


def setting(
    rules: str | Path | Iterable[RuleFile] | None = None,
    *,
    policies: Judges | None = None,
    desk: Callable[..., Desk] = Desk,
    instead: bool = False,
) -> Setting:
    """
    Return a setting in which the law that ships is enacted, and those that ship decide.

    *rules* are rule files that come on top: a path, or what `jamsos.rulebook.load` returned. From
    the first day of theirs on, what they say of a rule is in force, and nothing else; before it
    what ships, unless they are there *instead* of it. *policies* judge the cases under which they
    stand, in place of those that ship. *desk* decides in place of `jamsos.Desk`.
    Raises as `jamsos.rulebook.load` does, and `InputError` for a rule that ships in another unit,
    or with values of another kind.
    """
    own = load(rules) if isinstance(rules, str | Path) else tuple(rules or ())
    founding, states = _enacted(own, instead=instead)
    return Setting(founding, states, {**STANDARD, **by_case(policies or {})}, desk, own)


@lru_cache(maxsize=256)
def _enacted(
    own: tuple[RuleFile, ...], *, instead: bool
) -> tuple[tuple[tuple[str, int, Event], ...], Mapping[str, tuple[State, int]]]:
    ships = {_key(file): file for file in everything()}
    theirs: set[tuple[str, str, str]] = set()
    for file in own:
        if _key(file) in theirs:
            msg = f"rule {file.programme}/{file.rule} stands in two files: let one have its values"
            raise InputError(msg)
        theirs.add(_key(file))
        if _key(file) in ships and not instead:
            _check_alike(file, ships[_key(file)])
    files = (*(f for f in everything() if not (instead and _key(f) in theirs)), *own)
    first: dict[ProgrammeName, date] = {}
    for file in files:
        begins = file.values[0].in_force
        first[file.programme] = min(begins, first.get(file.programme, begins))
    founding: list[tuple[str, int, Event]] = []
    states: dict[str, tuple[State, int]] = {}

    def happen(programme: str, event: Event) -> None:
        stream = programme_stream(programme)
        state, version = states.get(stream) or (state_of(stream, ()), 0)
        states[stream] = (state_of(stream, [event], since=state), version + 1)
        founding.append((stream, version + 1, event))

    for name, begins in first.items():
        happen(name, ProgrammeEstablished(programme=name, on=begins))
    for name, event in enacting(files):
        happen(name, event)
    return tuple(founding), states


def _key(file: RuleFile) -> tuple[str, str, str]:
    return file.programme, file.rule, file.scope


def _check_alike(file: RuleFile, ships: RuleFile) -> None:
    kinds = {value.kind for value in (*file.values, *ships.values)}
    if file.unit != ships.unit or len(kinds) > 1:
        msg = (
            f"rule {file.programme}/{file.rule} is of unit {file.unit!r} and kind"
            f" {file.values[0].kind}, and ships with unit {ships.unit!r} and kind"
            f" {ships.values[0].kind}: it keeps these"
        )
        raise InputError(msg)


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
    """A request, what it was answered, or the error that it raised, and what happened."""

    request: Request
    answer: Answer | Exception
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
    Everything as it is after the requests that were asked, and the history that made it.

    >>> from datetime import date
    >>> world = World()
    >>> world.desk().allot("perisai", 2, on=date(2018, 1, 1)).or_raise().events[0].seats
    2

    Each request is decided on a desk of its own, on what is recorded, as `jamsos.Registry`
    does it; nothing is kept on a disk.
    """

    def __init__(self, begins: Setting | None = None) -> None:
        self.begins = begins or setting()
        self.states: dict[str, tuple[State, int]] = dict(self.begins.states)
        """The state and the version of each stream that has events."""
        self.events: list[tuple[str, int, Event]] = []
        """What has happened since the law was enacted: stream, version, event."""
        self._performance = AgentPerformance()
        self._incentive_base = IncentiveBase()
        self._followed = [0, 0]
        self._verbs: dict[str, Callable[..., Any]] = {}

    # -- What is asked. ----------------------------------------------------------

    def desk(self) -> Desk:
        """Give a desk that decides on what is recorded here, and records nothing."""
        return self.begins.make_desk(self, standard=self.begins.standard)

    def ask(self, request: Request) -> Step:
        """
        Decide *request*, and record what it does.

        An error that a request raises which cannot be meant is its answer; any other is raised.
        """
        desk = self.desk()
        try:
            answer = self._verb(desk, request.name)(desk, *request.positional, **request.named)
        except TURNED_DOWN as error:
            return Step(request, error)
        if not isinstance(answer, Accepted | Refused):
            answer = together(answer)
        if isinstance(answer, Refused) or not answer.events:
            return Step(request, answer)
        draft = desk.draft()
        return Step(request, answer, self._record(draft.events, draft.written))

    def play(self, plan: Iterable[Request]) -> list[Step]:
        """Ask each request of *plan*, in order."""
        return [self.ask(request) for request in plan]

    def happen(self, stream: str, event: Event) -> Happened:
        """Record that *event* happened in *stream*, whatever led to it."""
        return self._record([(stream, self.load_many([stream])[stream][1] + 1, event)], {})[0]

    def _verb(self, desk: Desk, name: str) -> Callable[..., Any]:
        verb = self._verbs.get(name)
        if verb is None:
            found = getattr(type(desk), name)
            verb = self._verbs[name] = getattr(found, "__wrapped__", found)
        return verb

    def _record(
        self,
        decided: Sequence[tuple[str, int, Event]],
        written: Mapping[str, tuple[State, int]],
    ) -> list[Happened]:
        happened = []
        for stream, version, event in decided:
            known = self.states.get(stream)
            before = _blank(stream) if known is None else known[0]
            after, newest = written.get(stream, (before, 0))
            if version != newest:
                after = state_of(stream, (event,), since=before)
            self.states[stream] = (after, version)
            happened.append(Happened(stream, before, event, after))
        self.events += decided
        return happened

    # -- What there is. ----------------------------------------------------------

    def agent(self, agent: str) -> Agent:
        """
        Return an agent as he is; one who was never recruited is ``unknown``.

        Raises `InputError` for what is no agent's name, as `jamsos.Registry` does.
        """
        check_agent(agent)
        return cast("Agent", self.state(agent))

    def participant(self, participant: str) -> Participant:
        """
        Return a participant as he is; one who was never registered has no standing.

        Raises `InputError` for what is no participant's name, as `jamsos.Registry` does.
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
            Recorded(position, stream, version, _EPOCH, event)
            for position, (stream, version, event) in enumerate(everything_, start=1)
        ]

    def count(
        self,
        month: Month,
        definition: Definition = PAID_UP,
        *,
        by: tuple[str, ...] = (),
        programme: str = MANDATORY,
    ) -> Count:
        """Return how many participants count in *month*, as `jamsos.Registry.count` does."""
        return count(self.history(), month, definition, by=by, programme=programme)

    def state(self, stream: str) -> State:
        """Return what the events of *stream* have made of it, whoever or whatever it holds."""
        known = self.states.get(stream)
        return _blank(stream) if known is None else known[0]

    # -- What a desk rests on: see `jamsos.desk.Source`. ---------------------------

    def load_many(self, streams: Sequence[str]) -> Mapping[str, tuple[State, int]]:
        """Return the state and the version of each of *streams*."""
        known = self.states.get
        return {s: known(s) or (_blank(s), 0) for s in streams}

    def performance(self) -> AgentPerformance:
        """Return what the agents have done."""
        for stream, event in self._news(0):
            self._performance.note(stream, event)
        self._performance.position = self.position
        return self._performance

    def incentive_base(self) -> IncentiveBase:
        """Return what incentives are reckoned on."""
        for stream, event in self._news(1):
            self._incentive_base.note(stream, event)
        self._incentive_base.position = self.position
        return self._incentive_base

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        """Return the measures of *programme* at the end of *month*."""
        return measures_of(
            self.history(), programme, month=month, months=months, after_months=after_months
        )

    @property
    def position(self) -> int:
        """The position of the newest event."""
        return len(self.begins.founding) + len(self.events)

    def _news(self, which: int) -> Iterator[tuple[str, Event]]:
        for stream, _, event in self.events[self._followed[which] :]:
            yield stream, event
        self._followed[which] = len(self.events)


@lru_cache(maxsize=4_096)
def _blank(stream: str) -> State:
    """Return what *stream* holds before its first event."""
    return state_of(stream, ())


def together(answers: Any) -> Answer:  # noqa: ANN401 - of each agent, or of each row
    """
    Return the answers to many as one: accepted with all events; if there are none, every refusal.

    Raises `TypeError` for what is no answer, which a desk of one's own may give.
    """
    each = answers.values() if isinstance(answers, Mapping) else answers
    events: list[Event] = []
    reasons: list[Reason] = []
    for answer in (answers,) if isinstance(answers, str) else each:
        match answer:
            case Accepted():
                events += answer.events
            case Refused():
                reasons += answer.reasons
            case _:
                msg = f"{answer!r} is no answer: a desk gives Accepted or Refused"
                raise TypeError(msg)
    return Refused(*reasons) if reasons and not events else Accepted(*events)
