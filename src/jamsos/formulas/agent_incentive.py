"""The incentive of an agent for a month: for new participants, and of contributions."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from jamsos.domain.coverage import Segment
from jamsos.domain.explanation import Explained, Working
from jamsos.domain.incentive import Acquired, Earning, Incentive, Received, Rewarded
from jamsos.domain.money import Rupiah
from jamsos.domain.rate import WHOLE

REGIME_RULE: Final = "incentive-regime"
COUNTS_RULE: Final = "acquisition-incentive-counts"
LEAST_RULE: Final = "acquisition-incentive-least"
FLAT_RULE: Final = "acquisition-incentive-flat"
EACH_RULE: Final = "acquisition-incentive-each"
CONTRIBUTION_RULE: Final = "contribution-incentive"
WAGE_EARNERS_RULE: Final = "contribution-incentive-pu"
OFFICE_RULE: Final = "incentive-office-share"
OFFICE_FROM_RULE: Final = "incentive-office-share-from"
PAID_TO_RULE: Final = "incentive-paid-to"
PAY_DAY_RULE: Final = "incentive-pay-day"

NEVER_REGISTERED: Final = "bpu-never-registered"
ON_TOP: Final = "on-top"


def agent_incentive(case: Earning) -> Explained[Incentive]:
    """
    Return the incentive of a month under the rules of its first day, in its parts.

    For new participants, if there are enough of them (``acquisition-incentive-least``, of those
    in ``acquisition-incentive-counts``): a flat sum (``acquisition-incentive-flat``), or one for
    each by their programmes (``acquisition-incentive-each``). Of each contribution a share, by the
    number of the contribution month in the agent's care (``contribution-incentive``), or that
    of wage earners (``contribution-incentive-pu``). The office's share of it is taken out or paid
    on top. Raises `RuleNotInForceError` if no rule says this of the month.
    """
    working, programme, on = Working(), case.programme, case.month.first_day
    working.note("asked-incentive", month=case.month)
    working.names(programme, REGIME_RULE, on)
    acquired = _counted(case, on, working)
    acquisition = _acquisition(case, acquired, on, working)
    contributions = _contributions(case, on, working)
    gross = acquisition + sum(each.incentive for each in contributions)
    working.note(
        "incentive-sum", acquisition=acquisition, contributions=gross - acquisition, gross=gross
    )
    rate = working.number(programme, OFFICE_RULE, on)
    on_top = ON_TOP in working.names(programme, OFFICE_FROM_RULE, on)
    working.share(gross, rate)
    working.names(programme, PAID_TO_RULE, on)
    incentive = Incentive(
        acquired=acquired,
        acquisition=acquisition,
        contributions=contributions,
        office_rate=rate,
        on_top=on_top,
        pay_by=_pay_by(case, on, working),
    )
    key = "office-on-top" if on_top else "office-out-of"
    working.note(key, agent=incentive.agent, office=incentive.office)
    return working.done(incentive)


def _counted(case: Earning, on: date, working: Working) -> tuple[Acquired, ...]:
    """Return the new participants that the rule counts."""
    counts = working.names(case.programme, COUNTS_RULE, on)
    segments = {str(each) for each in counts}
    if NEVER_REGISTERED in counts:
        segments.add(Segment.NON_WAGE_EARNER)
        working.note("new-by-record")
    counted = tuple(each for each in case.acquired if each.segment in segments)
    working.note("new-participants", number=len(counted))
    return counted


def _acquisition(
    case: Earning, acquired: tuple[Acquired, ...], on: date, working: Working
) -> Rupiah:
    least = working.number(case.programme, LEAST_RULE, on)
    flat = working.number_if_any(case.programme, FLAT_RULE, on)
    each = case.programme.in_force(EACH_RULE, on)
    enough = len(acquired) >= least
    amount = (flat or 0) if enough else 0
    by_programmes = Counter("-".join(one.programmes) for one in acquired)
    for row in each.table.rows if each is not None else ():
        name, number = str(row.key), by_programmes.pop(str(row.key), 0)
        sum_of = working.number(case.programme, EACH_RULE, on, at=name) * number
        if enough:
            working.note("for-new", number=number, programmes=name, result=sum_of)
            amount += sum_of
    if each is not None and by_programmes and enough:
        working.note("for-new-nothing", number=by_programmes.total())
    if not enough:
        working.note("too-few", number=len(acquired), least=least)
    return Rupiah(amount)


def _contributions(case: Earning, on: date, working: Working) -> tuple[Rewarded, ...]:
    steps = working.brackets(case.programme, CONTRIBUTION_RULE, on)
    of_wages = working.number(case.programme, WAGE_EARNERS_RULE, on)
    rewarded = []
    of: Counter[int] = Counter()
    result: Counter[int] = Counter()
    rounded = False
    for received in case.received:
        if received.segment is Segment.NON_WAGE_EARNER:
            shared = _by_rate(received, steps, working)
        elif received.segment is Segment.WAGE_EARNER:
            shared = Counter({of_wages: received.amount * received.months})
        else:
            continue
        incentive = 0
        for rate, parts in shared.items():
            share, rest = divmod(parts * rate, received.months * WHOLE)
            rounded = rounded or rest > 0
            incentive += share
            of[rate] += parts // received.months
            result[rate] += share
        if incentive:
            rewarded.append(Rewarded(received, Rupiah(incentive)))
    for rate in of:
        working.note("of-contributions", of=of[rate], rate=rate, result=result[rate])
    if rounded:
        working.assume("each-rounded-down")
    if any(each.segment is Segment.WAGE_EARNER for each in case.received):
        working.lack("firms-not-recorded")
    return tuple(rewarded)


def _by_rate(
    received: Received, steps: tuple[tuple[int, int], ...], working: Working
) -> Counter[int]:
    """Return how much of a contribution each rate is of, times the number of its months."""
    shared: Counter[int] = Counter()
    parts = received.parts
    for place in range(received.months):
        number = received.number + place
        rate = next(rate for bound, rate in reversed(steps) if bound <= number)
        shared[rate] += parts[place] * received.months if parts else received.amount
    if len(shared) > 1:
        if parts:
            working.note("split-by-due", reference=received.reference)
        else:
            working.assume("split-by-months", reference=received.reference)
    return shared


def _pay_by(case: Earning, on: date, working: Working) -> date | None:
    day = working.number_if_any(case.programme, PAY_DAY_RULE, on)
    if day is None:
        return None
    pay_by = (case.month + 1).first_day.replace(day=day)
    working.note("pay-by", on=pay_by)
    return pay_by
