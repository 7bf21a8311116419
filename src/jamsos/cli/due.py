"""`jamsos due`: what is due for a contribution month, and why."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any, Final

from jamsos.domain.calendar import Month
from jamsos.domain.coverage import Segment
from jamsos.domain.due import (
    OTHER,
    OWN,
    Construction,
    Due,
    Law,
    Migrant,
    NonWageEarner,
    Owing,
    WageEarner,
)
from jamsos.domain.explanation import Explained
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.money import Rupiah
from jamsos.domain.value import Word
from jamsos.errors import InputError, RuleNotInForceError
from jamsos.formulas.contribution_due import contribution_due
from jamsos.formulas.due_date import due_date
from jamsos.rulebook import law

from .command import Command
from .exit_codes import FINE
from .explained import told
from .options import add_language, add_rules
from .rules.reading import files_of


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--segment", required=True, choices=tuple(Segment))
    parser.add_argument(
        "--month", required=True, metavar="YYYY-MM", help="the contribution month, or the first"
    )
    parser.add_argument("--income", type=int, metavar="RUPIAH", help="the monthly income, or wage")
    parser.add_argument(
        "--programmes", metavar="NAMES", help="such as jht,jkk,jkm (default: what must be taken)"
    )
    parser.add_argument(
        "--occupation",
        default="outside-employment",
        metavar="NAME",
        help="bpu: employer, outside-employment or in-training (default: %(default)s)",
    )
    parser.add_argument(
        "--sector", default=OTHER, metavar="NAME", help="bpu: transport or other (default: other)"
    )
    parser.add_argument(
        "--budget",
        default=OWN,
        metavar="NAME",
        help="bpu: paid out of the state-budget, a regional-budget, or own (default: own)",
    )
    parser.add_argument(
        "--risk", metavar="NAME", help="pu: very-low, low, medium, high or very-high"
    )
    parser.add_argument(
        "--size",
        default="medium",
        metavar="NAME",
        help="pu: a micro, small, medium or large employer (default: %(default)s)",
    )
    parser.add_argument(
        "--value", type=int, metavar="RUPIAH", help="construction: of the contract, without VAT"
    )
    parser.add_argument(
        "--contract",
        metavar="NAME",
        help="migrant: six-months, twelve-months or twenty-four-months",
    )
    parser.add_argument(
        "--extension", type=int, default=0, metavar="MONTHS", help="migrant: of the contract"
    )
    parser.add_argument(
        "--jht", type=int, default=0, metavar="RUPIAH", help="migrant: chosen for JHT a month"
    )
    add_rules(parser)
    add_language(parser)


def _run(asked: argparse.Namespace) -> int:
    """Print what is due in the case that was asked for, until when, and the steps to both."""
    case = _case(asked, law(files_of(asked)))
    answer = contribution_due(case)
    until = _until(case)
    if asked.json:
        print(json.dumps(_built(answer, until, asked)))
        return FINE
    print(answer.explain(asked.lang))
    if until is not None:
        print(f"\n{until.explain(asked.lang)}")
    return FINE


def _until(case: Owing) -> Explained[date] | None:
    """Return until when it is due; None for a segment of which no rule says it."""
    try:
        return due_date(case.law, case.month, case.segment)
    except RuleNotInForceError:
        return None


def _built(
    answer: Explained[Due], until: Explained[date] | None, asked: argparse.Namespace
) -> dict[str, Any]:
    last_day = {} if until is None else {"on": str(until.value), **told(until, asked.lang)}
    return {
        "segment": asked.segment,
        "month": asked.month,
        "total": answer.value.total,
        "parts": [
            {
                "programmes": part.programmes,
                "full": part.full,
                "amount": part.amount,
                "bearer": part.bearer,
            }
            for part in answer.value.parts
        ],
        **told(answer, asked.lang),
        "last_day": last_day or None,
    }


def _case(asked: argparse.Namespace, rules: Law) -> Owing:
    month = Month.parse(asked.month)
    match Segment(asked.segment):
        case Segment.NON_WAGE_EARNER:
            return NonWageEarner(
                law=rules,
                month=month,
                income=_rupiah(asked, "income"),
                programmes=_programmes(asked),
                occupation=asked.occupation,
                sector=Word(asked.sector),
                budget=Word(asked.budget),
            )
        case Segment.WAGE_EARNER:
            return WageEarner(
                law=rules,
                month=month,
                wage=_rupiah(asked, "income"),
                risk=Word(_given(asked, "risk")),
                programmes=_programmes(asked),
                size=Word(asked.size),
            )
        case Segment.CONSTRUCTION:
            by_wages = asked.value is None
            return Construction(
                law=rules,
                month=month,
                value=None if by_wages else Rupiah(asked.value),
                wages=_rupiah(asked, "income") if by_wages else None,
            )
        case Segment.MIGRANT:
            return Migrant(
                law=rules,
                month=month,
                contract=Word(_given(asked, "contract")),
                extension=asked.extension,
                jht=Rupiah(asked.jht),
            )


def _given(asked: argparse.Namespace, option: str) -> Any:  # noqa: ANN401 - as it was parsed
    value = getattr(asked, option)
    if value is None:
        msg = f"segment {asked.segment} needs --{option}"
        raise InputError(msg)
    return value


def _rupiah(asked: argparse.Namespace, option: str) -> Rupiah:
    return Rupiah(_given(asked, option))


def _programmes(asked: argparse.Namespace) -> tuple[ProgrammeName, ...] | None:
    named = asked.programmes.split(",") if asked.programmes else ()
    return tuple(sorted({ProgrammeName(each.strip()) for each in named})) or None


COMMAND: Final = Command(
    run=_run,
    arguments=_arguments,
    example="jamsos due --income 1500000 --segment bpu --month 2026-04 --sector transport",
)
