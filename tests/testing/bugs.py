"""Twelve wrong rules, each a small patch of the right one, and the laws that they break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias, cast

import attrs

from jamsos.commands.agents import Reactivate, Recruit
from jamsos.commands.command import Steps
from jamsos.commands.reading import Reading
from jamsos.domain.agent import (
    Agent,
    AgentDeactivated,
    AgentIncentiveAwarded,
    AgentReactivated,
    AgentStatus,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.coverage import NO_MONTHS, Change
from jamsos.domain.decision import Decision, Reason, Refused
from jamsos.domain.participant import Participant, ParticipantContributionPaid
from jamsos.domain.programme import Programme
from jamsos.domain.quota import Quota, QuotaAllotted, QuotaSeatReleased, QuotaSeatTaken, Seating
from jamsos.domain.rule import DatedValue, Rule
from jamsos.domain.value import Row, Table
from jamsos.engine.session import Around, Decider
from jamsos.engine.setting import Setting
from jamsos.engine.world import Asked
from jamsos.formulas.active import PAID_UP
from jamsos.policies import agent_cap
from jamsos.policies.coverage import CITATION as RECORD
from jamsos.policies.standard import ExtraPolicies, Judges
from jamsos.projections.members import Members
from jamsos.projections.recount import Recount
from jamsos.rulebook import RuleFile, everything
from jamsos.testing import History, Law, World, law, only_if, setting
from tests.testing.wrong import Misread, misreading, staging


@attrs.frozen(kw_only=True)
class Bug:
    """
    A wrong rule, a law that it breaks, and the length of the shortest history that shows it.

    *right* is the law where the right rule is: the same one, but for what decides nothing.
    """

    name: str
    law: Law
    shortest: int | None
    """In commands; None where it is not the same from every seed."""
    rules: tuple[RuleFile, ...] = ()
    policies: ExtraPolicies | None = None
    deciders: Mapping[type, Decider] | None = None
    around: Around | None = None
    right: Law = attrs.field()

    @right.default
    def _the_same(self) -> Law:
        return self.law

    def begins(self) -> Setting:
        """Return a setting in which the wrong rule is in force."""
        return setting(
            self.rules, policies=self.policies, deciders=self.deciders, around=self.around
        )


def _patched(rule: str, programme: str, change: Callable[[DatedValue], DatedValue]) -> RuleFile:
    """Return a rule as it ships, with a *change* in each of its values."""
    file = next(f for f in everything() if (f.programme, f.rule) == (programme, rule))
    return attrs.evolve(file, values=tuple(map(change, file.values)))


def _saying(number: int) -> Callable[[DatedValue], DatedValue]:
    return lambda dated: attrs.evolve(dated, value=number)


# -- Seats. ---------------------------------------------------------------------------


@law(
    "No more agents hold seats than the cap in force allows",
    cite="Bisnis.com, 5-6 February 2018, at most 10,000 agents to the end of 2018",
)
def seats_under_the_cap(event: QuotaSeatTaken, after: Quota, world: World) -> None:
    cap = world.programme("perisai").rule(agent_cap.RULE, event.on).value
    taken = after.at(event.on).taken
    assert taken <= cap, f"{taken} agents hold seats under a cap of {cap}"


def one_more_than_the_cap(case: Seating) -> Reason | None:
    """Compare with *more than*, where *as many as* is meant."""
    cap, *_ = agent_cap.in_force(case.programme, case.quota.region, case.on)
    full = case.quota.taken >= case.quota.allotted or case.quota.taken > cap.value
    return Reason(agent_cap.RULE, "No seat is free.", cap.citation) if full else None


@law(
    "Nobody is refused a seat under the cap while one is free",
    cite=RECORD,
    about=("seats", "agents", "rules"),
)
def free_seats_are_given(command: Asked, answer: Decision[Any] | Exception, world: World) -> None:
    only_if(isinstance(command, Recruit | Reactivate) and isinstance(answer, Refused))
    assert isinstance(command, Recruit | Reactivate)
    assert isinstance(answer, Refused)
    refusing = {reason.policy for reason in answer.reasons}
    only_if(refusing & {agent_cap.RULE, agent_cap.ALLOTMENT})
    region, on = command.region, command.on
    quota, nation, programme = (
        world.quota("perisai", region),
        world.quota("perisai"),
        world.programme("perisai"),
    )
    for day in sorted({on, *quota.days(on), *nation.days(on), *_first_days(programme)}):
        cap = programme.in_force(agent_cap.RULE, day)
        full = quota.at(day).free <= 0
        if day >= on and (full or (cap is not None and nation.at(day).issued > cap.value)):
            return
    seated = quota.at(on).taken
    msg = f"{seated} agents hold seats in {region}"
    raise AssertionError(msg)


def _first_days(programme: Programme) -> list[date]:
    return [version.dated.in_force for version in programme.rules[agent_cap.RULE, "national"]]


class CapBeforeRelease(Misread):
    """Looks at the cap before the seats that are released on the day are free again."""

    def __init__(self, read: Reading, on: date) -> None:
        super().__init__(read)
        self.on = on

    def quota(self, programme: str, region: str) -> Quota:
        quota = self.right.quota(programme, region)
        released = sum(
            isinstance(event, QuotaSeatReleased) and event.on == self.on and stream.endswith(region)
            for stream, _, event in _world(self.right).events
        )
        return attrs.evolve(quota, taken=quota.taken + released)


def seated_before_release(
    command: Recruit | Reactivate, read: Reading, judges: Judges
) -> Steps[Any]:
    return command.decide(cast("Reading", CapBeforeRelease(read, command.on)), judges)


def _world(read: Reading) -> World:
    source = read.source
    assert isinstance(source, World)
    return source


# -- Agents. --------------------------------------------------------------------------


@law(
    "An agent returns six months after deactivation at the earliest",
    cite="Jabar Ekspres, 4-5 January 2018, at the earliest six months after deactivation",
    about=("seats", "agents"),
)
def back_after_six_months(before: Agent, event: AgentReactivated) -> None:
    assert before.deactivated_on is not None
    earliest = months_after(before.deactivated_on, 6)
    assert event.on >= earliest, f"back on {event.on}, before {earliest}"


@law(
    "No month before an agent was active again is an idle one",
    cite="Kabar Dewata, 24 July 2018, three consecutive months without acquisition",
    about=("seats", "agents"),
)
def idle_only_while_active(before: Agent, event: AgentDeactivated) -> None:
    only_if(event.idle_months is not None)
    assert event.idle_months is not None
    assert before.active_since is not None
    most = max(0, Month.of(event.on) - Month.of(before.active_since) - 1)
    assert event.idle_months <= most, f"{event.idle_months} idle months of {most} at work"


class IdleAcrossDeactivation(Misread):
    """Counts idle months from the first day at work on, as if no agent had ever been away."""

    def agent(self, agent: str) -> Agent:
        state = self.right.agent(agent)
        if state.status is not AgentStatus.ACTIVE or (away := state.deactivated_on) is None:
            return state
        *others, back = state.stages  # as if they had come back on the day on which they left
        at_once = attrs.evolve(back, event=attrs.evolve(back.event, on=away))
        return attrs.evolve(state, stages=(*others, at_once))


@law(
    "No contribution is rewarded twice",
    cite=RECORD,
)
def rewarded_once(before: Agent, event: AgentIncentiveAwarded) -> None:
    known = {key for settled in before.incentives.values() for key in settled.contributions}
    for each in event.contributions:
        of = (each.received.participant, each.received.reference)
        assert of not in known, f"payment {each.received.reference} is rewarded again"


class IncentivePaidTwice(Misread):
    """Awards what was earned in a month, and forgets what was awarded before."""

    def agent(self, agent: str) -> Agent:
        return attrs.evolve(self.right.agent(agent), incentives={})


# -- Participants. --------------------------------------------------------------------


@law("A month is covered where a contribution is paid for it, and only there", cite=RECORD)
def covered_where_paid(event: ParticipantContributionPaid, after: Participant) -> None:
    of = [p for p in after.payments.values() if p.segment is event.segment]
    for programme in event.programmes:
        paid = _together(p.covers for p in of if programme in p.programmes)
        covered = after.recorded[event.segment].paid_for(programme)
        assert covered == paid, f"{covered} is covered, and {paid} is paid for"


def _together(each: Iterable[Months]) -> Months:
    months = NO_MONTHS
    for one in each:
        months |= one
    return months


def covering_gaps(event: Event) -> Event:
    """Cover everything from the first month that is paid to the last one."""
    if not isinstance(event, ParticipantContributionPaid):
        return event
    return attrs.evolve(event, changes=tuple(map(_without_gaps, event.changes)))


def _without_gaps(change: Change) -> Change:
    paid = tuple(attrs.evolve(each, months=_unbroken(each.months)) for each in change.paid)
    return attrs.evolve(change, paid=paid)


def _unbroken(months: Months) -> Months:
    return Months([(months.runs[0][0], months.runs[-1][1])])


ARREARS: Final = 3


@law(
    "Old arrears are not counted once more than three months in a row are unpaid",
    cite="Perdir 22/PERDIR.02/072022, as reported in PROBIS Kepesertaan, p. 59, section 12",
)
def no_old_arrears(before: Participant, event: ParticipantContributionPaid) -> None:
    only_if(event.check is not None)
    now, standing = Month.of(event.on), before.standing(event.segment)
    paid = _together(standing.paid_for(p) for p in ("jkk", *event.programmes))
    paid = paid.since(Month.of(max(e for e in before.entries(event.segment) if e <= event.on)))
    late = event.months.before(now)
    only_if(paid and late)
    for month in late:
        ends = [last for _, last in paid.runs if last < month.index]
        begins = [first for first, _ in paid.runs if first > month.index]
        gap = min([*begins, now.index]) - max(ends, default=month.index) - 1
        assert gap <= ARREARS, f"{month} is paid, of {gap} months unpaid in a row"


RELIEF: Final = Months([(Month(2020, 8).index, Month(2021, 1).index)]) | Months(
    [(Month(2026, 1).index, Month(2027, 3).index)]
)
"""The contribution months of both reliefs, of whatever sector."""
BOTH: Final = ("jkk", "jkm")
LEAST, JKM = 16_800, 6_800
"""The amount due for JKK and JKM of the lowest income, and of it for JKM, in rupiah a month."""


@law(
    "There is no relief outside its contribution months",
    cite="PP 49/2020; PP 50/2025, Pasal 4(1)",
)
def no_relief_outside(event: ParticipantContributionPaid) -> None:
    only_if(event.check is not None and event.programmes == BOTH)
    assert event.check is not None
    for month, due in zip(event.months, event.check.due, strict=True):
        if month not in RELIEF:
            assert due >= LEAST, f"{due} is due for {month}, which has no relief"


def _a_month_longer(dated: DatedValue) -> DatedValue:
    return attrs.evolve(dated, until=date(2021, 2, 28)) if dated.until == _LAST else dated


_LAST: Final = date(2021, 1, 31)


@cache
def _edges() -> Mapping[int, int]:
    """Return what each lower edge of a bracket is computed from, as the file says that ships."""
    keys = {("jkk", "bpu-income-brackets")}
    (file,) = (f for f in everything() if (f.programme, f.rule) in keys)
    table = file.values[0].value
    assert isinstance(table, Table)
    return {int(row.key): int(str(row.value)) for row in table.rows}


@law(
    "A participant who declares the lower edge of a bracket is in it",
    cite="PP 44/2015, Lampiran II",
)
def edge_is_inside(event: ParticipantContributionPaid) -> None:
    base = _edges().get(event.income)
    only_if(base and event.check is not None and event.programmes == BOTH)
    assert event.check is not None
    assert base is not None
    for month, due in zip(event.months, event.check.due, strict=True):
        if month not in RELIEF:
            full = base // 100 + JKM
            assert due == full, f"{due} is due of an income of {event.income}, not {full}"


def _edges_moved(dated: DatedValue) -> DatedValue:
    """Let each bracket begin above its lower edge."""
    assert isinstance(dated.value, Table)
    lowest, *others = dated.value.rows
    moved = (Row(int(row.key) + 1, row.value) for row in others)
    return attrs.evolve(dated, value=Table((lowest, *moved)))


# -- Rules. ---------------------------------------------------------------------------


@law(
    "Seats are allotted and given under the caps that are in force on the day",
    cite=RECORD,
)
def caps_of_the_day(event: QuotaAllotted | QuotaSeatTaken, world: World) -> None:
    only_if(event.rules)
    for ref in event.rules:
        version = world.programme("perisai").version(ref)
        assert version is not None
        assert version.covers(event.on), f"{ref} is not in force on {event.on}"


class AmendedForThePast(Misread):
    """Reads an amended rule as if it had said so from its first day on."""

    def programme(self, programme: str) -> Programme:
        state = self.right.programme(programme)
        enacted = _world(self.right).begins.law[programme].rules
        rules = {
            key: versions if len(versions) == len(enacted[key]) else _backdated(versions)
            for key, versions in state.rules.items()
        }
        return attrs.evolve(state, rules=rules)


def _backdated(versions: tuple[Rule, ...]) -> tuple[Rule, ...]:
    *earlier, last = versions
    always = attrs.evolve(last.dated, in_force=earlier[0].dated.in_force)
    return (attrs.evolve(last, dated=always), *earlier)


# -- Counts. --------------------------------------------------------------------------

ByMonth: TypeAlias = Mapping[int, int]
"""How many there are, by the index of the month; no month of none."""


def paid_up_by(counter: Callable[[History], ByMonth]) -> Law:
    """Make the law that *counter* counts those who are covered, month by month."""

    @law(
        "A participant who has paid for a month counts in it, and in no other",
        cite=PAID_UP.citation,
        about=("participants",),
    )
    def counted_where_covered(history: History) -> None:
        again = Recount()
        for recorded in history.events:
            again.apply(recorded)
        found = again.count([(PAID_UP, "jkk")], upto=_HORIZON)[PAID_UP.name, "jkk"]
        only_if(found)
        right: Counter[int] = Counter()
        for (month, _), number in found.items():
            right[month] += number
        _same(counter(history), right)

    return counted_where_covered


def people_by(counter: Callable[[History], ByMonth]) -> Law:
    """Make the law that *counter* counts people who are covered, in however many segments."""

    @law(
        "A participant who is covered in two segments is one person",
        cite=RECORD,
        about=("participants",),
    )
    def a_person_is_one(history: History) -> None:
        everybody = Members()
        for recorded in history.events:
            everybody.apply(recorded)
        right = {}
        for month in _months(history):
            who = {member.participant for member in everybody.of(month, PAID_UP)}
            if who:
                right[month.index] = len(who)
        only_if(right)
        _same(counter(history), right)

    return a_person_is_one


_HORIZON: Final = Month(2028, 12)


def _months(history: History) -> Months:
    return _together(m for _, m in _covered(history))


def _covered(history: History) -> list[tuple[str, Months]]:
    """Return the months in which each participant is covered, once for each segment."""
    people = [s for s, _ in history.world.states.values() if isinstance(s, Participant)]
    return [
        (person.id, PAID_UP.counted(standing, "jkk").before(_HORIZON + 1))
        for person in people
        for standing in person.standings.values()
    ]


def _same(counted: ByMonth, right: ByMonth) -> None:
    for month in sorted({*counted, *right}):
        one, other = counted.get(month, 0), right.get(month, 0)
        assert one == other, f"{one} are counted in {Month.at(month)}, and {other} are there"


def by_month_of_coverage(history: History) -> ByMonth:
    return Counter(month.index for _, months in _covered(history) for month in months)


def by_date_of_payment(history: History) -> ByMonth:
    """Count who has paid in the month of the payment, not in those that it is for."""
    paid = {
        (recorded.stream, recorded.event.segment, Month.of(recorded.event.on).index)
        for recorded in history.events
        if isinstance(recorded.event, ParticipantContributionPaid)
    }
    return Counter(month for _, _, month in paid)


def of_people(history: History) -> ByMonth:
    found = {(who, month.index) for who, months in _covered(history) for month in months}
    return Counter(month for _, month in found)


# -- All twelve. ----------------------------------------------------------------------

BUGS: Final = (
    Bug(
        name="off-by-one cap",
        law=seats_under_the_cap,
        shortest=3,
        policies={Seating: (one_more_than_the_cap,)},
    ),
    Bug(
        name="cap checked before release",
        law=free_seats_are_given,
        shortest=4,
        deciders=dict.fromkeys((Recruit, Reactivate), seated_before_release),
    ),
    Bug(
        name="return after 5 months",
        law=back_after_six_months,
        shortest=7,
        rules=(_patched("agent-return-months", "perisai", _saying(5)),),
    ),
    Bug(
        name="idle months counted across deactivation",
        law=idle_only_while_active,
        shortest=8,
        around=misreading(IdleAcrossDeactivation),
    ),
    Bug(
        name="coverage across a gap",
        law=covered_where_paid,
        shortest=3,
        around=staging(covering_gaps),
    ),
    Bug(
        name="arrears at 4 months",
        law=no_old_arrears,
        shortest=3,
        rules=(
            _patched("bpu-arrears-months", "jkk", _saying(4)),
            _patched("bpu-lapse-months", "jkk", _saying(4)),
        ),
    ),
    Bug(
        name="relief outside its months",
        law=no_relief_outside,
        shortest=2,
        rules=(_patched("bpu-relief", "jkk", _a_month_longer),),
    ),
    Bug(
        name="incentive paid twice",
        law=rewarded_once,
        shortest=9,
        around=misreading(IncentivePaidTwice),
    ),
    Bug(
        name="bracket edge",
        law=edge_is_inside,
        shortest=2,
        rules=(_patched("bpu-income-brackets", "jkk", _edges_moved),),
    ),
    Bug(
        name="amendment applied to the past",
        law=caps_of_the_day,
        shortest=2,
        around=misreading(AmendedForThePast),
    ),
    Bug(
        name="count by payment date",
        law=paid_up_by(by_date_of_payment),
        shortest=2,
        right=paid_up_by(by_month_of_coverage),
    ),
    Bug(
        name="double count over segments",
        law=people_by(by_month_of_coverage),
        shortest=4,
        right=people_by(of_people),
    ),
)
