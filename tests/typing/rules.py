"""How a caller writes rules of his own: policies and a definition of active. Never run."""

import jamsos
from jamsos.domain.decision import Policy
from jamsos.domain.participant import Contribution, Enrolment
from jamsos.domain.quota import Seating

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
