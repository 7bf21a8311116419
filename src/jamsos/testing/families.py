"""Laws that hold of most systems, ready-made: each function here returns one, for `check`."""
# ruff: noqa: S101 - a law asserts

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from jamsos.commands.agents import Assign, BeginTraining, Certify, Resign, Terminate
from jamsos.commands.catalogue import verb_of
from jamsos.commands.command import fields_of
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import Amend
from jamsos.commands.seats import MoveSeats
from jamsos.domain.agent import Agent, AgentIncentiveClawedBack, AgentStatus, Settled
from jamsos.domain.aggregate import Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation, Status
from jamsos.domain.codec import UnreadableEventError
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import (
    AGENT,
    PARTICIPANT,
    RuleRef,
    programme_stream,
)
from jamsos.domain.participant import (
    LeavingReason,
    Participant,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
)
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota
from jamsos.domain.rule import DatedValue
from jamsos.engine.draft import Draft
from jamsos.engine.world import Asked, Plan, Step, World, refs
from jamsos.errors import JamsosError
from jamsos.formulas.payment_due import is_encoded, payment_due
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE
from jamsos.store.catalogue import CODEC

from .checking import renamed
from .comparing import alike
from .moves import AGENTS, ASSUMED, PEOPLE, PROGRAMME, changed, subject
from .stating import History, Law, law, only_if

Cite: TypeAlias = str | Citation

Measure: TypeAlias = Callable[[World], int]
"""A whole number that is read off a world, in whatever unit it has."""

HOW_IT_WORKS: Final = "how histories are kept, not a law of the land"
"""What a family cites that no legal text lays down."""


# -- A measure, before and after each step. ------------------------------------------


