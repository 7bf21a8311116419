"""Decides commands on one reading, and stages what they lead to until it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from jamsos.commands import spelling, spelling_0_1
from jamsos.commands.command import Command, Expansion, Letter, Steps
from jamsos.commands.fields import check_fields
from jamsos.commands.reading import Reading, Source
from jamsos.domain.aggregate import STREAM, Event
from jamsos.domain.base import base, is_day
from jamsos.domain.decision import Accepted, Decision, Refused
from jamsos.domain.envelope import Envelope
from jamsos.domain.fixed import fixed
from jamsos.domain.identity import PROGRAMME_STREAM, QUOTA_STREAM, check_day, check_opaque
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.policies.standard import STANDARD, Judges
from jamsos.store.event_store import Kept

from .draft import Draft
from .rows import Rows

C = TypeVar("C")
E = TypeVar("E", bound=Event)

Decider: TypeAlias = Callable[[Any, Reading, Judges], Steps[Any]]
"""Decides one command, as its own method ``decide`` does."""

Around: TypeAlias = Callable[[Decider, Any, Reading, Judges], Steps[Any]]
"""Wraps every decision: it may change what is read, or what is staged."""

_NOBODY_KEPT: Final[Mapping[str, Kept]] = MappingProxyType({})


def no_answers(_: Sequence[str]) -> Mapping[str, Kept]:
    """Return no answers, as of a store in which none were kept."""
    return _NOBODY_KEPT


def _fixed_judges(judges: Judges) -> Judges:
    return fixed(judges)


def _fixed_deciders(deciders: Mapping[type, Decider]) -> Mapping[type, Decider]:
    return fixed(deciders)


@attrs.frozen
class Rules:
    """By which rules sessions decide: the policies, and what stands in for a decision."""

    judges: Judges = attrs.field(default=STANDARD, converter=_fixed_judges)
    deciders: Mapping[type, Decider] = attrs.field(
        default=MappingProxyType({}), converter=_fixed_deciders
    )
    """Decides commands of a type, in place of their own ``decide``."""
    around: Around | None = None


SHIPPED: Final = Rules()
"""The rules that ship."""


class Session:
    """
    Answers commands in order, each on what the ones before it have led to.

    It reads from *source* once, and records nothing: `Writer` does. *answers* finds what
    letters were answered before, by command id.
    """

    def __init__(
        self,
        source: Source,
        rules: Rules = SHIPPED,
        answers: Callable[[Sequence[str]], Mapping[str, Kept]] = no_answers,
    ) -> None:
        self.draft = Draft(source)
        self.new: list[Kept] = []
        """The letters with an id that were answered here for the first time."""
        self.envelopes: list[Envelope] = []
        """That of each staged event, in their order."""
        self._rules = rules
        self._answers = answers
        self._known: dict[str, Kept] = {}
        self._sought: set[str] = set()

    def ahead(self, letters: Iterable[Letter]) -> None:
        """Read together what *letters* are likely to rest on; it changes no answer."""
        streams: list[str] = []
        ids: list[str] = []
        for letter in letters:
            for command in letter.commands:
                with suppress(Exception):  # arguments that make no sense: the decision says so
                    for stream in command.streams():
                        if isinstance(stream, str) and STREAM.fullmatch(stream):
                            streams.append(stream)  # noqa: PERF401 - it may break off
            if letter.id is not None and letter.id not in self._sought:
                ids.append(letter.id)
        if ids:
            with suppress(CorruptHistoryError):  # raised again to the letter that has that id
                self._seek(ids)
        with suppress(CorruptHistoryError):  # raised again to those who rest on that stream
            self.draft.ahead(streams)

    def answer(self, letter: Letter, /) -> list[Decision[Any]]:
        """
        Return the answer to each command of *letter*; to one that was answered before, the same.

        Raises `InputError` if the id belongs to another letter, and whatever a decision
        raises: then nothing of the letter is staged.
        """
        self.ahead((letter,))
        return self.answer_read(letter)

    def answer_read(self, letter: Letter) -> list[Decision[Any]]:
        """Answer *letter* as `answer` does, after `ahead` was told of it."""
        staged, new = len(self.draft.staged), len(self.new)
        try:
            return self._answered(letter)
        except BaseException:  # also what a signal handler raises
            self.draft.back_to(staged)
            for kept in self.new[new:]:
                self._known.pop(kept.id, None)
            del self.new[new:], self.envelopes[staged:]
            raise

    def _answered(self, letter: Letter) -> list[Decision[Any]]:
        if letter.id is None:
            return self._staged(letter)
        spelled = spelling.written(letter.commands)
        if letter.id not in self._sought:
            self._seek((letter.id,))
        known = self._known.get(letter.id)
        if known is None:
            check_opaque("the command id", letter.id)
            first = len(self.draft.staged)
            answers = tuple(self._staged(letter))
            digest = spelling.digest(spelled)
            known = Kept(letter.id, digest, first, answers, spelled, letter.envelope)
            self.new.append(known)
            self._known[letter.id] = known
        else:
            _check_same(letter, spelled, known)
        return list(known.answers)

    def expand(self, expansion: Expansion[C], /) -> Sequence[C]:
        """Return the commands for which *expansion* stands, on this reading."""
        expansion = base(expansion)
        check_day("on", expansion.on)
        check_fields(expansion)
        return expansion.expand(self.draft)

    def decide(self, command: Command[E]) -> Decision[E]:
        """Return what is decided on one *command*, and stage its events."""
        if not is_day(command.on):
            check_day("on", command.on)
        check_fields(command)
        rules, reading = self._rules, self.draft
        decide = rules.deciders.get(type(command))
        if rules.around is not None:
            steps = rules.around(decide or type(command).decide, command, reading, rules.judges)
        elif decide is not None:
            steps = decide(command, reading, rules.judges)
        else:
            steps = command.decide(reading, rules.judges)
        return self._stage(steps)

    def _seek(self, ids: Sequence[str]) -> None:
        """Find what the letters under *ids* were answered before."""
        self._known.update(self._answers(ids))
        self._sought.update(ids)

    def _stage(self, steps: Steps[E]) -> Decision[E]:
        """Keep what is decided, if all of it is accepted; give every reason if not."""
        refused: list[Refused] = []
        events: list[E] = []
        for _, decision in steps:
            if isinstance(decision, Refused):
                refused.append(decision)
            elif isinstance(decision, Accepted):
                events += decision.events
            else:
                msg = f"{decision!r} is not a decision: it is Accepted or Refused"
                raise TypeError(msg)
        if refused:
            return refused[0] if len(refused) == 1 else _together(refused)
        for stream, decision in steps:
            for event in decision.events if isinstance(decision, Accepted) else ():
                self.draft.stage(stream, event)
        return Accepted(*events)

    def _staged(self, letter: Letter) -> list[Decision[Any]]:
        """Decide *letter*, and note its envelope for each of the events that are staged."""
        first = len(self.draft.staged)
        answers = self._decided(letter)
        self.envelopes[first:] = [letter.envelope] * (len(self.draft.staged) - first)
        return answers

    def _decided(self, letter: Letter) -> list[Decision[Any]]:
        if not letter.numbered:
            return list(map(self.decide, letter.commands))
        answers: list[Decision[Any]] = []
        rows, hit = Rows(), set[str]()
        for number, command in enumerate(letter.commands, start=1):
            people = _people(command) if hit else ()
            if not hit.isdisjoint(people):  # they rest on a row that is at fault
                continue
            known = len(answers)
            with rows.row(number):
                answers.append(self.decide(command))
            if len(answers) == known:
                hit.update(people or _people(command))
        rows.check()
        return answers


def _people(command: Command[Any]) -> Iterable[str]:
    """Return the streams of those whom *command* is about, as far as its arguments tell."""
    with suppress(Exception):  # arguments that make no sense: the decision says so
        return [s for s in command.streams() if not s.startswith((PROGRAMME_STREAM, QUOTA_STREAM))]
    return ()


def _together(refused: Iterable[Refused]) -> Refused:
    return Refused(*(reason for each in refused for reason in each.reasons))


def _check_same(letter: Letter, spelled: bytes, known: Kept) -> None:
    """Raise `InputError` unless *known* is what this very letter was answered."""
    if known.digest in {"", spelling.digest(spelled)}:
        return
    old = ":" not in known.digest
    if old and known.digest in spelling_0_1.digests(letter.commands):
        return
    msg = (
        f"the command id {letter.id} belongs to another command: give each command an id of its own"
    )
    if old:
        msg += (
            ". Version 0.1 answered that one, and told commands apart by their spelling too: rule"
            " files by their path, and rows by the defaults that they spelled. This may be the same"
            " command in an older spelling: its events name this command id"
        )
    raise InputError(msg)
