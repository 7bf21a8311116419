"""Strategies for values: days, months, amounts, people, provinces, citations."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.citation import Citation, Sha256
from jamsos.domain.geography import PROVINCES, ProvinceCode
from jamsos.domain.identity import AgentId, ParticipantId
from jamsos.domain.money import MOST, Rupiah
from jamsos.errors import InputError
from jamsos.testing.names import AGENTS, FIRST_DAY, LAST_DAY, PEOPLE

from .drawn import Drawn, st
from .words import akn_names, notes, sentences, urls

_FIRST, _LAST = Month.of(FIRST_DAY), Month.of(LAST_DAY)


def days(*, first: date = FIRST_DAY, last: date = LAST_DAY) -> Drawn[date]:
    """
    Draw days from *first* to *last*, both included: by default those of the law that ships.

    >>> from hypothesis import find
    >>> find(days(first=date(2018, 1, 1)), lambda day: day.month == 2)
    datetime.date(2018, 2, 1)

    Raises `InputError` where *last* comes before *first*; as do `months` and `month_runs`.
    """
    check_order(first, last)
    return st.dates(first, last)


def months(*, first: Month = _FIRST, last: Month = _LAST) -> Drawn[Month]:
    """
    Draw whole calendar months from *first* to *last*, both included.

    >>> from hypothesis import find
    >>> find(months(), lambda month: month > Month(2018, 2))
    Month('2018-03')
    """
    check_order(first, last)
    return st.integers(first.index, last.index).map(Month.at)


def month_runs(*, first: Month = _FIRST, last: Month = _LAST, longest: int = 12) -> Drawn[Months]:
    """
    Draw unbroken runs of 1 to *longest* months that lie from *first* to *last*.

    >>> from hypothesis import find
    >>> find(month_runs(), lambda run: len(list(run)) >= 3)
    Months('2015-07/2015-09')

    Raises `InputError` for a *longest* run of no month.
    """
    check_order(first, last)
    check_order(1, longest)
    starts, more = st.integers(first.index, last.index), st.integers(0, longest - 1)
    return st.tuples(starts, more).map(
        lambda run: Months([(run[0], min(run[0] + run[1], last.index))])
    )


def rupiah(*, least: int = 0, most: int = MOST) -> Drawn[Rupiah]:
    """
    Draw amounts of whole rupiah, from *least* to *most*, both included.

    >>> from hypothesis import find
    >>> find(rupiah(most=1_000_000), lambda amount: amount > 16_800)
    16801

    Raises `InputError` for bounds out of order, below 0 or above 2^63 - 1.
    """
    for one, other in ((0, least), (least, most), (most, MOST)):
        check_order(one, other)
    return st.integers(least, most).map(Rupiah)


def agents() -> Drawn[AgentId]:
    """
    Draw the names of a few agents: the same whom histories are about, so that they meet.

    >>> from hypothesis import find
    >>> find(agents(), lambda agent: True)
    'agent-00000000-0000-7000-8000-000000000001'
    """
    return st.sampled_from(AGENTS).map(AgentId)


def participants() -> Drawn[ParticipantId]:
    """
    Draw the names of a few participants: the same whom histories are about.

    >>> from hypothesis import find
    >>> find(participants(), lambda participant: True)
    'participant-00000000-0000-7000-8000-000000000001'
    """
    return st.sampled_from(PEOPLE).map(ParticipantId)


def provinces(*, on: date | None = None) -> Drawn[ProvinceCode]:
    """
    Draw the codes of provinces: of those that exist *on* a day, or of all that ever did.

    >>> from hypothesis import find
    >>> find(provinces(), lambda code: code > "92"), find(provinces(on=date(2018, 2, 5)), bool)
    ('93', '11')
    """
    there = [c for c, p in PROVINCES.items() if on is None or (p.since or 0) <= on.year]
    return st.sampled_from(there).map(ProvinceCode)


def citations() -> Drawn[Citation]:
    """
    Draw places in legal texts, of any words, each with or without what was read there.

    >>> from hypothesis import find
    >>> find(citations(), lambda citation: citation.url).url
    'https://example.org/1'

    Where a passage and a SHA-256 are both drawn, it is that of the passage.
    """
    return st.builds(
        Citation,
        sentences,
        notes,
        notes,
        st.none() | urls,
        read_on=st.none() | days(),
        akn=st.none() | akn_names,
    ).flatmap(_with_passage)


def _with_passage(citation: Citation) -> Drawn[Citation]:
    """Draw *citation* as it is, with a passage, with a SHA-256, or with both."""

    def read(passage: str) -> Drawn[Citation]:
        own = Sha256(sha256(passage.encode()).hexdigest())
        both = attrs.evolve(citation, passage=passage, passage_sha256=own)
        return st.sampled_from(
            (attrs.evolve(both, passage_sha256=None), attrs.evolve(both, passage=None), both)
        )

    return st.just(citation) | sentences.flatmap(read)


def month_set(drawn: tuple[list[Months], Month | None]) -> Months:
    """Return the months of some runs, and perhaps those from one on without end."""
    runs, endless_from = drawn
    endless = () if endless_from is None else ((endless_from.index, FOREVER),)
    return Months((*(run for each in runs for run in each.runs), *endless))


def check_order(one: Any, other: Any) -> None:  # noqa: ANN401 - two of a kind
    """Raise `InputError` where *other* comes before *one*."""
    if other < one:
        msg = f"{one} to {other} are no bounds: the first must not come after the last"
        raise InputError(msg)
