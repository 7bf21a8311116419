"""
The plans that the laws are held against: those of the kit, with nonsense in between.

`jamsos.testing.strategies` makes a plan by dice from one seed, most of it possible as things stand,
and any command may then be left out. Here commands that cannot be meant come in between, and
changes of law: rules that end, are adopted again, or are a region's own. Dice are thrown for each
command by what it says, so that it stays the same whatever else is left out.

``HYPOTHESIS_PROFILE=slow`` tries twenty times as many histories.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import attrs
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from jamsos import Citation, DatedValue, Months, Status
from jamsos.commands.programmes import Adopt, Amend, Enact, EndRule
from jamsos.domain.geography import NATIONAL, Region
from jamsos.engine.world import Asked, Plan
from jamsos.rulebook import RuleFile
from jamsos.testing import strategies
from jamsos.testing.names import AGENTS, EVALUATIONS, NOBODY, PEOPLE, PLACES, PROGRAMME

__all__ = ["AGENTS", "NOBODY", "PEOPLE", "PLACES", "PROGRAMME"]

SLOW = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "slow" else 1
STEPS = 45
"""So many commands a plan has at the most, beside the changes of law in between."""

EVERYTHING = ("seats", "agents", "participants", "rules", "evaluations", "incentives")
AGENCY = ("seats", "agents", "rules", "evaluations")
PARTICIPANTS = ("participants",)

CAP, IDLE, RETURN = "agent-cap", "agent-idle-months", "agent-return-months"
SOURCE = Citation("Example 1/2017", "Pasal 1")
SEEDS = st.integers(0, 2**32)


def tries(number: int) -> settings:
    """Try so many histories, or twenty times as many."""
    return settings(
        max_examples=number * SLOW,
        deadline=None,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def plans(about: Collection[str] = EVERYTHING) -> st.SearchStrategy[Plan]:
    """Draw a plan of the kit, with nonsense in between, and changes of law if it is of rules."""
    laws = "rules" in about
    return strategies.plans(about=about, steps=STEPS).map(
        lambda plan: tuple(each for asked in plan for each in _stirred(asked, laws=laws))
    )


def _stirred(asked: Asked, *, laws: bool) -> Iterator[Asked]:
    """Yield *asked*; now and then a change of law on the same day, or nonsense, before it."""
    dice = Random(repr(asked))
    if laws and dice.randrange(20) == 0:
        yield dice.choice(_CHANGES)(asked.on, dice)
    if dice.randrange(12) == 0:
        yield _spoiled(asked, dice)
    yield asked


# -- Nonsense. ----------------------------------------------------------------------

NONSENSE: Final[tuple[tuple[str, Any], ...]] = (
    ("province", "99"),
    ("province", "93"),  # new in 2022
    ("region", "99"),
    ("to", "99"),
    ("agent", "agent-1"),
    ("sponsor", "a sentence"),
    ("branch", "a sentence"),
    ("months", Months()),
    ("months", Months.parse("2018-01/2018-01,2018-03/2018-03")),
    ("months", Months.parse("2018-01/..")),
    ("programmes", ()),
    ("amount", -1),
    ("income", 0.5),
    ("reference", ""),
    ("corrects", "never-paid"),
    ("unit", "Two Words"),
)


def _spoiled(asked: Asked, dice: Random) -> Asked:
    """Return *asked* with one thing in it that cannot be."""
    subject, *fields = (field.name for field in attrs.fields(type(asked)))
    fitting = [(name, value) for name, value in NONSENSE if name in fields]
    if fitting and dice.randrange(3):
        name, value = dice.choice(fitting)
        return attrs.evolve(asked, **{name: value})
    return attrs.evolve(asked, **{subject: dice.choice(("nobody", *NOBODY))})


# -- Changes of law. -----------------------------------------------------------------

VALUES: Final[Mapping[str, tuple[int, ...]]] = {
    CAP: (3, 2, 4, 3, 2, 1, 0),
    IDLE: (1, 2, 3, 1, 0),
    RETURN: (1, 2, 0),
}
"""Values of each rule that a short history can reach, and pass."""


def _value(rule: str, first: date, dice: Random, *days: int | None) -> DatedValue:
    """Return a value of *rule* from *first* on, for one of so many *days*."""
    length = dice.choice(days)
    return DatedValue(
        value=dice.choice(VALUES[rule]),
        in_force=first,
        until=None if length is None else first + timedelta(days=length),
        citation=SOURCE,
        status=Status.ASSUMED,
    )


def _values(rule: str, first: date, dice: Random) -> Sequence[DatedValue]:
    """Return one value from *first* on, or two with or without days between them."""
    values = [_value(rule, first, dice, None, 45, 80)]
    if values[0].until is not None:
        then = values[0].until + timedelta(days=dice.choice((1, 1, 20)))
        values.append(_value(rule, then, dice, None, 400))
    return values


def _unit(rule: str) -> str:
    return "agents" if rule == CAP else "months"


def _enact(on: date, dice: Random) -> Enact:
    """Enact a rule that is a region's own, or one that the nation has already."""
    rule, scope = dice.choice(((CAP, "51"), (CAP, "31"), (IDLE, "51"), (RETURN, NATIONAL)))
    unit = "Two Words" if dice.randrange(8) == 0 else _unit(rule)
    values = () if dice.randrange(8) == 0 else _values(rule, on - timedelta(days=20), dice)
    return Enact(PROGRAMME, rule, unit=unit, values=tuple(values), on=on, scope=scope)


def _amend(on: date, dice: Random) -> Amend:
    rule, scope = dice.choice((*((rule, NATIONAL) for rule in VALUES), (CAP, "51")))
    first = on + timedelta(days=dice.choice((0, 1, 20, -30)))
    value = _value(rule, first, dice, None, 60)
    evaluation = dice.choice((*EVALUATIONS, EVALUATIONS[0], None))
    return Amend(PROGRAMME, rule, value, on=on, evaluation=evaluation, scope=scope)


def _end_rule(on: date, dice: Random) -> EndRule:
    last_day = on + timedelta(days=dice.choice((30, 0, -1)))
    return EndRule(PROGRAMME, dice.choice([*VALUES]), last_day=last_day, citation=SOURCE, on=on)


def _adopt(on: date, dice: Random) -> Adopt:
    """Adopt what ships, or what a rule file of one's own says."""
    rules = None
    if dice.randrange(2):
        rule = dice.choice([*VALUES])
        values = tuple(_values(rule, on, dice))
        rules = (RuleFile(PROGRAMME, rule, "An example.", _unit(rule), Region(NATIONAL), values),)
    return Adopt(PROGRAMME, on=on, evaluation=dice.choice((None, *EVALUATIONS)), rules=rules)


_CHANGES: Final = (_enact, _amend, _amend, _end_rule, _adopt, _adopt)
