"""The decisions on the seats of one quota: taken, released, allotted, taken back."""

from __future__ import annotations

from datetime import date

import attrs

from jamsos.domain.agent import Agent
from jamsos.domain.decision import Accepted, Decision, Policies, Refused, reasons
from jamsos.domain.geography import Region
from jamsos.domain.identity import RuleRef
from jamsos.domain.money import whole
from jamsos.domain.programme import Programme
from jamsos.errors import InputError

from .events import QuotaAllotted, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack
from .state import Quota


@attrs.frozen(kw_only=True)
class Seating:
    """
    The case of an agent who is to take a seat: a recruit, or one who returns.

    The seat would be held from *on* until the day *until*, on which it is free again; for as
    long as the agent stays if that is None.
    """

    agent: Agent
    programme: Programme
    quota: Quota
    national: Quota
    on: date
    until: date | None = None


@attrs.frozen(kw_only=True)
class Allotment:
    """The case of seats that are to be allotted: under the cap, or from *source*."""

    programme: Programme
    quota: Quota
    national: Quota
    seats: int = attrs.field(validator=whole)
    source: Region | None = None
    on: date


def take(
    case: Seating, *, rules: tuple[RuleRef, ...], policies: Policies[Seating]
) -> Decision[QuotaSeatTaken | QuotaSeatReleased]:
    """
    Give the agent a seat from a day on, unless they hold one on it.

    It is given back on the day *until*, if the case has one.
    """
    if case.agent.seat_on(case.on) is not None:
        return Accepted()
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    taken = QuotaSeatTaken(agent=case.agent.id, rules=rules, on=case.on)
    if case.until is None:
        return Accepted(taken)
    return Accepted(taken, QuotaSeatReleased(agent=case.agent.id, on=case.until))


def release(quota: Quota, agent: Agent, *, on: date) -> Decision[QuotaSeatReleased]:
    """Take back the seat that *agent* holds in *quota* on that day, if they do."""
    if agent.seat_on(on) != quota.region:
        return Accepted()
    return Accepted(QuotaSeatReleased(agent=agent.id, on=on))


def allot(
    case: Allotment, *, rules: tuple[RuleRef, ...], policies: Policies[Allotment]
) -> Decision[QuotaAllotted]:
    """Allot seats to a quota. Nothing happens for no seats."""
    if case.seats == 0:
        return Accepted()
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(
        QuotaAllotted(
            programme=case.programme.name,
            region=case.quota.region,
            seats=case.seats,
            source=case.source,
            rules=rules,
            on=case.on,
        )
    )


def take_back(
    quota: Quota, seats: int, *, to: Region | None = None, on: date
) -> Decision[QuotaTakenBack]:
    """
    Take *seats* back from *quota*. Nothing happens for no seats.

    Raises `InputError` for more seats than are free: an agent keeps the seat they hold.
    """
    if seats == 0:
        return Accepted()
    if seats > quota.free:
        msg = (
            f"{seats} seats cannot be taken back from {quota.region}: {quota.free} are free"
            f" of {quota.allotted}; take back at most {quota.free}"
        )
        raise InputError(msg)
    return Accepted(QuotaTakenBack(seats=seats, to=to, on=on))
