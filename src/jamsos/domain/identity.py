"""The names that histories are kept under: one stream for each agent, participant and so on."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NewType, TypeVar

from jamsos.errors import InputError

if TYPE_CHECKING:
    import attrs

AgentId = NewType("AgentId", str)
"""An agent's name, which is also the name of their stream: ``agent-`` and a UUID."""

ParticipantId = NewType("ParticipantId", str)
"""A participant's name and stream: ``participant-`` and a UUID that says nothing of them."""

ProgrammeName = NewType("ProgrammeName", str)
"""A programme's short name: ``perisai``, ``jkk``, ``jkm``, ``jht``, ``jp``, ``jkp``."""

RuleRef = NewType("RuleRef", str)
"""
One dated value of a rule, ``perisai/agent-cap/1``: programme, rule, and its number.

A rule of one region has it after the name: ``perisai/agent-cap@51/1``.
"""

T = TypeVar("T")

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
AGENT = re.compile(f"agent-{_UUID}")
PARTICIPANT = re.compile(f"participant-{_UUID}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RULE_REF = re.compile(rf"{NAME.pattern}/{NAME.pattern}(@(\d\d|[a-z]+))?/[1-9]\d*", re.ASCII)
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_LIKE_A_NIK: Final = re.compile(r"[A-Za-z0-9]*[0-9]{16}[A-Za-z0-9]*")
_HEX: Final = re.compile(r"(?=.*[A-Fa-f])[0-9A-Fa-f]{32,}")


PROGRAMME_STREAM: Final = "programme-"
QUOTA_STREAM: Final = "quota-"


def programme_stream(programme: str) -> str:
    """Return the name of a programme's stream: ``programme-perisai``."""
    return f"{PROGRAMME_STREAM}{programme}"


def quota_stream(programme: str, region: str) -> str:
    """Return the name of the stream of a programme's seats in a region."""
    return f"{QUOTA_STREAM}{programme}-{region}"


def seat_streams(programme: str, *regions: str) -> tuple[str, ...]:
    """Return the streams that decide on seats of *regions*: the programme, and the quotas."""
    there = dict.fromkeys(("national", *regions))
    return (programme_stream(programme), *map(partial(quota_stream, programme), there))


def check_agent(value: object) -> None:
    """Raise `InputError` unless *value* is the name of an agent."""
    if not isinstance(value, str) or not _is_agent(value):
        _check(AGENT, value, "an agent", "agent- and a UUID")


def check_participant(value: object) -> None:
    """Raise `InputError` unless *value* is the name of a participant."""
    _check(PARTICIPANT, value, "a participant", "participant- and a UUID")


def check_name(value: object) -> None:
    """Raise `InputError` unless *value* is the name of a programme, rule or evaluation."""
    if not isinstance(value, str) or not _is_name(value):
        _check(NAME, value, "a name", "lower-case letters, digits and single hyphens")


def opaque(name: str, value: str) -> str:
    """
    Return *value*, an id of the host's own that is called *name*, as plain text.

    Raises `InputError` unless it is 1 to 64 letters, digits or ``._:/-``.
    """
    if not isinstance(value, str) or REFERENCE.fullmatch(value) is None:
        msg = f"{name} is {value!r}: it must be 1 to 64 letters, digits or ._:/- and no spaces"
        raise InputError(msg)
    return str.__str__(value)


def check_opaque(name: str, value: object) -> None:
    """
    Raise `InputError` if *value*, which is called *name*, holds 16 digits in a row, as a NIK does.

    The digits of a UUID or a digest do not count: 32 or more hex digits, letters among them, of
    which 16 in a row may be digits by chance. The error does not repeat the value.

    >>> check_opaque("by", "office-51/clerk-7")
    >>> check_opaque("trace", "0af7651916cd43dd8448eb211c80319c")
    >>> check_opaque("trace", "0000000000000000d448eb211c80319c")

    It is for what is asked, never for what is recorded: histories may hold such numbers.
    """
    for word in _LIKE_A_NIK.findall(value) if isinstance(value, str) else ():
        if _HEX.fullmatch(word) is None:
            msg = (
                f"{name} holds 16 digits in a row, as a national id number (NIK) does: give an id"
                f" that says nothing of the person"
            )
            raise InputError(msg)


def agent_id(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through an agent's name."""
    if not isinstance(value, str) or not _is_agent(value):
        _field(attribute, AGENT, value, "agent- and a UUID")


def participant_id(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through a participant's name."""
    _field(attribute, PARTICIPANT, value, "participant- and a UUID")


def name(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through a name of lower-case words, such as ``agent-cap``."""
    if not isinstance(value, str) or not _is_name(value):
        _field(attribute, NAME, value, "lower-case letters, digits and single hyphens")


def reference(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through a reference that can hold no sentence: 1 to 64 letters, digits, ``._:/-``."""
    _field(attribute, REFERENCE, value, "1 to 64 letters, digits or ._:/- and no spaces")


def names(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through names, of at least one thing, each once, in alphabetical order."""
    if isinstance(value, tuple) and all(type(each) is str for each in value) and _are_names(value):
        return
    for each in value if isinstance(value, tuple) else (value,):
        if not isinstance(each, str) or not _is_name(each):
            _field(attribute, NAME, each, "lower-case letters, digits and single hyphens")
    if not isinstance(value, tuple) or not value or list(value) != sorted(set(value)):
        msg = (
            f"{attribute.name} is {value!r}: name at least one programme, each once, in"
            f" alphabetical order"
        )
        raise InputError(msg)


def rule_refs(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through references to rules, such as ``perisai/agent-cap/1``."""
    for each in value if isinstance(value, tuple) else (value,):
        if not isinstance(each, str) or not _is_rule_ref(each):
            _field(attribute, RULE_REF, each, "references such as perisai/agent-cap/1")


def day(_: object, attribute: attrs.Attribute[T], value: T) -> None:
    """Let through a day: a `date` that is not a `datetime`."""
    check_day(attribute.name, value)


def check_day(name: str, value: object) -> None:
    """Raise `InputError` unless *value*, called *name*, is a day."""
    if not isinstance(value, date) or isinstance(value, datetime):
        msg = f"{name} is {value!r}: it must be a day, such as date(2018, 2, 5)"
        raise InputError(msg)


# The same few names stand in a great many events.


@lru_cache(maxsize=65_536)
def _is_agent(value: str) -> bool:
    return AGENT.fullmatch(value) is not None


@lru_cache(maxsize=1_024)
def _is_name(value: str) -> bool:
    return NAME.fullmatch(value) is not None


@lru_cache(maxsize=1_024)
def _is_rule_ref(value: str) -> bool:
    return RULE_REF.fullmatch(value) is not None


@lru_cache(maxsize=1_024)
def _are_names(value: tuple[str, ...]) -> bool:
    return bool(value) and all(map(_is_name, value)) and list(value) == sorted(set(value))


def _check(pattern: re.Pattern[str], value: object, what: str, form: str) -> None:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        msg = f"{value!r} is not {what}: it must be {form}"
        raise InputError(msg)


def _field(
    attribute: attrs.Attribute[T], pattern: re.Pattern[str], value: object, form: str
) -> None:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        msg = f"{attribute.name} is {value!r}: it must be {form}"
        raise InputError(msg)
