"""The checks that several decisions on a participant make, and the change that they record."""

from __future__ import annotations

from datetime import date

from jamsos.domain.coverage import Change, Segment, Standing
from jamsos.errors import InputError, NotFoundError

from .state import Participant


def changes_between(segment: Segment, before: Standing, after: Standing) -> tuple[Change, ...]:
    """Return the change of a standing in *segment*, as an event carries it."""
    return (Change.between(segment, before, after),)


def check_alive(participant: Participant, verb: str) -> None:
    """Raise `InputError` if *participant* has died."""
    if participant.died_on is not None:
        msg = f"{participant.id} died on {participant.died_on}, and cannot {verb}"
        raise InputError(msg)


def check_known(participant: Participant, segment: Segment) -> None:
    """Raise `NotFoundError` unless *participant* was ever registered in *segment*."""
    if segment not in participant.entered_on:
        msg = f"{participant.id} was never registered in segment {segment}: register them first"
        raise NotFoundError(msg)


def check_registered(participant: Participant, segment: Segment, verb: str) -> Standing:
    """Return the standing in *segment*; `NotFoundError` if it is not a current one."""
    standing = participant.standing(segment)
    if standing.current is None:
        msg = f"{participant.id} is not registered in segment {segment}, and cannot {verb}"
        raise NotFoundError(msg)
    return standing


def check_later(participant: Participant, segment: Segment, on: date, verb: str) -> None:
    """Raise `InputError` if a change of a day after *on* is recorded for *segment*."""
    last = participant.changed_on.get(segment)
    if last is not None and on < last:
        msg = (
            f"{participant.id} cannot {verb} on {on}: a change of {last} is recorded already"
            f" for segment {segment}; give that day or a later one"
        )
        raise InputError(msg)