def never_passes(
    says: str,
    measure: Measure,
    limit: int | Callable[[World, date], int],
    *,
    cite: Cite,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that no step takes *measure* above *limit*, both in one unit.

    >>> from jamsos.testing import check
    >>> few = never_passes("At most four agents work", seats_taken, 4, cite="example")
    >>> check(few, histories=20).exercised > 10
    True

    *limit* is a whole number, or what the world says that it is on the day of the step. It speaks
    of steps that raise the measure: where a limit is lowered under it, nobody has passed that.
    """

    @law(says, cite=cite, about=about)
    def never_passes(step: Step, world: World) -> None:
        only_if(step.happened)
        now, was = measure(world), measure(before(world, step))
        only_if(now > was)
        on = step.happened[-1].event.on
        most = limit if isinstance(limit, int) else limit(world, on)
        assert now <= most, f"it is {now:,} after {on}, and the limit {most:,}"

    return never_passes


def conserved(
    says: str,
    measure: Measure,
    *,
    except_by: tuple[type, ...] = (),
    cite: Cite = HOW_IT_WORKS,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that *measure* stays as it is, save in steps with an event *except_by* names.

    >>> from jamsos.domain.quota import QuotaSeatReleased, QuotaSeatTaken
    >>> from jamsos.testing import check
    >>> moved = (QuotaSeatTaken, QuotaSeatReleased)
    >>> stays = conserved("Only agents take seats", seats_taken, except_by=moved)
    >>> check(stays, histories=20).exercised > 10
    True
    """

    @law(says, cite=cite, about=about)
    def conserved(step: Step, world: World) -> None:
        only_if(step.happened)
        only_if(not any(isinstance(each.event, except_by) for each in step.happened))
        now, was = measure(world), measure(before(world, step))
        assert now == was, f"{verb_of(type(step.command))} makes it {now:,}, which was {was:,}"

    return conserved


def monotone(
    says: str,
    measure: Callable[[World, Asked], int | None],
    *,
    command: type[Any],
    argument: str,
    more: Callable[[Any], Any],
    cite: Cite,
    about: Iterable[str] | None = None,
) -> Law:
    """
    Return the law that *measure* of a command is never less where *argument* is *more*.

    >>> from jamsos.testing import check
    >>> due = monotone(
    ...     "More income, never less due", due_for, command=Pay, argument="income",
    ...     more=lambda income: income + 100_000, cite="example",
    ... )
    >>> check(due, histories=20).exercised > 10
    True

    It speaks of each *command* of that type, in the world as it was when it was asked.
    *measure* gives a whole number, or None for a command that it says nothing of.
    """

    @law(says, cite=cite, about=about)
    def monotone(step: Step, world: World) -> None:
        asked = step.command
        only_if(isinstance(asked, command))
        then, value = before(world, step), getattr(asked, argument)
        less = measure(then, asked)
        greater = measure(then, changed(asked, **{argument: more(value)}))
        if less is None or greater is None:
            only_if(condition=False)
        else:
            what = f"{greater:,} for {more(value)}, and {less:,} for {value}"
            assert less <= greater, what

    return monotone


# -- What was decided stays. ----------------------------------------------------------


def never_rejudged() -> Law:
    """
    Return the law that what was decided stays decided.

    Each rule that an event names is there when it is named, and says the same ever after; and an
    incentive is clawed back for a contribution only where that was corrected.
    """

    @law("What was decided is never judged again", cite=HOW_IT_WORKS)
    def never_rejudged(history: History) -> None:
        states: dict[str, State] = {
            s: state for s, (state, _) in history.world.begins.states.items()
        }
        said: dict[RuleRef, DatedValue | None] = {}
        corrected: set[tuple[str, str]] = set()
        for each in history.events:
            event = each.event
            states[each.stream] = state_of(each.stream, (event,), since=states.get(each.stream))
            for ref in refs(event):
                said.setdefault(ref, _dated(states.get(_programme_of(ref)), ref))
            if isinstance(event, ParticipantContributionCorrected):
                corrected.add((each.stream, event.corrects))
            if isinstance(event, AgentIncentiveClawedBack):
                for line in event.contributions:
                    key = (line.received.participant, line.received.reference)
                    assert key in corrected, f"{key[1]} of {key[0]} is taken back, and stands"
        only_if(said)
        for ref, then in said.items():
            now = _dated(states.get(_programme_of(ref)), ref)
            assert then is not None, f"it was decided on {ref}, which there was not"
            assert now == then, f"{ref} says another thing than when it was decided on"

    return never_rejudged


def amendment_leaves_the_past_alone() -> Law:
    """
    Return the law that a rule amended from a later day on leaves what is decided before it alone.

    Beside each history stands one in which the amendment was known from the first day on.
    """

    @law(
        "A rule that is amended from a day on decides nothing before that day",
        cite=HOW_IT_WORKS,
        beside=_amended,
    )
    def amendment_leaves_the_past_alone(history: History, other: History) -> None:
        only_if(len(other.steps) > len(history.steps))
        amendment, *steps = other.steps
        only_if(amendment.happened)
        assert isinstance(amendment.command, Amend)
        begins = amendment.command.value.in_force
        compared = 0
        for one, two in zip(history.steps, steps, strict=True):
            if latest_day(one.command) >= begins:
                break
            compared += 1
            what = f"{_name(one)}: {one.outcome}, and {two.outcome} with what begins {begins}"
            assert alike(one, two), what
        only_if(compared)

    return amendment_leaves_the_past_alone


# -- The same, asked in another way. ---------------------------------------------------


def idempotent(*, exempt: Collection[type[Any]] = (MoveSeats,)) -> Law:
    """
    Return the law that what was granted and is asked again at once does not happen twice.

    Commands of the *exempt* types are left out: `MoveSeats` moves as many seats again.
    """

    @law("What is asked twice happens once", cite=HOW_IT_WORKS)
    def idempotent(step: Step, world: World) -> None:
        only_if(step.happened and type(step.command) not in exempt)
        try:
            again = world.would_happen(step.command)
        except JamsosError:
            return
        assert not again, f"{_name(step)} happens again: {CODEC.name(again[0])}"

    return idempotent


def commutes() -> Law:
    """
    Return the law that commands about different people may change places.

    It swaps neighbours that have nobody in common, of the commands that take no free seat and
    measure nothing: all states are the same in the end.
    """

    @law(
        "In which order different people are dealt with makes no difference",
        cite=HOW_IT_WORKS,
        beside=_swapped,
        about=("seats", "agents", "participants"),
    )
    def commutes(history: History, other: History) -> None:
        pairs = zip(history.steps, other.steps, strict=True)
        only_if(any(one.command is not two.command for one, two in pairs))
        for stream, (state, version) in history.world.states.items():
            assert other.world.states.get(stream) == (state, version), f"{stream} is another"
        assert len(other.world.states) == len(history.world.states), "there are other streams"

    return commutes


def renaming_changes_nothing() -> Law:
    """Return the law that agents and participants by other names are dealt with alike."""

    @law("Who somebody is makes no difference", cite=HOW_IT_WORKS, beside=_renamed)
    def renaming_changes_nothing(history: History, other: History) -> None:
        only_if(any(s.startswith(("agent-", "participant-")) for s in history.world.states))
        for one, two in zip(history.steps, other.steps, strict=True):
            what = f"{_name(one)}: {one.outcome}, and by other names {two.outcome}"
            assert one.outcome == two.outcome, what
        named, told = _told(history.world, _OTHER_NAMES), _told(other.world, {})
        for stream, state in named.items():
            assert told.get(stream) == state, f"{stream} is another than by the other name"
        assert len(told) == len(named), "there are other streams"

    return renaming_changes_nothing


# -- What is kept. ---------------------------------------------------------------------


def round_trip() -> Law:
    """Return the law that each event is read as it was stored, and stored again as it was."""

    @law("An event is read as it was written", cite=HOW_IT_WORKS)
    def round_trip(event: Any) -> None:  # noqa: ANN401 - any event
        stored = _stored(event)
        read = _read(event, stored)
        assert read == event, f"{CODEC.name(event)} is read otherwise than it was"
        assert _stored(read) == stored, f"{CODEC.name(event)} is stored otherwise again"

    return round_trip


def replay_equals_live() -> Law:
    """Return the law that the stored events, one version after another, make the live states."""

    @law(
        "A replay of the stored events comes to the states that were decided on", cite=HOW_IT_WORKS
    )
    def replay_equals_live(history: History) -> None:
        only_if(history.world.events)
        known = dict(history.world.begins.states)
        for stream, version, event in history.world.events:
            state, last = known.get(stream) or (state_of(stream, ()), 0)
            assert version == last + 1, f"version {version} of {stream} follows version {last}"
            read = _read(event, _stored(event))
            known[stream] = (state_of(stream, (read,), since=state), version)
        for stream, live in history.world.states.items():
            assert known.get(stream) == live, f"{stream} is another in the replay"

    return replay_equals_live


# -- How it can end. --------------------------------------------------------------------


def clean_end_is_reachable() -> Law:
    """
    Return the law that from wherever a history has come to, everybody can leave.

    Each agent resigns, unless he has or was terminated, and each participant leaves: then no
    seat is taken, and nobody is registered.
    """

    @law("From any state everybody can leave, and no seat stays taken", cite=HOW_IT_WORKS)
    def clean_end_is_reachable(history: History) -> None:
        world, on = copied(history.world), last_day(history.world)
        leaving = [*_leaving(world, on)]
        only_if(leaving)
        for asked in leaving:
            step = world.ask(asked)
            who = getattr(asked, subject(asked))
            assert step.outcome == "accepted", f"{who} cannot {_name(step)}: {step.outcome}"
        for stream, (state, _) in world.states.items():
            if isinstance(state, Quota):
                assert state.taken == 0, f"{state.taken} seats of {stream} stay taken"
            if isinstance(state, Agent):
                assert state.seat is None, f"{stream} keeps his seat in {state.seat}"
            if isinstance(state, Participant):
                here = [s for s, standing in state.standings.items() if standing.current]
                assert not here, f"{stream} stays in {', '.join(here)}"

    return clean_end_is_reachable


def nothing_owed_is_stranded() -> Law:
    """
    Return the law that an incentive can be had back, whenever what it was for proves a mistake.

    Wherever a history has come to, each month is settled, each contribution that is rewarded is
    corrected, and the months are settled once more: then neither an agent nor his office keeps
    anything, and nobody owes more than he was given.
    """

    @law(
        "What was awarded for payments that were mistakes is clawed back",
        cite=HOW_IT_WORKS,
        about=("seats", "agents", "participants", "incentives"),
    )
    def nothing_owed_is_stranded(history: History) -> None:
        world, on = copied(history.world), last_day(history.world) + timedelta(days=31)
        for agent_id, month in _earners(world):
            world.ask(AwardIncentive(agent_id, month, on=on))
        settled = [(agent, month) for agent in _agents(world) for month in agent.incentives]
        only_if(any(agent.incentives[month].gross for agent, month in settled))
        for agent, month in settled:
            for who, reference in _rewarded(agent.incentives[month]):
                world.ask(Correct(who, corrects=reference, on=on))
        for agent, month in settled:
            step = world.ask(AwardIncentive(agent.id, month, on=on))
            kept = world.agent(agent.id).incentives[month]
            what = f"of {month}, {agent.id} keeps Rp {kept.agent:,} and his office Rp"
            assert (kept.gross, kept.agent, kept.office) == (0, 0, 0), (
                f"{what} {kept.office:,}, for payments that were corrected: {step.outcome}"
            )

    return nothing_owed_is_stranded


# -- What the families are made of, and a law of one's own may be. -----------------------


def before(world: World, step: Step) -> World:
    """
    Return the world as it was before *step*, its last one, was asked.

    >>> from jamsos.commands.seats import Allot
    >>> world = World()
    >>> step = world.ask(Allot("perisai", 2, on=date(2018, 1, 1)))
    >>> world.quota("perisai").issued, before(world, step).quota("perisai").issued
    (2, 0)
    """
    was = copied(world)
    for each in reversed(step.happened):
        _, version = was.states[each.stream]
        was.states[each.stream] = (each.before, version - 1)
        if version == 1:
            del was.states[each.stream]
    del was.events[len(was.events) - len(step.happened) :]
    return was


def copied(world: World) -> World:
    """Return a world that is as *world* is, to go on in without changing that one."""
    copy = World(world.begins)
    copy.states, copy.events = dict(world.states), list(world.events)
    return copy


def seats_taken(world: World) -> int:
    """Return how many seats are taken, in all regions and programmes."""
    return sum(quota.taken for quota in _quotas(world))


def seats_beside_agents(world: World) -> int:
    """Return how many more seats are taken than agents hold: 0 where all is well."""
    return seats_taken(world) - sum(agent.seat is not None for agent in _agents(world))


def seats_beside_issued(world: World) -> int:
    """Return how many more seats regions have than were issued: 0 where all is well."""
    quotas = [*_quotas(world)]
    issued = sum(quota.issued for quota in quotas if quota.region == NATIONAL)
    return sum(quota.allotted for quota in quotas) - issued


def due_for(world: World, asked: Asked) -> int | None:
    """Return what is due for the payment that *asked* tells of, in rupiah; None if no rule says."""
    if not isinstance(asked, Pay):
        return None
    try:
        case = asked.case(Draft(world))
        return payment_due(case).value.total if is_encoded(case) else None
    except JamsosError:
        return None


def last_day(world: World) -> date:
    """Return the last day of which anything is recorded."""
    return max(event.on for _, _, event in (*world.begins.founding[:1], *world.events))


def latest_day(asked: Asked) -> date:
    """Return the latest day that *asked* speaks of: its months count, and where a value begins."""
    days = [date.min]
    for field in fields_of(asked):
        value = getattr(asked, field.name)
        if isinstance(value, date):
            days.append(value)
        elif isinstance(value, DatedValue):
            days.append(value.in_force)
        elif isinstance(value, Month):
            days.append(value.last_day)
        elif isinstance(value, Months) and value:
            days.append(date.max if value.last is None else value.last.last_day)
    return max(days)


def _all(world: World, kind: type[Any]) -> Iterator[Any]:
    return (state for state, _ in world.states.values() if isinstance(state, kind))


def _agents(world: World) -> Iterator[Agent]:
    return _all(world, Agent)


def _quotas(world: World) -> Iterator[Quota]:
    return _all(world, Quota)


def _programme_of(ref: RuleRef) -> str:
    return programme_stream(ref.partition("/")[0])


def _dated(programme: State | None, ref: RuleRef) -> DatedValue | None:
    version = programme.version(ref) if isinstance(programme, Programme) else None
    return None if version is None else version.dated


def _stored(event: Event) -> bytes:
    try:
        return CODEC.encode(event)
    except (TypeError, ValueError, NotImplementedError) as error:
        msg = f"{type(event).__name__} cannot be stored: {error}"
        raise AssertionError(msg) from error


def _read(event: Event, stored: bytes) -> Event:
    try:
        read: Event = CODEC.decode(CODEC.name(event), stored)
    except (KeyError, UnreadableEventError) as error:
        msg = f"{type(event).__name__} cannot be read again: {error}"
        raise AssertionError(msg) from error
    return read


def _leaving(world: World, on: date) -> Iterator[Asked]:
    for agent in _agents(world):
        if agent.status not in {AgentStatus.RESIGNED, AgentStatus.TERMINATED}:
            yield Resign(agent.id, on=on)
    for person in _all(world, Participant):
        if any(standing.current is not None for standing in person.standings.values()):
            yield Leave(person.id, reason=LeavingReason.OTHER, on=on)


def _earners(world: World) -> Iterator[tuple[str, Month]]:
    """Yield each agent for whom anything came in, and the month in which it did."""
    paid = {e.on for _, _, e in world.events if isinstance(e, ParticipantContributionPaid)}
    for month in sorted(set(map(Month.of, paid))):
        for agent in sorted(world.incentive_base().agents(month)):
            yield agent, month


def _rewarded(settled: Settled) -> Iterator[tuple[str, str]]:
    """Yield each payment that something was awarded for: whose it is, and its reference."""
    yield from settled.contributions
    for each in settled.acquired.values():
        yield each.participant, each.reference


# -- The other plans. ---------------------------------------------------------------------

_IN_ANY_ORDER: Final = frozenset(
    {
        BeginTraining,
        Certify,
        Assign,
        Resign,
        Terminate,
        Register,
        Pay,
        Correct,
        Move,
        Transfer,
        Leave,
        ComeBack,
    }
)
"""Commands that look at nobody but those whom they name, and take no seat."""

_AMENDED: Final = ((IDLE_RULE, 1), (IDLE_RULE, 5), (RETURN_RULE, 1), (RETURN_RULE, 12))
"""Rules that an amendment may give these values without an evaluation."""


def _swapped(plan: Plan, dice: Random) -> Plan:
    """Return *plan* with neighbours in each other's place that have nobody in common."""
    del dice
    swapped, number = list(plan), 0
    while number + 1 < len(swapped):
        one, two = swapped[number : number + 2]
        if _apart(one, two):
            swapped[number : number + 2] = two, one
            number += 1
        number += 1
    return tuple(swapped)


def _apart(one: Asked, two: Asked) -> bool:
    in_any_order = {type(one), type(two)} <= _IN_ANY_ORDER
    return in_any_order and _people(one).isdisjoint(_people(two))


def _name(step: Step) -> str:
    return verb_of(type(step.command))


def _people(asked: Asked) -> set[str]:
    values = [getattr(asked, field.name) for field in fields_of(asked)]
    texts = [each for each in values if isinstance(each, str)]
    return {text for text in texts if AGENT.fullmatch(text) or PARTICIPANT.fullmatch(text)}


_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(AGENTS, (*AGENTS[1:], AGENTS[0]), strict=True)),
        **dict(zip(PEOPLE, (*PEOPLE[1:], PEOPLE[0]), strict=True)),
    }
)
_NAME: Final = re.compile(rf"{AGENT.pattern}|{PARTICIPANT.pattern}")


