"""Given what happened, when something is asked, then that is the answer: one case of a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from jamsos.commands.catalogue import NAMES, verb_of
from jamsos.desk import Answer
from jamsos.domain.aggregate import Event, State, check_stream, kind
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.codec import UnreadableEventError
from jamsos.domain.decision import Accepted, Decision, Policy, Refused
from jamsos.engine.setting import Setting
from jamsos.engine.world import TURNED_DOWN, Asked, World
from jamsos.errors import InputError
from jamsos.store.catalogue import CODEC, EVENTS

C = TypeVar("C")

Happening: TypeAlias = Event | tuple[str, Event] | Asked
"""What may be given: an event, one with its stream, or a command that led to events."""

Expected: TypeAlias = Event | type
"""What may be expected: an event, or the type of one."""


def given(*happened: Happening, of: str | None = None, begins: Setting | None = None) -> Given:
    """
    Begin a case in which all of *happened* has happened, in that order.

    >>> from datetime import date
    >>> from jamsos.commands.agents import Assign, Certify
    >>> from jamsos.domain.agent import AgentCertified, AgentRecruited, AgentTrainingBegun
    >>> from jamsos.testing.moves import AGENTS
    >>> in_training = given(
    ...     AgentRecruited(
    ...         programme="perisai", province="51", region="national", rules=(),
    ...         on=date(2018, 1, 2),
    ...     ),
    ...     AgentTrainingBegun(on=date(2018, 1, 8)),
    ...     of=AGENTS[0],
    ... )
    >>> certified = in_training.when(Certify(AGENTS[0], on=date(2018, 2, 5)))
    >>> certified.then(AgentCertified(on=date(2018, 2, 5)))
    >>> in_training.when(Assign(AGENTS[0], on=date(2018, 2, 5))).then_refused("agent-lifecycle")

    Each is an event of the stream *of*; a pair of a stream and an event of it; or a command,
    which is asked. An event changes its own stream and no other: a command `Recruit` takes a
    seat, too. The law that ships is in force, or
    what *begins* says, made by `setting`.

    Every event of a case is written in its stored form and read back, and every state is made
    again of what was read; a case in which either comes out otherwise fails. Raises
    `InputError` for what cannot be given: no event, an event of another kind than its stream,
    or a command that is not accepted.
    """
    world = World(begins)
    for each in happened:
        if type(each) in NAMES:
            _grant(world, cast("Asked", each))
        else:
            world.happen(*_placed(cast("Event | tuple[str, Event]", each), of))
    _check_stored(world)
    return Given(tuple(happened), of, world)


@attrs.frozen(eq=False)
class Given:
    """
    What has happened, before anything is asked; made by `given`.

    Any number of questions can be asked of it: none of them changes the *world*.
    """

    happened: tuple[Happening, ...]
    of: str | None
    world: World
    """Everything as it is then: what a case for a policy is made of."""

    def when(
        self,
        asked: Asked | str | Callable[..., Decision[Any]],
        /,
        *positional: Any,  # noqa: ANN401 - as the method takes them
        **named: Any,  # noqa: ANN401
    ) -> Decided:
        """
        Ask a command; or the name of a method of `jamsos.Desk`, with its arguments.

        Or ask a decider: a function that is handed the state of the stream that `given` was
        told by *of*, and then the arguments; its events happen in that stream. Raises
        `InputError` for a name that no method has, and for a decider without a stream.
        """
        world = World(self.world.begins)
        for stream, _, event in self.world.events:
            world.happen(stream, event)
        if isinstance(asked, str):
            asked = _command(asked)(*positional, **named)
        if type(asked) in NAMES:
            command = cast("Asked", asked)
            said, answer = _sentence(command), world.ask(command).answer
        else:
            decider = cast("Callable[..., Decision[Any]]", asked)
            said = _call(_name(decider), positional, named)
            answer = self._decide(world, lambda state: decider(state, *positional, **named))
        _check_stored(world)
        return Decided(said, answer, world)

    def judge(self, policy: Policy[C], case: C, /) -> Decided:
        """
        Ask one *policy* about *case*, and nobody else.

        >>> from datetime import date
        >>> from jamsos.domain.quota import Seating
        >>> from jamsos.policies.agent_cap import seat_is_free
        >>> from jamsos.testing.moves import AGENTS
        >>> nothing = given()
        >>> world = nothing.world
        >>> case = Seating(
        ...     agent=world.agent(AGENTS[0]),
        ...     programme=world.programme("perisai"),
        ...     quota=world.quota("perisai"),
        ...     national=world.quota("perisai"),
        ...     on=date(2018, 2, 5),
        ... )
        >>> nothing.judge(seat_is_free, case).then_refused("agent-cap")
        """
        answer: Answer | Exception
        try:
            reason = policy(case)
            answer = Accepted() if reason is None else Refused(reason)
        except TURNED_DOWN as error:
            answer = error
        return Decided(f"{_name(policy)} judges a {type(case).__name__}", answer, self.world)

    def _decide(
        self, world: World, decider: Callable[[State], Decision[Any]]
    ) -> Answer | Exception:
        if self.of is None:
            msg = "a decider decides on a stream: tell which by given(..., of='agent-...')"
            raise InputError(msg)
        check_stream(self.of)
        state, _ = world.load_many([self.of])[self.of]
        try:
            decided = decider(state)
        except TURNED_DOWN as error:
            return error
        for event in decided.events if isinstance(decided, Accepted) else ():
            world.happen(*_placed(event, self.of))
        return decided


@attrs.frozen(eq=False)
class Decided:
    """
    What a question was answered, to be compared with what is expected.

    Every method raises `AssertionError` where another answer came; its text shows both, one
    event a line.
    """

    asked: str
    answer: Answer | Exception
    world: World
    """Everything as it is after the answer."""

    def then(self, *expected: Expected) -> None:
        """
        Expect to be accepted with these events, in this order.

        Of a type that stands in place of an event, any event will do. Raises `InputError` for
        no event at all, which `then_nothing` is for.
        """
        __tracebackhide__ = True
        for each in expected:
            if (each if isinstance(each, type) else type(each)) not in _TYPES:
                msg = f"{each!r} is no event: expect events, or types of them"
                raise InputError(msg)
        if not expected:
            msg = "nothing is expected: name the events, or say then_nothing()"
            raise InputError(msg)
        came = self.answer.events if isinstance(self.answer, Accepted) else None
        if came is None or len(came) != len(expected) or not all(map(_fits, expected, came)):
            self._fail(list(map(_line, expected)), _differences(expected, came or ()))

    def then_refused(self, *policies: str) -> None:
        """
        Expect to be refused by exactly these policies, in any order.

        They are named by the codes of their reasons, such as ``agent-cap``. Raises
        `InputError` where none is named.
        """
        __tracebackhide__ = True
        if not policies:
            msg = "nobody is said to refuse: name the policies, as in then_refused('agent-cap')"
            raise InputError(msg)
        reasons = self.answer.reasons if isinstance(self.answer, Refused) else ()
        if {reason.policy for reason in reasons} != {*policies}:
            self._fail([f"refused by {policy}" for policy in policies])

    def then_nothing(self) -> None:
        """Expect to be accepted with no events: it had been done before, or nobody minds."""
        __tracebackhide__ = True
        if not isinstance(self.answer, Accepted) or self.answer.events:
            self._fail([_NOTHING])

    def then_raises(self, error: type[Exception] = InputError) -> None:
        """Expect an *error*: the question cannot be meant."""
        __tracebackhide__ = True
        if not isinstance(self.answer, error):
            self._fail([f"an error: {error.__name__}"])

    def _fail(self, expected: Iterable[str], differences: Iterable[str] = ()) -> None:
        __tracebackhide__ = True
        lines = [
            f"when {self.asked}",
            "expected:",
            *(f"  {line}" for line in expected),
            "came:",
            *(f"  {line}" for line in _lines(self.answer)),
            *differences,
        ]
        raise AssertionError("\n".join(lines))


_TYPES = frozenset(EVENTS.values())
_NOTHING = "accepted, and nothing happens"


# -- What is given, and what is asked. -------------------------------------------------


def _grant(world: World, asked: Asked) -> None:
    answer = world.ask(asked).answer
    if not isinstance(answer, Accepted):
        why = "; ".join(_lines(answer))
        msg = f"what is given must have happened, and {_sentence(asked)} was not accepted: {why}"
        raise InputError(msg)


def _placed(happening: Event | tuple[str, Event], of: str | None) -> tuple[str, Event]:
    stream, event = happening if isinstance(happening, tuple) else (of, happening)
    if type(event) not in _TYPES:
        msg = f"{event!r} is no event: give events, pairs of a stream and an event, or commands"
        raise InputError(msg)
    if stream is None:
        msg = f"it is not said to whom this happened: give a pair, or of='agent-...': {event!r}"
        raise InputError(msg)
    whose, _, _ = CODEC.name(event).partition(".")
    if kind(stream) != whose:
        msg = f"{stream} is no {whose}: this cannot have happened to it: {event!r}"
        raise InputError(msg)
    check_stream(stream)
    return stream, event


def _command(verb: str) -> Callable[..., Asked]:
    found = {verb_of(kind): kind for kind in NAMES}.get(verb)
    if found is None:
        msg = f"{verb!r} cannot be asked: give a command, or the name of a method that asks one"
        raise InputError(msg)
    return found


# -- Through the stored form, and back. --------------------------------------------------


def _check_stored(world: World) -> None:
    """Fail where an event of *world*, stored and read, is another, or makes another state."""
    states: dict[str, State] = {s: state for s, (state, _) in world.begins.states.items()}
    for stream, _, event in world.events:
        read = _stored_and_read(event)
        if read != event:
            msg = f"stored and read back, an event is another:\n  {event!r}\n  {read!r}"
            raise AssertionError(msg)
        states[stream] = state_of(stream, (read,), since=states.get(stream))
    for stream, (state, _) in world.states.items():
        if states[stream] != state:
            made = states[stream]
            msg = f"made of what was stored, {stream} is:\n  {made!r}\nand was:\n  {state!r}"
            raise AssertionError(msg)


def _stored_and_read(event: Event) -> Event:
    try:
        read: Event = CODEC.decode(CODEC.name(event), CODEC.encode(event))
    except (UnreadableEventError, NotImplementedError) as error:
        msg = f"an event cannot be stored and read back: {error}\n  {event!r}"
        raise AssertionError(msg) from error
    return read


# -- What is shown of them. ----------------------------------------------------------------


def _fits(expected: Expected, came: Event) -> bool:
    return type(came) is expected if isinstance(expected, type) else came == expected


def _lines(answer: Answer | Exception) -> Sequence[str]:
    if isinstance(answer, Refused):
        return [f"refused by {reason.policy}: {reason.explanation}" for reason in answer.reasons]
    if isinstance(answer, Accepted):
        return [*map(_line, answer.events)] or [_NOTHING]
    return [f"an error: {type(answer).__name__}: {answer}"]


def _line(event: Expected) -> str:
    return f"any {event.__name__}" if isinstance(event, type) else repr(event)


def _differences(expected: Sequence[Any], came: Sequence[Any]) -> list[str]:
    """Name the fields in which the first event that differs is another than expected."""
    for number, (one, other) in enumerate(zip_longest(expected, came), start=1):
        if one is None or other is None or _fits(one, other):
            continue
        if type(one) is not type(other):
            return [f"event {number} is of another type"]
        fields = (field.name for field in attrs.fields(type(other)))
        names = [name for name in fields if getattr(one, name) != getattr(other, name)]
        return [
            f"event {number} has another {name}: {getattr(other, name)!r}, not"
            f" {getattr(one, name)!r}"
            for name in names
        ]
    return []


def _sentence(command: Asked) -> str:
    """Return *command* as a call of its verb, without what is as usual."""
    told = {
        field: getattr(command, field.name)
        for field in attrs.fields(type(command))
        if getattr(command, field.name) != field.default
    }
    positional = [value for field, value in told.items() if not field.kw_only]
    named = {field.name: value for field, value in told.items() if field.kw_only}
    return _call(verb_of(type(command)), positional, named)


def _call(name: str, positional: Iterable[object], named: Mapping[str, object]) -> str:
    told = [*map(str, positional), *(f"{name}={value}" for name, value in named.items())]
    return f"{name}({', '.join(told)})"


def _name(function: object) -> str:
    return str(getattr(function, "__name__", function))
