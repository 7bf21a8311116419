"""An answer that carries its explanation, written down by the very run that found it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

import attrs

from jamsos.language import Language, sentence

from .citation import Status
from .field import shown
from .fixed import fixed
from .geography import NATIONAL, Region
from .identity import RuleRef
from .money import Rupiah, check_whole
from .programme import Programme
from .rate import RATE, WHOLE
from .rule import Rule
from .value import Cell, Kind, Table, Word

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Certainty(StrEnum):
    """How well something is known, from the best to the worst."""

    ENACTED = "enacted"
    """Read in the legal text itself, or nothing but arithmetic."""
    REPORTED = "reported"
    """Read in the press or another secondary source."""
    UNVERIFIED = "unverified"
    """The sources that were read speak for an earlier day only: it may hold."""
    ASSUMED = "assumed"
    """Chosen, for want of a source."""
    NOT_ENCODED = "not-encoded"
    """The law says something here that no rule holds, or that is not known."""


_ORDER: Final = tuple(Certainty)


def weakest(certainties: Iterator[Certainty]) -> Certainty:
    """
    Return the worst of *certainties*; `Certainty.ENACTED` if there are none.

    >>> str(weakest(iter([Certainty.REPORTED, Certainty.ASSUMED, Certainty.ENACTED])))
    'assumed'
    """
    return max(certainties, key=_ORDER.index, default=Certainty.ENACTED)


def certainty_of(rule: Rule, on: date) -> Certainty:
    """Return how well it is known what *rule* says of the day *on*."""
    known = {
        Status.ENACTED: Certainty.ENACTED,
        Status.REPORTED: Certainty.REPORTED,
        Status.ASSUMED: Certainty.ASSUMED,
    }[rule.dated.status]
    return known if rule.verified(on) else weakest(iter((known, Certainty.UNVERIFIED)))


def _fixed(values: Mapping[str, object]) -> Mapping[str, object]:
    return fixed(values)


@attrs.frozen
class Step:
    """
    One step of a run: the *key* of a sentence, and the *values* that stand in it.

    *rule* names the value of a rule that was read, and *certainty* says how well this step
    is known, whatever the others are.
    """

    key: str
    values: Mapping[str, object] = attrs.field(default=MappingProxyType({}), converter=_fixed)
    certainty: Certainty = Certainty.ENACTED
    rule: RuleRef | None = None

    def text(self, language: Language = Language.ENGLISH) -> str:
        """Return the step as a sentence, and how well it is known if that is not enacted."""
        said = sentence(self.key, self.values, language)
        if self.rule is None and self.certainty is not Certainty.ENACTED:
            mark = sentence(f"certainty-{self.certainty}", {}, language)
            return f"{said} [{mark}]"
        return said


class _Said(NamedTuple):
    """A note of a policy's own."""

    key: str
    values: Mapping[str, object]
    certainty: Certainty

    def step(self) -> Step:
        return Step(self.key, self.values, self.certainty)


class _Read(NamedTuple):
    """A note of what a value of a rule says of a day: *at* is the row or bracket."""

    rule: Rule
    on: date
    at: str | int | None
    said: Cell

    def step(self) -> Step:
        rule, on, at, said = self
        key = "read-names" if isinstance(said, tuple) else _FORMS.get(rule.unit, "read-number")
        values = {
            "rule": rule.ref,
            "at": at,
            "said": said,
            "unit": rule.unit,
            "citation": str(rule.citation),
            "status": str(rule.dated.status),
            "on": on,
            "verified": None if rule.verified(on) else rule.dated.verified_until,
        }
        return Step(key, values, certainty_of(rule, on), rule.ref)


_Note: TypeAlias = _Said | _Read


def _told(notes: tuple[_Note, ...]) -> tuple[Step, ...]:
    return tuple(note.step() for note in notes)


