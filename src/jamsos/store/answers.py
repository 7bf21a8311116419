"""
How the answers to a letter are stored: versioned, so that they are read for ever.

Version 1, of jamsos 0.1, is a JSON array: for each command the number of its events, or the
reasons for which it was refused. Version 2 is an object that says its form, has the same array,
and the commands themselves in their published spelling. Version 3 is version 2 with what the
envelope of the letter says; it is written only where that says something. Free text in a reason
stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from jamsos.domain.aggregate import Event
from jamsos.domain.decision import Accepted, Decision, Reason, Refused
from jamsos.domain.envelope import UNSAID, Envelope

from .said import Opaque

_Told: TypeAlias = tuple[int | tuple[Reason, ...], ...]
"""For each command: how many of the events are its own, or why it was refused."""


class _Version2(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    form: Literal["answers.v2"]
    answers: _Told
    commands: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Version3(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    form: Literal["answers.v3"]
    answers: _Told
    commands: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    by: Opaque | None = None
    trace: Opaque | None = None

    def __post_init__(self) -> None:
        if self.by is None and self.trace is None:
            msg = "it says neither who asked nor in what connection: answers.v2 has that form"
            raise ValueError(msg)


class UnreadableAnswerError(ValueError):
    """A stored answer that is not what it claims to be; the caller, which knows its id, adds it."""


_SAYS_WHO: Final = b'{"form":"answers.v3"'
_encode = msgspec.json.Encoder().encode
_decode_version_1 = msgspec.json.Decoder(_Told).decode
_decode_version_2 = msgspec.json.Decoder(_Version2).decode
_decode_version_3 = msgspec.json.Decoder(_Version3).decode
_decode_commands = msgspec.json.Decoder(tuple[msgspec.Raw, ...]).decode


def written(
    answers: Sequence[Decision[Event]], commands: bytes | None, envelope: Envelope = UNSAID
) -> bytes:
    """Return *answers*, the *commands* that were asked, and who asked, as they are to be stored."""
    told = tuple(len(a.events) if isinstance(a, Accepted) else a.reasons for a in answers)
    raw = msgspec.UNSET if commands is None else msgspec.Raw(commands)
    if envelope == UNSAID:
        return _encode(_Version2(form="answers.v2", answers=told, commands=raw))
    by, trace = envelope.by, envelope.trace
    return _encode(
        _Version3(form="answers.v3", answers=told, commands=raw, by=by, trace=trace),
    )


def answers_of(
    stored: bytes | None, events: Sequence[Event]
) -> tuple[tuple[Decision[Event], ...], bytes | None]:
    """
    Return the answers that were *stored*, with their *events*, and the commands if kept.

    Nothing stored, as in an imported history, is one command that was accepted. Raises
    `UnreadableAnswerError` if *stored* is not an answer, and for counts that are not those of
    the events or of the commands.
    """
    if stored is None:
        return (Accepted(*events),), None
    try:
        told, commands = _told(stored)
        asked = len(told) if commands is None else len(_decode_commands(commands))
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableAnswerError(str(error)) from error
    counts = [each for each in told if isinstance(each, int)]
    if min(counts, default=0) < 0 or sum(counts) != len(events):
        msg = f"it tells of {sum(counts)} events, and there are {len(events)}"
        raise UnreadableAnswerError(msg)
    if asked != len(told):
        msg = f"it answers {len(told)} commands, and there are {asked}"
        raise UnreadableAnswerError(msg)
    answers: list[Decision[Event]] = []
    place = 0
    for each in told:
        if isinstance(each, int):
            answers.append(Accepted(*events[place : place + each]))
            place += each
        else:
            answers.append(Refused(*each))
    return tuple(answers), commands


def envelope_of(stored: bytes | None) -> Envelope:
    """Return the envelope of the letter whose answer was *stored*, and read by `answers_of`."""
    if stored is None or not stored.startswith(_SAYS_WHO):
        return UNSAID
    read = _decode_version_3(stored)
    return Envelope(by=read.by, trace=read.trace)


def _told(stored: bytes) -> tuple[_Told, bytes | None]:
    """Return what was *stored* in one of the forms. Raises if it is in none."""
    if stored.startswith(b"["):
        return _decode_version_1(stored), None
    says_who = stored.startswith(_SAYS_WHO)
    read = _decode_version_3(stored) if says_who else _decode_version_2(stored)
    commands = read.commands
    return read.answers, None if commands is msgspec.UNSET else bytes(commands)
