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

    The seat would be held from the day *on*, up to the day *until* and not on it; or for good.
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
    Give the agent a seat from a day on, unless they hold one of that quota on it.

    It is given back on the day *until*, if the case has one.
    """
    if _holds(case.agent, case.quota, case.on):
        return Accepted()
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    taken = QuotaSeatTaken(agent=case.agent.id, rules=rules, on=case.on)
    if case.until is None:
        return Accepted(taken)
    return Accepted(taken, QuotaSeatReleased(agent=case.agent.id, on=case.until))


def release(quota: Quota, agent: Agent, *, on: date) -> Decision[QuotaSeatReleased]:
    """Take back the seat that *agent* holds in *quota* on that day, if they do."""
    if not _holds(agent, quota, on):
        return Accepted()
    return Accepted(QuotaSeatReleased(agent=agent.id, on=on))


def _holds(agent: Agent, quota: Quota, on: date) -> bool:
    return agent.programme == quota.programme and agent.seat_on(on) == quota.region


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
    Take *seats* back from *quota*, from the day *on*. Nothing happens for no seats.

    Raises `InputError` for more seats than are free on that day and on every later one: an
    agent keeps the seat they hold, also one that they take later.
    """
    if seats == 0:
        return Accepted()
    free, day = quota.least_free(on)
    if seats > free:
        when = f" on {day}" if day != on else ""
        msg = (
            f"{seats} seats cannot be taken back from {quota.region}: {free} are free{when}"
            f" of {quota.at(day).allotted}; take back at most {max(0, free)}"
        )
        raise InputError(msg)
    return Accepted(QuotaTakenBack(seats=seats, to=to, on=on))