@attrs.frozen
class Explained(Generic[T_co]):
    """
    A *value* and the `steps` that led to it, in order.

    The steps are made when somebody asks for them, of *notes* that the run took: keep the
    steps, where an explanation is to be stored.

    >>> working = Working()
    >>> half = working.share(Rupiah(29_500), 50_000)
    >>> print(working.done(half).explain("en"))
    1. 50 % of Rp 29,500 is Rp 14,750.
    How well this is known: enacted.
    >>> print(working.done(half).explain("id"))
    1. 50 % dari Rp 29.500 adalah Rp 14.750.
    Tingkat kepastian: ditetapkan.
    """

    value: T_co
    notes: tuple[_Note, ...] = attrs.field(eq=_told, repr=False)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the run, in order."""
        return _told(self.notes)

    @property
    def read(self) -> tuple[Rule, ...]:
        """The values of rules that were read, each once, in the order of reading."""
        read = (note.rule for note in self.notes if isinstance(note, _Read))
        return tuple({rule.ref: rule for rule in read}.values())

    @property
    def rules(self) -> tuple[RuleRef, ...]:
        """The references of the values of rules that were read, as `read`."""
        return tuple(rule.ref for rule in self.read)

    @property
    def status(self) -> Certainty:
        """How well the answer is known: as well as the weakest of its steps."""
        return weakest(step.certainty for step in self.steps)

    def explain(self, language: str = Language.ENGLISH) -> str:
        """
        Return the steps as numbered sentences, in Indonesian (``id``) or English (``en``).

        Raises `InputError` for another language.
        """
        spoken = Language.of(language)
        told = (shown(step.text(spoken)) for step in self.steps)
        lines = [f"{number}. {line}" for number, line in enumerate(told, start=1)]
        mark = sentence(f"certainty-{self.status}", {}, spoken)
        return "\n".join((*lines, sentence("known", {"certainty": mark}, spoken)))


_FORMS: Final = {RATE: "read-rate", "rupiah": "read-rupiah"}
"""The key of the sentence that tells of a value read, by its unit where that has its own."""


class Working:
    """
    Writes down what a run asks, reads and computes, as it does so; `done` gives the answer.

    A policy makes one, and takes every value of a rule and every share of an amount through
    it: what is not written down cannot have been used.
    """

    def __init__(self) -> None:
        self._notes: list[_Note] = []

    def note(self, key: str, certainty: Certainty = Certainty.ENACTED, /, **values: object) -> None:
        """Write down a step of one's own, under the *key* of its sentence."""
        self._notes.append(_Said(key, fixed(values), certainty))

    def assume(self, key: str, /, **values: object) -> None:
        """Write down what is taken to hold, for want of a source."""
        self.note(key, Certainty.ASSUMED, **values)

    def lack(self, key: str, /, **values: object) -> None:
        """Write down what the law says, and no rule holds."""
        self.note(key, Certainty.NOT_ENCODED, **values)

    def number(
        self,
        programme: Programme,
        rule: str,
        on: date,
        *,
        at: str | int | None = None,
        scope: Region = NATIONAL,
    ) -> int:
        """
        Read the whole number that *rule* says *on* that day: of the row or bracket *at*.

        Raises `RuleNotInForceError` if it says nothing of that day.
        """
        found = programme.rule(rule, on, scope=scope)
        return self._number(found, on, at)

    def number_if_any(
        self, programme: Programme, rule: str, on: date, *, at: str | int | None = None
    ) -> int | None:
        """
        Read as `number` does; None if nothing is in force.

        That is written down too, if the rule says something of another day.
        """
        found = programme.in_force(rule, on)
        if found is None:
            self._nothing(programme, rule, on)
            return None
        return self._number(found, on, at)

    def names(
        self, programme: Programme, rule: str, on: date, *, at: str | None = None
    ) -> tuple[Word, ...]:
        """Read the names that *rule* says *on* that day: of the row *at*, if it is a table."""
        return self._names(programme.rule(rule, on), on, at)

    def names_if_any(self, programme: Programme, rule: str, on: date) -> tuple[Word, ...]:
        """Read as `names` does, and none if nothing is in force, as `number_if_any` does."""
        found = programme.in_force(rule, on)
        if found is None:
            self._nothing(programme, rule, on)
            return ()
        return self._names(found, on, None)

    def rows(self, programme: Programme, rule: str, on: date) -> tuple[tuple[str, int], ...]:
        """Read the rows of *rule*, a table: their names and numbers, in their order."""
        found = programme.rule(rule, on)
        rows = tuple((str(row.key), found.row(str(row.key))) for row in found.table.rows)
        for key, said in rows:
            self._notes.append(_Read(found, on, key, said))
        return rows

    def brackets(
        self, programme: Programme, rule: str, on: date, *, below: int | None = None
    ) -> tuple[tuple[int, int], ...]:
        """Read the brackets of *rule*, those that begin *below* a bound: bounds and numbers."""
        found = programme.rule(rule, on)
        steps = tuple(step for step in found.steps() if below is None or step[0] < below)
        for bound, said in steps:
            self._notes.append(_Read(found, on, bound, said))
        return steps

    def cite(self, rule: Rule, on: date) -> None:
        """Read all that *rule* says, whatever its kind."""
        value = rule.dated.value
        if not isinstance(value, Table):
            self._notes.append(_Read(rule, on, None, value))
            return
        for row in value.rows:
            self._notes.append(_Read(rule, on, row.key, row.value))

    def share(self, amount: int, rate: int) -> Rupiah:
        """
        Return *rate* of *amount*, and write down whether it had to be rounded, and how.

        The share is rounded down to a whole rupiah. No source says how it is rounded.
        """
        check_whole("amount", amount)
        whole, rest = divmod(amount * rate, WHOLE)
        values = {"rate": rate, "of": amount, "result": whole}
        if rest:
            self.assume("share-rounded-down", **values)
        else:
            self.note("share", **values)
        check_whole("a share", whole)
        return Rupiah(whole)

    def done(self, value: T) -> Explained[T]:
        """Return *value* with every step that has been written down."""
        return Explained(value, tuple(self._notes))

    def also(self, explained: Explained[T]) -> T:
        """Take over the steps of another answer, and return its value."""
        self._notes += explained.notes
        return explained.value

    def _number(self, rule: Rule, on: date, at: str | int | None) -> int:
        match rule.kind, at:
            case Kind.TABLE, str():
                said = rule.row(at)
            case Kind.BRACKETS, int():
                at, said = rule.step(at)
            case _:
                said = rule.value
        self._notes.append(_Read(rule, on, at, said))
        return said

    def _names(self, rule: Rule, on: date, at: str | None) -> tuple[Word, ...]:
        said = rule.names if at is None else rule.names_of(at)
        self._notes.append(_Read(rule, on, at, said))
        return said

    def _nothing(self, programme: Programme, rule: str, on: date) -> None:
        if (rule, NATIONAL) in programme.rules:
            self.note("no-value", rule=f"{programme.name}/{rule}", on=on)