def _renamed(plan: Plan, dice: Random) -> Plan:
    del dice
    return tuple(renamed(asked, _OTHER_NAMES) for asked in plan)


def _told(world: World, names: Mapping[str, str]) -> dict[str, object]:
    """Return what *world* has of each stream, by other *names*."""

    def by_other_names(text: str) -> str:
        return _NAME.sub(lambda found: names.get(found[0], found[0]), text)

    return {
        by_other_names(stream): state
        if isinstance(state, Programme)
        else by_other_names(repr(state))
        for stream, (state, _) in world.states.items()
    }


def _amended(plan: Plan, dice: Random) -> Plan:
    """Return *plan* after an amendment that begins on one of its later days."""
    days = sorted({asked.on for asked in plan})
    if len(days) < len(("the first", "a later one")):
        return plan
    rule, value = _AMENDED[int(dice.random() * len(_AMENDED))]
    begins = days[int((1 + dice.random()) * len(days) / 2)]
    dated = DatedValue(value=value, in_force=begins, citation=ASSUMED, status=Status.ASSUMED)
    return (Amend(PROGRAMME, rule, dated, on=days[0]), *plan)


# -- Those that hold of the law that ships. -----------------------------------------------

ALL: Final[tuple[Law, ...]] = (
    conserved("As many seats are taken as agents hold", seats_beside_agents),
    conserved("Regions have as many seats as were issued", seats_beside_issued),
    monotone(
        "Who declares more income never owes less",
        due_for,
        command=Pay,
        argument="income",
        more=lambda income: income + 100_000,
        cite="PP 44/2015, Lampiran II",
        about=("participants",),
    ),
    never_rejudged(),
    amendment_leaves_the_past_alone(),
    idempotent(),
    commutes(),
    renaming_changes_nothing(),
    round_trip(),
    replay_equals_live(),
    clean_end_is_reachable(),
    nothing_owed_is_stranded(),
)
"""The families that need nothing said, and some that do: all hold of the law that ships."""
