"""The cases of a contribution month or a contract that is to be paid, and what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from jamsos.errors import InputError

from .calendar import Month, Months
from .coverage import Segment
from .field import An
from .fixed import fixed
from .identity import ProgrammeName, day, name, names
from .money import Rupiah, whole
from .programme import Programme
from .value import Word

Law: TypeAlias = Mapping[ProgrammeName, Programme]
"""The programmes whose rules are read, by name."""

OTHER: Final = Word("other")
"""The sector of a participant who works in none that a rule names."""

OWN: Final = Word("own")
"""Out of no public budget: the payer's own money, or a donor's."""


class Bearer(StrEnum):
    """The bearer of a part of what is due."""

    PARTICIPANT = "participant"
    EMPLOYER = "employer"
    WORKER = "worker"
    STATE = "state"


def fixed_law(law: Law) -> Law:
    """Return *law* so that it cannot be changed."""
    return fixed(law)


@attrs.frozen(kw_only=True)
class NonWageEarner:
    """
    The case of a non-wage earner (BPU) who is to pay for *month*.

    *programmes* are those paid for, or None for what their *occupation* must take: a row of the
    rule ``bpu-mandatory-programmes``. *budget* names the money that it is paid out of.
    """

    law: Law
    month: Month
    income: Rupiah = attrs.field(validator=whole)
    programmes: tuple[ProgrammeName, ...] | None = attrs.field(
        default=None, validator=attrs.validators.optional(names)
    )
    occupation: str = attrs.field(default="outside-employment", validator=name)
    sector: Word = attrs.field(default=OTHER, validator=name)
    budget: Word = attrs.field(default=OWN, validator=name)
    segment: Segment = attrs.field(default=Segment.NON_WAGE_EARNER, init=False)


@attrs.frozen(kw_only=True)
class WageEarner:
    """
    The case of a wage earner (PU) for whom *month* is to be paid.

    *programmes* are those paid for, or None for what an employer of that *size* must take: a
    row of the rule ``pu-programmes-by-size``. *risk* is that of the work: a row of ``pu-rates``.
    """

    law: Law
    month: Month
    wage: Rupiah = attrs.field(validator=whole)
    risk: Word = attrs.field(validator=name)
    programmes: tuple[ProgrammeName, ...] | None = attrs.field(
        default=None, validator=attrs.validators.optional(names)
    )
    size: Word = attrs.field(default=Word("medium"), validator=name)
    segment: Segment = attrs.field(default=Segment.WAGE_EARNER, init=False)


@attrs.frozen(kw_only=True)
class Construction:
    """
    The case of a construction project begun in *month*.

    It pays by the *value* of its contract, without VAT; or by its *wages*, if they are known.
    Raises `InputError` unless one of the two is given.
    """

    law: Law
    month: Month
    value: Rupiah | None = attrs.field(default=None, validator=attrs.validators.optional(whole))
    wages: Rupiah | None = attrs.field(default=None, validator=attrs.validators.optional(whole))
    segment: Segment = attrs.field(default=Segment.CONSTRUCTION, init=False)

    def __attrs_post_init__(self) -> None:
        if (self.value is None) == (self.wages is None):
            msg = "a construction project pays by its contract's value or by wages: give one"
            raise InputError(msg)


@attrs.frozen(kw_only=True)
class Migrant:
    """
    The case of a migrant worker whose contract begins in *month*.

    *contract* is its length: a row of the rule ``migrant-amounts``. *extension* is by how many
    months it is extended, and *jht* what they choose to pay for JHT a month; 0, if nothing.
    """

    law: Law
    month: Month
    contract: Word = attrs.field(validator=name)
    extension: int = attrs.field(default=0, validator=whole)
    jht: Rupiah = attrs.field(default=Rupiah(0), validator=whole)
    segment: Segment = attrs.field(default=Segment.MIGRANT, init=False)


@attrs.frozen(kw_only=True)
class Paying:
    """
    The case of a non-wage earner who is to pay on the day *on*, and has *paid* for some months.

    *entered_on* is the day of their registration, or of their last return. *added* says whether
    somebody who pays for others, such as a donor, has added them.
    """

    law: Law
    paid: Months
    entered_on: date = attrs.field(validator=day)
    added: bool = False
    on: date = attrs.field(validator=day)


Owing: TypeAlias = NonWageEarner | WageEarner | Construction | Migrant
"""Anything that a contribution may be due for: one case for each segment."""


@attrs.frozen(kw_only=True)
class Late:
    """The case of *amount*, owed for *month* in a segment, that is paid on *paid_on*."""

    law: Law
    segment: Segment = attrs.field(validator=An(Segment))
    month: Month
    amount: Rupiah = attrs.field(validator=whole)
    paid_on: date = attrs.field(validator=day)


@attrs.frozen(kw_only=True)
class Part:
    """
    One part of what is due: to which programmes, borne by whom.

    *full* is the amount without relief, *amount* the one that is due.
    """

    programmes: tuple[ProgrammeName, ...] = attrs.field(validator=names)
    full: Rupiah = attrs.field(validator=whole)
    amount: Rupiah = attrs.field(validator=whole)
    bearer: Bearer = attrs.field(validator=An(Bearer))


@attrs.frozen
class Due:
    """The amount that is due, in its parts."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> Rupiah:
        """The amount to be paid: all parts but those that the state bears."""
        paid = (part.amount for part in self.parts if part.bearer is not Bearer.STATE)
        return Rupiah(sum(paid))

    def of(self, programme: str) -> Rupiah:
        """Return the amount that *programme* gets in all, from every bearer."""
        return Rupiah(sum(part.amount for part in self.parts if programme in part.programmes))

    def by(self, bearer: Bearer) -> Rupiah:
        """Return the amount that *bearer* bears."""
        return Rupiah(sum(part.amount for part in self.parts if part.bearer is bearer))


