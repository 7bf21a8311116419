"""Seats that change hands between the quotas of a programme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeAlias

import attrs

from jamsos.domain.apportionment import largest_remainder
from jamsos.domain.decision import Decision, Policies, Reason, Refused
from jamsos.domain.geography import NATIONAL, Region
from jamsos.domain.identity import RuleRef
from jamsos.domain.money import whole
from jamsos.domain.programme import Programme
from jamsos.errors import InputError

from .events import QuotaAllotted, QuotaTakenBack
from .seats import Allotment, allot, take_back
from .state import Quota, evolve


@attrs.frozen(kw_only=True)
class Move:
    """
    Seats that change hands: out of *source*'s free ones, to region *to*.

    No *source*: they are new, under the cap. No *to*: they are taken back for good.
    """

    seats: int = attrs.field(validator=whole)
    source: Region | None = None
    to: Region | None = None


Quotas: TypeAlias = Mapping[Region, Quota]
"""The quotas of one programme, by region; the nation's is among them."""


Steps: TypeAlias = tuple[tuple[Region, Decision[QuotaAllotted | QuotaTakenBack]], ...]
"""The decisions, each with its region, in order; accepted all together, or not at all."""


def shared_out(
    quotas: Quotas, seats: int, weights: Mapping[Region, int], *, on: date
) -> tuple[Move, ...]:
    """
    Return the moves by which each region of *weights* comes to its share of *seats* on a day.

    Shares are by largest remainder. Regions that have more give to the nation first; then it
    gets new seats, if all its free ones are too few; then the others get theirs from it.
    Raises `InputError` if the nation has a weight: what it keeps is not shared out.
    """
    if NATIONAL in weights:
        msg = "seats are shared out by the nation, to others: give it no weight of its own"
        raise InputError(msg)
    shares = largest_remainder(seats, weights)
    more = {region: shares[region] - quotas[region].at(on).allotted for region in sorted(shares)}
    back = [Move(seats=-n, source=region, to=NATIONAL) for region, n in more.items() if n < 0]
    out = [Move(seats=n, source=NATIONAL, to=region) for region, n in more.items() if n > 0]
    free = max(0, _free(quotas[NATIONAL], on)) + sum(move.seats for move in back)
    new = max(0, sum(move.seats for move in out) - free)
    return (*back, Move(seats=new, to=NATIONAL), *out)


def fitted_to(cap: int, quotas: Quotas, *, on: date) -> tuple[Move, ...]:
    """
    Return the moves by which no more seats are issued than *cap* on a day; or all that are free.

    Free are those that are free on that day and on each later one.

    The nation's own free ones go first; then the regions', by largest remainder over what is
    free there, so that none gives more than it has.
    """
    surplus = max(0, quotas[NATIONAL].at(on).issued - cap)
    own = max(0, _free(quotas[NATIONAL], on))
    regions = {region: _free(q, on) for region, q in quotas.items() if region != NATIONAL}
    free = {region: seats for region, seats in regions.items() if seats > 0}
    wanted = min(max(0, surplus - own), sum(free.values()))
    shares = largest_remainder(wanted, free) if free else {}
    back = [
        Move(seats=shares[region], source=region, to=NATIONAL)
        for region in sorted(shares)
        if shares[region]
    ]
    return (*back, Move(seats=min(surplus, own + wanted), source=NATIONAL))


def _free(quota: Quota, on: date) -> int:
    """Return how many seats are free on that day and on each later one."""
    return quota.least_free(on)[0]


def reallot(
    programme: Programme,
    quotas: Quotas,
    moves: Iterable[Move],
    *,
    rules: Callable[[Region], tuple[RuleRef, ...]],
    policies: Policies[Allotment],
    on: date,
) -> Steps:
    """
    Let *moves* happen, each on what the ones before it have made of *quotas*.

    *policies* judge each allotment, and *rules* are those that it names, save where seats go
    back to the nation. Refused with every reason, each once. Raises `InputError` if more
    would have to be taken back than are free, or seats moved from a region to itself.
    """
    now, policies = dict(quotas), tuple(policies)
    steps: list[tuple[Region, Decision[QuotaAllotted | QuotaTakenBack]]] = []
    grounds: dict[Reason, None] = {}

    def decided(region: Region, decision: Decision[QuotaAllotted | QuotaTakenBack]) -> None:
        if isinstance(decision, Refused):
            grounds.update(dict.fromkeys(decision.reasons))
            return
        steps.append((region, decision))
        for event in decision.events:
            now[region] = evolve(now[region], event)

    for move in moves:
        if move.source == move.to:
            msg = f"seats cannot move from {move.source} to {move.to}: name two regions"
            raise InputError(msg)
        if move.seats == 0:
            continue
        if move.source is not None and not grounds:
            back = take_back(now[move.source], move.seats, to=move.to, on=on)
            decided(move.source, back)
        if move.to is not None:
            case = Allotment(
                programme=programme,
                quota=now[move.to],
                national=now[NATIONAL],
                seats=move.seats,
                source=move.source,
                on=on,
            )
            home = move.source is not None and move.to == NATIONAL
            allotted = allot(
                case, rules=() if home else rules(move.to), policies=() if home else policies
            )
            decided(move.to, allotted)
    return ((NATIONAL, Refused(*grounds)),) if grounds else tuple(steps)
