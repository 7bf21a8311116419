"""The cases of seats, assembled in one place for every command that gives or takes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from jamsos.domain import quota as quotas
from jamsos.domain.agent import Agent
from jamsos.domain.decision import Decision
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import quota_stream
from jamsos.domain.programme import Programme
from jamsos.domain.quota import (
    Allotment,
    Quota,
    QuotaAllotted,
    QuotaTakenBack,
    Seating,
)
from jamsos.policies import agent_cap
from jamsos.policies.standard import Judges

from .command import Steps
from .reading import Reading


def seating(
    read: Reading,
    agent: Agent,
    programme: str,
    region: str,
    on: date,
    until: date | None = None,
) -> Seating:
    """Return the case of *agent*, who is to take a seat of *region*, for good or *until* a day."""
    return Seating(
        agent=agent,
        programme=read.programme(programme),
        quota=read.quota(programme, region),
        national=read.quota(programme, NATIONAL),
        on=on,
        until=until,
    )


def allotted(
    read: Reading,
    judges: Judges,
    *,
    programme: Programme,
    quota: Quota,
    seats: int,
    source: Region | None,
    on: date,
) -> tuple[str, Decision[QuotaAllotted]]:
    """Decide on *seats* that *quota* is to get: under the cap, or out of those of *source*."""
    case = Allotment(
        programme=programme,
        quota=quota,
        national=read.quota(programme.name, NATIONAL),
        seats=seats,
        source=source,
        on=on,
    )
    returning = source is not None and quota.region == NATIONAL
    decision = quotas.allot(
        case,
        rules=() if returning else agent_cap.refs(programme, quota.region, on),
        policies=() if returning else judges[Allotment],
    )
    return quota_stream(programme.name, quota.region), decision


def reallotted(
    programme: Programme,
    there: Mapping[Region, Quota],
    moves: Iterable[quotas.Move],
    judges: Judges,
    on: date,
) -> Steps[QuotaAllotted | QuotaTakenBack]:
    """Decide on *moves* of seats between the quotas that are *there*."""
    steps = quotas.reallot(
        programme,
        there,
        moves,
        rules=lambda region: agent_cap.refs(programme, region, on),
        policies=judges[Allotment],
        on=on,
    )
    return [(quota_stream(programme.name, region), decision) for region, decision in steps]
