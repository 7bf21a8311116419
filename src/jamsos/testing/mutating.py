"""Rules and policies are changed a little, to name the changes that no law would notice."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from jamsos.domain.decision import Policy
from jamsos.domain.geography import NATIONAL
from jamsos.domain.rate import RATE, WHOLE
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Cell, Row, Table, Value, cell_text
from jamsos.engine.setting import Setting, setting
from jamsos.errors import InputError
from jamsos.policies.standard import ExtraPolicies, by_case
from jamsos.rulebook import RuleFile, everything, load

from .checking import Judge, check_size, walked
from .moves import Map
from .stating import Law

_DAY: Final = timedelta(days=1)
_LEAST_RATE: Final = 10
"""A rate is changed by 0.01 %, the last place in which most are written."""


@attrs.frozen(eq=False)
class Mutant:
    """
    A rule or a policy in which one thing is changed.

    *where* names the rule, or the file and the line of the policy; *what* is changed there, from
    *old* to *new*. *first* and *last* are the days on which the value is in force, None for a
    policy and for a value without end. *begins* is a setting in which it decides.
    """

    where: str
    what: str
    old: str
    new: str
    begins: Setting = attrs.field(repr=False)
    first: date | None = None
    last: date | None = None

    @property
    def says(self) -> str:
        """What is changed, on one line."""
        changed = f"{self.where}: {self.what} {self.old} -> {self.new}"
        if self.first is None:
            return changed
        return f"{changed}, in force {self.first} to {self.last or '..'}"


def mutants(
    rules: Iterable[RuleFile] = (), *, policies: ExtraPolicies | None = None
) -> Iterator[Mutant]:
    """
    Yield every mutant of *rules* and of *policies*, which decide in place of those that ship.

    >>> from jamsos.rulebook import rules_of
    >>> [months] = [file for file in rules_of("perisai") if file.rule == "agent-return-months"]
    >>> for mutant in mutants([months]):
    ...     print(mutant.says)
    perisai/agent-return-months: value 6 -> 5, in force 2017-11-01 to ..
    perisai/agent-return-months: value 6 -> 7, in force 2017-11-01 to ..
    perisai/agent-return-months: in_force 2017-11-01 -> 2017-10-31, in force 2017-11-01 to ..
    perisai/agent-return-months: in_force 2017-11-01 -> 2017-11-02, in force 2017-11-01 to ..

    Each whole number of a value, and each lower bound of a bracket, is changed by one, each rate
    by 0.01 %, and each day on which a value begins or ends by one day. In a policy each of
    ``<``, ``<=``, ``>`` and ``>=`` is changed to the one that differs where both sides are
    equal. Raises `InputError` for a policy whose source cannot be read, or that is made inside
    of another function.
    """
    given = None if policies is None else by_case(policies)
    yield from _mutants(tuple(rules), (), given)


def unnoticed(
    laws: Iterable[Law],
    rules: str | Path | Iterable[RuleFile] | None = None,
    *,
    policies: ExtraPolicies | None = None,
    histories: int = 100,
    steps: int = 30,
    seed: int = 0,
    only: str | Iterable[str] | None = None,
) -> list[Mutant]:
    """
    Return the mutants of *rules* and *policies* that none of *laws* notices: they all hold there.

    *rules* are those that ship, if none are given: a path, or what `jamsos.rulebook.load`
    returned. *only* names those that are changed: ``agent-cap``, or ``perisai/agent-cap``. A
    mutant is noticed where, in so many *histories* of at the most so many *steps*, a law is broken
    or cannot be applied. Takes as long as examining each law once for each mutant, at the most.
    Raises `InputError` where there is nothing to change, for fewer than one history or step, and
    for a law that is broken by the rules as they are: it would notice everything.
    """
    check_size(histories, steps)
    stated = tuple(laws)
    policies = None if policies is None else by_case(policies)
    names = {only} if isinstance(only, str) else None if only is None else {*only}
    if rules is not None:
        files = load(rules) if isinstance(rules, str | Path) else tuple(rules)
    else:
        files = () if names is None and policies is not None else everything()
    changed = tuple(file for file in files if names is None or names & _names(file))
    missing = sorted((names or set()) - {name for file in changed for name in _names(file)})
    if missing or not (changed or policies):
        there = ", ".join(f"{file.programme}/{file.rule}" for file in files[:5])
        msg = (
            f"there is no rule {', '.join(missing) or 'at all'} to change: name some there are,"
            f" such as {there or 'those that ship'}"
        )
        raise InputError(msg)
    kept = () if rules is None else tuple(file for file in files if file not in changed)
    play = _Play(histories, steps, seed)
    for each in stated:
        if play.breaks(each, _begins((*changed, *kept), policies)):
            msg = f"the law {each.name} is broken by the rules as they are: check it first"
            raise InputError(msg)
    return [
        mutant
        for mutant in _mutants(changed, kept, policies)
        if not any(play.notices(each, mutant.begins) for each in stated)
    ]


def _names(file: RuleFile) -> set[str]:
    return {file.rule, f"{file.programme}/{file.rule}"}


@attrs.frozen
class _Play:
    """So many histories, always the same ones."""

    histories: int
    steps: int
    seed: int

    def notices(self, stated: Law, begins: Setting) -> bool:
        """Return whether *stated* is broken, or can no longer be applied."""
        try:
            return self.breaks(stated, begins)
        except Exception:  # noqa: BLE001 - who asks is told that something is wrong
            return True

    def breaks(self, stated: Law, begins: Setting) -> bool:
        """Return whether *stated* is broken in one of the histories."""
        judge, chart = Judge(stated, begins), Map(begins, stated.about)
        dice = (Random(f"{self.seed}/{number}") for number in range(self.histories))
        return any(walked(judge, chart, each, self.steps, Counter())[1] for each in dice)


def _mutants(
    changed: tuple[RuleFile, ...], kept: tuple[RuleFile, ...], policies: ExtraPolicies | None
) -> Iterator[Mutant]:
    known = {case: tuple(each) for case, each in (policies or {}).items()}
    instead = _ship((*changed, *kept))
    for place, file in enumerate(changed):
        region = "" if file.scope == NATIONAL else f"@{file.scope}"
        for value, what, old, new, values in _of_file(file):
            mutant = attrs.evolve(file, values=values)
            files = (*changed[:place], mutant, *changed[place + 1 :], *kept)
            yield Mutant(
                f"{file.programme}/{file.rule}{region}",
                what,
                old,
                new,
                setting(files, policies=known, instead=instead),
                value.in_force,
                value.until,
            )
    for case, judges in known.items():
        for place, policy in enumerate(judges):
            for where, old, new, mutated in _of_policy(policy):
                others = {**known, case: (*judges[:place], mutated, *judges[place + 1 :])}
                begins = _begins((*changed, *kept), others)
                yield Mutant(where, "comparison", old, new, begins)


def _begins(files: tuple[RuleFile, ...], policies: ExtraPolicies | None) -> Setting:
    return setting(files, policies=policies, instead=_ship(files))


def _ship(files: tuple[RuleFile, ...]) -> bool:
    """Return whether *files* are all among those that ship: then they stand in place of them."""
    return {*files} <= {*everything()}


# -- Rules. -----------------------------------------------------------------------------

_Change: TypeAlias = tuple[DatedValue, str, str, str, tuple[DatedValue, ...]]
"""A dated value, what of it is changed, from what, to what; and then all values of the rule."""


def _of_file(file: RuleFile) -> Iterator[_Change]:
    for place, value in enumerate(file.values):
        for what, old, new, said in _of_value(value.value, file.unit):
            changed = attrs.evolve(value, value=said, conflicts=())
            yield value, what, old, new, _with(file.values, {place: changed})
        yield from _days(file.values, place)


def _of_value(value: Value, unit: str) -> Iterator[tuple[str, str, str, Value]]:
    if not isinstance(value, Table):
        for new in _near(value, unit):
            yield "value", cell_text(value, unit), cell_text(new, unit), new
        return
    for place, row in enumerate(value.rows):
        others = value.rows[:place], value.rows[place + 1 :]
        for new in _near(row.value, unit):
            table = Table((*others[0], Row(row.key, new), *others[1]))
            key = f"from {row.key:,}:" if isinstance(row.key, int) else f"{row.key}:"
            yield key, cell_text(row.value, unit), cell_text(new, unit), table
        for bound in (row.key - 1, row.key + 1) if isinstance(row.key, int) else ():
            try:
                table = Table((*others[0], Row(bound, row.value), *others[1]))
            except InputError:  # below nothing, or past the next bracket
                continue
            yield "lower bound", f"{row.key:,}", f"{bound:,}", table


def _near(cell: Cell, unit: str) -> tuple[int, ...]:
    """Return the whole numbers beside *cell*; none beside names."""
    if isinstance(cell, tuple):
        return ()
    step, most = (_LEAST_RATE, WHOLE) if unit == RATE else (1, cell + 1)
    return tuple(near for near in (cell - step, cell + step) if 0 <= near <= most)


def _days(values: tuple[DatedValue, ...], place: int) -> Iterator[_Change]:
    """Yield *values* with a day on which one begins, or after which it ends, moved by one."""
    value = values[place]
    ahead = values[place - 1] if place else None
    after = values[place + 1] if place + 1 < len(values) else None
    for by in (-_DAY, _DAY):
        changed = {}
        with suppress(InputError):
            changed[place] = attrs.evolve(value, in_force=value.in_force + by)
            if ahead is not None and ahead.until == value.in_force - _DAY:
                changed[place - 1] = attrs.evolve(ahead, until=ahead.until + by)
            new = changed[place].in_force
            yield value, "in_force", f"{value.in_force}", f"{new}", _with(values, changed)
    if value.until is None or (after is not None and after.in_force == value.until + _DAY):
        return
    for by in (-_DAY, _DAY):
        with suppress(InputError):
            ended = attrs.evolve(value, until=value.until + by)
            yield value, "until", f"{value.until}", f"{ended.until}", _with(values, {place: ended})


def _with(
    values: tuple[DatedValue, ...], changed: Mapping[int, DatedValue]
) -> tuple[DatedValue, ...]:
    return tuple(changed.get(place, value) for place, value in enumerate(values))


# -- Policies. ---------------------------------------------------------------------------

_OTHER: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = MappingProxyType(
    {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
)
_SIGN: Final[Mapping[type[ast.cmpop], str]] = MappingProxyType(
    {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
)


def _of_policy(policy: Policy[Any]) -> Iterator[tuple[str, str, str, Policy[Any]]]:
    """Yield where a comparison of *policy* is changed, from what, to what; and the policy then."""
    function = inspect.unwrap(policy)
    name = getattr(function, "__name__", repr(function))
    try:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError) as error:
        msg = f"the source of policy {name} cannot be read: {error}; write it as a function"
        raise InputError(msg) from error
    if not isinstance(tree.body[0], ast.FunctionDef) or function.__code__.co_freevars:
        msg = f"policy {name} is made inside of a function: define it with def in its module"
        raise InputError(msg)
    tree.body[0].decorator_list = []
    ast.increment_lineno(tree, first - 1)
    file = inspect.getsourcefile(function) or name
    for compared in [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]:
        for place, sign in enumerate(compared.ops):
            other = _OTHER.get(type(sign))
            if other is None:
                continue
            compared.ops[place] = other()
            made: dict[str, Any] = {}
            exec(compile(tree, file, "exec"), function.__globals__, made)  # noqa: S102 - his own source
            compared.ops[place] = sign
            where = f"{Path(file).name}:{compared.lineno}"
            yield where, _SIGN[type(sign)], _SIGN[other], made[name]