@attrs.frozen
class PaymentDue:
    """
    What is due for each month, in order, and the *credit* of what was paid too much before.

    *over_is_credited* says whether more may be paid: it is credited to the following months.
    """

    months: tuple[Rupiah, ...]
    credit: Rupiah
    over_is_credited: bool

    @property
    def total(self) -> Rupiah:
        """What is due for the months together."""
        return Rupiah(sum(self.months))

    @property
    def used(self) -> Rupiah:
        """What of the credit is used for them."""
        return min(self.credit, self.total)

    @property
    def to_pay(self) -> Rupiah:
        """What is left to be paid."""
        return Rupiah(self.total - self.used)


@attrs.frozen
class DifferenceDue:
    """What is due for each of some months, in order, and what was due for it *then*."""

    months: tuple[Rupiah, ...]
    then: tuple[Rupiah, ...]

    @property
    def more(self) -> tuple[Rupiah, ...]:
        """What each month is due more than it was; nothing, where it is due less."""
        pairs = zip(self.months, self.then, strict=True)
        return tuple(Rupiah(max(0, now - then)) for now, then in pairs)

    @property
    def to_pay(self) -> Rupiah:
        """What is to be paid for the months together."""
        return Rupiah(sum(self.more))


@attrs.frozen
class RefundDue:
    """What is paid back: the *months*, their *amount*, and the claims on which it is done."""

    months: Months
    amount: Rupiah
    claims: tuple[Word, ...]


@attrs.frozen(kw_only=True)
class Payable:
    """
    The months that may be paid on a day, in runs of which the last has no end.

    *at_once* are the numbers of months, from that of the day on, that may be paid in one
    payment. *covered_from* is the first day of coverage of a participant who has not paid yet.
    *lapsed* says whether the participation has lapsed, and begins again with a payment.
    """

    months: Months
    paid: Months
    """The months that are paid for already: they are no arrears."""
    at_once: tuple[int, ...]
    covered_from: date | None
    lapsed: bool


SCHEME: Final = tuple(map(ProgrammeName, ("jht", "jkk", "jkm", "jkp", "jp")))
"""The programmes of the scheme, to which contributions are paid."""

SEGMENT_RULES: Final = ProgrammeName("jkk")
"""The programme that has the rules of a whole segment: everybody is in JKK."""


def programme_in(law: Law, name: str) -> Programme:
    """Return the programme *name* of *law*; one without any rule, if it is not there."""
    return law.get(ProgrammeName(name)) or _without_rules(name)


@lru_cache(maxsize=64)
def _without_rules(name: str) -> Programme:
    return Programme(ProgrammeName(name))
