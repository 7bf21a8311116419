"""A quota: the seats of a programme in a region, allotted under its cap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeAlias, assert_never

import attrs

from jamsos.errors import InputError

from .agent import Agent, AgentStatus
from .apportionment import largest_remainder
from .decision import Accepted, Decision, Policies, Reason, Refused, reasons
from .geography import NATIONAL, Region, region
from .identity import AgentId, ProgrammeName, RuleRef, agent_id, day, name, rule_refs
from .money import whole
from .programme import Programme

_a_region_or_none = attrs.validators.optional(region)

# -- What has happened. Stored for good: see `jamsos.store.catalogue`. ----------


@attrs.frozen(kw_only=True)
class QuotaAllotted:
    """Seats were allotted to a region: under the cap, or out of *source*'s free seats."""

    programme: ProgrammeName = attrs.field(validator=name)
    region: Region = attrs.field(validator=region)
    seats: int = attrs.field(validator=whole)
    source: Region | None = attrs.field(validator=_a_region_or_none)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaSeatTaken:
    """An agent took a seat."""

    agent: AgentId = attrs.field(validator=agent_id)
    rules: tuple[RuleRef, ...] = attrs.field(validator=rule_refs)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaSeatReleased:
    """An agent gave his seat back."""

    agent: AgentId = attrs.field(validator=agent_id)
    on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class QuotaTakenBack:
    """Free seats were taken back from a region: for good, or for region *to*."""

    seats: int = attrs.field(validator=whole)
    to: Region | None = attrs.field(validator=_a_region_or_none)
    on: date = attrs.field(validator=day)


QuotaEvent: TypeAlias = QuotaAllotted | QuotaSeatTaken | QuotaSeatReleased | QuotaTakenBack


# -- What that makes of a quota. -------------------------------------------------


@attrs.frozen(kw_only=True)
class Quota:
    """
    The seats of *programme* in *region*.

    The national quota is where every other region's seats come from and go back to, so
    that its *issued* seats are those of the whole country.
    """

    programme: ProgrammeName
    region: Region = NATIONAL
    allotted: int = 0
    taken: int = 0
    passed_on: int = 0
    """Seats that other regions hold: kept by the national quota."""

    @property
    def free(self) -> int:
        """Seats that are allotted and not taken."""
        return self.allotted - self.taken

    @property
    def issued(self) -> int:
        """Seats allotted here and to the regions that got theirs from here."""
        return self.allotted + self.passed_on


def evolve(quota: Quota, event: QuotaEvent) -> Quota:
    """Return *quota* as it is after *event*. Never refuses: it has happened."""
    allotted, taken, passed_on = quota.allotted, quota.taken, quota.passed_on
    match event:
        case QuotaAllotted(seats=seats, source=source):
            allotted += seats
            passed_on -= seats if source is not None and quota.region == NATIONAL else 0
        case QuotaTakenBack(seats=seats, to=to):
            allotted -= seats
            passed_on += seats if to is not None and quota.region == NATIONAL else 0
        case QuotaSeatTaken():
            taken += 1
        case QuotaSeatReleased():
            taken -= 1
        case _:
            assert_never(event)
    return Quota(
        programme=quota.programme,
        region=quota.region,
        allotted=allotted,
        taken=taken,
        passed_on=passed_on,
    )


# -- What may happen next. -------------------------------------------------------


@attrs.frozen(kw_only=True)
class Seating:
    """The case of an agent who is to take a seat: a recruit, or one who returns."""

    agent: Agent
    programme: Programme
    quota: Quota
    national: Quota
    on: date


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
) -> Decision[QuotaSeatTaken]:
    """Give the agent a seat, unless he holds one, or has had one and not come back."""
    if case.agent.status not in {AgentStatus.UNKNOWN, AgentStatus.DEACTIVATED}:
        return Accepted()
    if grounds := reasons(case, policies):
        return Refused(*grounds)
    return Accepted(QuotaSeatTaken(agent=case.agent.id, rules=rules, on=case.on))


def release(quota: Quota, agent: Agent, *, on: date) -> Decision[QuotaSeatReleased]:
    """Take back the seat that *agent* holds in *quota*, if he does."""
    if agent.seat != quota.region:
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

    Raises `InputError` for more seats than are free: nobody loses the seat he holds.
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

Steps: TypeAlias = tuple[tuple[Region, Decision[QuotaEvent]], ...]
"""What is decided for each region, in order; accepted all together, or not at all."""


def shared_out(quotas: Quotas, seats: int, weights: Mapping[Region, int]) -> tuple[Move, ...]:
    """
    Return the moves by which each region of *weights* comes to its share of *seats*.

    Shares are by largest remainder. Regions that have more give to the nation first; then it
    gets new seats, if all its free ones are too few; then the others get theirs from it.
    Raises `InputError` where the nation has a weight: what it keeps is not shared out.
    """
    if NATIONAL in weights:
        msg = "seats are shared out by the nation, to others: give it no weight of its own"
        raise InputError(msg)
    shares = largest_remainder(seats, weights)
    more = {region: shares[region] - quotas[region].allotted for region in sorted(shares)}
    back = [Move(seats=-n, source=region, to=NATIONAL) for region, n in more.items() if n < 0]
    out = [Move(seats=n, source=NATIONAL, to=region) for region, n in more.items() if n > 0]
    free = quotas[NATIONAL].free + sum(move.seats for move in back)
    new = max(0, sum(move.seats for move in out) - free)
    return (*back, Move(seats=new, to=NATIONAL), *out)


def fitted_to(cap: int, quotas: Quotas) -> tuple[Move, ...]:
    """
    Return the moves by which no more seats are issued than *cap*; or all that are free.

    The nation's own free ones go first; then the regions', by largest remainder over what is
    free there, so that none gives more than it has.
    """
    national = quotas[NATIONAL]
    surplus = max(0, national.issued - cap)
    free = {region: q.free for region, q in quotas.items() if region != NATIONAL and q.free > 0}
    wanted = min(max(0, surplus - national.free), sum(free.values()))
    shares = largest_remainder(wanted, free) if free else {}
    back = [
        Move(seats=shares[region], source=region, to=NATIONAL)
        for region in sorted(shares)
        if shares[region]
    ]
    return (*back, Move(seats=min(surplus, national.free + wanted), source=NATIONAL))


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
    back to the nation. Refused with every reason, each once. Raises `InputError` where more
    would have to be taken back than are free, or seats moved from a region to itself.
    """
    now, policies = dict(quotas), tuple(policies)
    steps: list[tuple[Region, Decision[QuotaEvent]]] = []
    grounds: dict[Reason, None] = {}

    def decided(region: Region, decision: Decision[QuotaEvent]) -> None:
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
