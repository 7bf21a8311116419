"""The kinds of streams: how the state of each begins, and how its events change it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import attrs

from jamsos.errors import InputError

from . import agent, participant, programme, quota
from .geography import Region, check_region
from .identity import (
    AGENT,
    NAME,
    PARTICIPANT,
    AgentId,
    ParticipantId,
    ProgrammeName,
    check_agent,
    check_name,
    check_participant,
)

Event: TypeAlias = (
    agent.AgentEvent | participant.ParticipantEvent | programme.ProgrammeEvent | quota.QuotaEvent
)
"""Anything that can happen."""

State: TypeAlias = agent.Agent | participant.Participant | programme.Programme | quota.Quota
"""Anything that events make."""


@attrs.frozen
class Aggregate:
    """A kind of stream: how its state begins, and how an event changes it."""

    initial: Callable[[str], Any]
    evolve: Callable[[Any, Any], Any]


def _quota(stream: str) -> quota.Quota:
    name, _, region = stream.removeprefix("quota-").rpartition("-")
    return quota.Quota(programme=ProgrammeName(name), region=Region(region))


AGGREGATES: Mapping[str, Aggregate] = MappingProxyType(
    {
        "agent": Aggregate(lambda s: agent.Agent(id=AgentId(s)), agent.evolve),
        "participant": Aggregate(
            lambda s: participant.Participant(id=ParticipantId(s)), participant.evolve
        ),
        "programme": Aggregate(
            lambda s: programme.Programme(ProgrammeName(s.removeprefix("programme-"))),
            programme.evolve,
        ),
        "quota": Aggregate(_quota, quota.evolve),
    }
)


STREAM: Final = re.compile(
    f"{AGENT.pattern}|{PARTICIPANT.pattern}|programme-{NAME.pattern}|quota-{NAME.pattern}-[0-9a-z]+"
)
"""What the name of a stream looks like."""


def kind(stream: str) -> str:
    """
    Return what *stream* holds: ``agent``, ``participant``, ``programme`` or ``quota``.

    Raises `InputError` unless the name is that of a stream.
    """
    head, hyphen, rest = stream.partition("-") if isinstance(stream, str) else ("", "", "")
    if head not in AGGREGATES or not hyphen or not rest:
        msg = (
            f"{stream!r} is not a stream: its name begins with agent-, participant-, programme- or"
            f" quota-"
        )
        raise InputError(msg)
    return head


def check_stream(stream: str) -> None:
    """Raise `InputError` unless *stream* is the name of a stream."""
    head, _, rest = stream.partition("-")
    if head == "agent":
        check_agent(stream)
    elif head == "participant":
        check_participant(stream)
    elif head == "quota":
        programme, _, region = rest.rpartition("-")
        check_name(programme)
        check_region(region)
    else:
        check_name(rest)


def state(stream: str, events: Iterable[Event], *, since: State | None = None) -> State:
    """Return what *events* make of *stream*, on top of *since* where it is given."""
    aggregate = AGGREGATES[kind(stream)]
    current = aggregate.initial(stream) if since is None else since
    for event in events:
        current = aggregate.evolve(current, event)
    return current
