"""How a caller writes rules of his own: policies, values, a definition of active. Never run."""

from datetime import date

import jamsos
from jamsos.domain.decision import Policy
from jamsos.domain.participant import Contribution, Enrolment
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Seating
from jamsos.domain.rule import Rule

EXAMPLE = jamsos.Citation("Example 1/2018", "article 1")


def no_seats_on_sundays(case: Seating) -> jamsos.Reason | None:
    if case.on.isoweekday() != 7:
        return None
    return jamsos.Reason("no-sundays", "No agent is recruited on a Sunday.", EXAMPLE)


def no_more_than_a_year(case: Contribution) -> jamsos.Reason | None:
    if len(list(case.months)) <= 12:
        return None
    return jamsos.Reason("one-year", "A payment covers at most a year.", EXAMPLE)


def none_in(*provinces: str) -> Policy[Enrolment]:
    def policy(case: Enrolment) -> jamsos.Reason | None:
        if case.province not in provinces:
            return None
        return jamsos.Reason("closed", "The province is closed.", EXAMPLE)

    return policy


def covered_or_new(standing: jamsos.Standing, programme: str) -> jamsos.Months:
    first = standing.registered.first
    if first is None:
        return standing.registered
    covered = standing.paid_for(programme) | jamsos.Months.between(first, first)
    return covered & standing.registered


COVERED_OR_NEW = jamsos.Definition(
    name="covered-or-new",
    sentence="the month is covered, or is the first of the registration",
    citation=EXAMPLE,
    status=jamsos.Status.ASSUMED,
    months=covered_or_new,
)


def counted() -> int:
    with jamsos.open(
        ":memory:",
        policies={
            Seating: [no_seats_on_sundays],
            Contribution: (no_more_than_a_year,),
            Enrolment: {none_in("51", "52")},
        },
    ) as registry:
        return registry.count(jamsos.Month(2018, 2), COVERED_OR_NEW).total


def base_and_rate(law: Programme, income: int, risk: str, on: date) -> tuple[int, int]:
    brackets, rates = law.rule("bpu-income-brackets", on), law.rule("pu-rates", on)
    return brackets.bracket(income), rates.row(risk)


def relieved(law: Programme, sector: str, on: date) -> tuple[int, bool]:
    relief: Rule | None = law.in_force("bpu-relief", on)
    return (0, True) if relief is None else (relief.row(sector), relief.verified(on))


def mandatory(law: Programme, of_class: str, on: date) -> tuple[str, ...]:
    rule = law.rule("bpu-mandatory-programmes", on)
    return (*rule.names_of(of_class), *law.rule("bpu-refund", on).names)


RELIEF = jamsos.DatedValue(
    value=jamsos.Table.of({"transport": 50_000, "other": 0}),
    in_force=date(2026, 1, 1),
    citation=EXAMPLE,
    status=jamsos.Status.ASSUMED,
    verified_until=date(2026, 12, 31),
)
