"""One row of a batch command: the arguments of the single request, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NotRequired, TypedDict

from jamsos.domain.calendar import Months
from jamsos.domain.coverage import Segment
from jamsos.domain.participant import Payer


class Recruitment(TypedDict):
    """A row of `recruit_many`: the arguments of `recruit`."""

    agent: str
    programme: str
    province: str
    on: date
    region: NotRequired[str]


class Registration(TypedDict):
    """A row of `register_many`: the arguments of `register`."""

    participant: str
    province: str
    on: date
    segment: NotRequired[Segment]
    agent: NotRequired[str | None]
    sponsor: NotRequired[str | None]


class Payment(TypedDict):
    """A row of `pay_many`: the arguments of `pay`."""

    participant: str
    reference: str
    months: Months
    income: int
    amount: int
    on: date
    programmes: NotRequired[Iterable[str]]
    segment: NotRequired[Segment]
    payer: NotRequired[Payer]
    sector: NotRequired[str]
    budget: NotRequired[str]
