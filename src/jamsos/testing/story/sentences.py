"""A command as a sentence, and its arguments as a sentence can hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from jamsos.commands.catalogue import key_of
from jamsos.commands.command import fields_of
from jamsos.domain.calendar import Month, Months
from jamsos.domain.identity import AGENT, PARTICIPANT
from jamsos.domain.rule import DatedValue
from jamsos.domain.value import Table
from jamsos.engine.world import Asked
from jamsos.language import Language, command, formed, say, word
from jamsos.rulebook import RuleFile
from jamsos.testing.arguments import arguments_of
from jamsos.testing.names import AGENTS, PEOPLE


def sentence(asked: Asked, language: Language) -> str:
    """Return *asked* as a sentence; what is as usual in it is left out, where it may be."""
    kind, arguments = type(asked), arguments_of(asked)
    told = {name: shown_as(name, value, language) for name, value in arguments.items()}
    usual = {f.name for f in fields_of(asked) if arguments[f.name] == f.default}
    return command(key_of(kind), told, language, usual)


def shown_as(name: str, value: Any, language: Language) -> str:  # noqa: ANN401 - any argument
    """Return *value*, of the argument *name*, as a sentence can hold it."""
    match value:
        case date() | Month():
            return formed("day" if isinstance(value, date) else "month", value, language)
        case Months():
            return formed("named-months", value, language)
        case DatedValue():
            return say(
                "dated" if value.until is None else "dated-until",
                language,
                value=shown_as("value", value.value, language),
                first=value.in_force,
                last=value.until,
            )
        case RuleFile():
            return f"{value.programme}/{value.rule}"
        case Table():
            return say("table", language, rows=len(value.rows))
        case int():
            return formed("rp" if name in _MONEY else "n", value, language)
        case str():
            return word(value, language) if name in _WORDED else who(value, language)
        case tuple() | list():
            return ", ".join(shown_as(name, each, language) for each in value)
        case Mapping():
            return ", ".join(f"{key}: {shown_as(name, n, language)}" for key, n in value.items())
        case _:
            return str(value)


_MONEY: Final = frozenset({"income", "amount"})
_WORDED: Final = frozenset(
    [
        "reason",
        "cause",
        "outcome",
        "payer",
        "claim",
        "segment",
        "sector",
        "region",
        "source",
        "to",
        "scope",
    ]
)


def who(value: str, language: Language) -> str:
    """Return the name of an agent or a participant; any other text as it is."""
    if value in _NAMES:
        return _NAMES[value]
    for pattern, kind in ((AGENT, "agent"), (PARTICIPANT, "participant")):
        if pattern.fullmatch(value):
            return f"{say(kind, language)} {value.rpartition('-')[2].lstrip('0')[-4:] or '0'}"
    return value


_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(AGENTS, ("Agus", "Bayu", "Citra", "Dian"), strict=True)),
        **dict(zip(PEOPLE, ("Ani", "Budi", "Sari"), strict=True)),
    }
)
