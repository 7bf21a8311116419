"""Given what happened, when something is asked, then that is the answer: one case of a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from jamsos.commands.catalogue import NAMES, verb_of
from jamsos.desk import Answer
from jamsos.domain.aggregate import Event, State, check_stream, kind
from jamsos.domain.decision import Accepted, Decision, Policy, Refused
from jamsos.engine.setting import Setting
from jamsos.engine.world import TURNED_DOWN, Asked, World
from jamsos.errors import InputError
from jamsos.store.catalogue import CODEC

from .expecting import EVENT_TYPES, Decided
from .storing import check_stored
from .texts import call, lines_of, name_of, sentence

C = TypeVar("C")
Happening: TypeAlias = Event | tuple[str, Event] | Asked
"""An event, one with its stream, or a command that led to events."""


def given(*happened: Happening, of: str | None = None, begins: Setting | None = None) -> Given:
    """
    Begin a case in which all of *happened* has happened, in that order.

    >>> from datetime import date
    >>> from jamsos.commands.agents import Assign, Certify
    >>> from jamsos.domain.agent import AgentCertified, AgentRecruited, AgentTrainingBegun
    >>> from jamsos.testing.names import AGENTS
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
    check_stored(world)
    return Given(tuple(happened), of, world)


@attrs.frozen(eq=False)
class Given:
    """
    A beginning: everything that has happened before a question is asked. Made by `given`.

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
            said, answer = sentence(command), world.ask(command).answer
        else:
            decider = cast("Callable[..., Decision[Any]]", asked)
            said = call(name_of(decider), positional, named)
            answer = self._decide(world, lambda state: decider(state, *positional, **named))
        check_stored(world)
        return Decided(said, answer, world)

    def judge(self, policy: Policy[C], case: C, /) -> Decided:
        """
        Ask one *policy* about *case*, and nobody else.

        >>> from datetime import date
        >>> from jamsos.domain.quota import Seating
        >>> from jamsos.policies.agent_cap import seat_is_free
        >>> from jamsos.testing.names import AGENTS
        >>> nothing = given()
        >>> world = nothing.world
        >>> case = Seating(
        ...     agent=world.agent(AGENTS[0]),
        ...     programme=world.programme("perisai"),
        ...     quota=world.quota("perisai"),
        ...     national=world.quota("perisai"),
        ...     on=date(2018, 2, 5),
        ... )
        >>> nothing.judge(seat_is_free, case).then_refused("seat-allotment")
        """
        answer: Answer | Exception
        try:
            reason = policy(case)
            answer = Accepted() if reason is None else Refused(reason)
        except TURNED_DOWN as error:
            answer = error
        return Decided(f"{name_of(policy)} judges a {type(case).__name__}", answer, self.world)

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


def _grant(world: World, asked: Asked) -> None:
    answer = world.ask(asked).answer
    if not isinstance(answer, Accepted):
        why = "; ".join(lines_of(answer))
        msg = f"what is given must have happened, and {sentence(asked)} was not accepted: {why}"
        raise InputError(msg)


def _placed(happening: Event | tuple[str, Event], of: str | None) -> tuple[str, Event]:
    stream, event = happening if isinstance(happening, tuple) else (of, happening)
    if type(event) not in EVENT_TYPES:
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
