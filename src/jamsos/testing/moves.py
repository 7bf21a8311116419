"""What may be asked next, as things stand: most of it possible, some of it out of place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, cast

import attrs

from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    EvaluateAgents,
    Reactivate,
    Recruit,
    Resign,
    Terminate,
)
from jamsos.commands.contributions import Correct, Pay
from jamsos.commands.incentives import AwardIncentive, AwardIncentives
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import Amend, ConcludeEvaluation, EndRule, OpenEvaluation
from jamsos.commands.reading import Reading
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.domain.agent import Agent, AgentStatus, DeactivationReason, TerminationCause
from jamsos.domain.calendar import Month, Months, months_after
from jamsos.domain.citation import Citation, Status
from jamsos.domain.coverage import Segment
from jamsos.domain.due import OTHER, OWN, SEGMENT_RULES
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.participant import (
    LeavingReason,
    Participant,
    ParticipantContributionPaid,
    Payer,
)
from jamsos.domain.programme import Outcome, Programme
from jamsos.domain.rule import DatedValue, Rule
from jamsos.domain.value import Word
from jamsos.engine.draft import Draft
from jamsos.engine.setting import Setting
from jamsos.engine.world import Asked, World
from jamsos.errors import InputError, JamsosError
from jamsos.formulas.payment_due import is_encoded, payment_due
from jamsos.policies.agent_cap import RULE as CAP
from jamsos.policies.agent_evaluation import IDLE_RULE, RETURN_RULE

T = TypeVar("T")
A = TypeVar("A", bound=Asked)

AGENTS: Final = tuple(f"agent-00000000-0000-7000-8000-{n:012}" for n in range(1, 5))
PEOPLE: Final = tuple(f"participant-00000000-0000-7000-8000-{n:012}" for n in range(1, 4))
NOBODY: Final = (
    "agent-00000000-0000-7000-8000-000000000099",
    "participant-00000000-0000-7000-8000-000000000099",
)
PROGRAMME: Final = ProgrammeName("perisai")
PROVINCES: Final = ("51", "31")
PLACES: Final = (NATIONAL, "51", "31")
EVALUATIONS: Final = ("first", "second")
BPU: Final = Segment.NON_WAGE_EARNER
ASSUMED: Final = Citation("no law", "made up for a test")
FIRST_DAY, LAST_DAY = date(2015, 7, 1), date(2027, 3, 31)

GROUPS: Final = ("seats", "agents", "participants", "rules", "evaluations", "incentives")
"""What a history can be about."""


def days_of_change(begins: Setting, about: Collection[str]) -> tuple[date, ...]:
    """Return the days on which a rule that matters begins, and those after which one ends."""
    of_agency = bool({"agents", "seats", "rules", "incentives"} & {*about})
    versions: list[Rule] = []
    for programme in begins.law.values():
        if programme.name == PROGRAMME and of_agency:
            versions += _versions(programme)
        elif programme.name != PROGRAMME and "participants" in about:
            versions += _versions(programme, "bpu")
    days = (day for day in _changes(versions) if FIRST_DAY <= day <= LAST_DAY)
    return tuple(sorted(days)) or (FIRST_DAY,)


def _versions(programme: Programme, begins: str = "") -> Iterator[Rule]:
    """Yield the values of the rules of *programme* whose name *begins* so."""
    for (name, _), versions in programme.rules.items():
        if name.startswith(begins):
            yield from versions


def _changes(versions: Iterable[Rule]) -> set[date]:
    """Return the first days of *versions*, and those after their last ones."""
    days = set()
    for version in versions:
        days.add(version.dated.in_force)
        if version.until is not None:
            days.add(version.until + timedelta(days=1))
    return days


STRAY: Final = 0.12
"""So large a share of commands is out of place, unless something else is said."""


@attrs.define
class Map:
    """
    What all walks through one setting know of it: its days of change, and what is due.

    Raises `InputError` for a *stray* that is no share from 0 to 1.
    """

    begins: Setting
    about: Sequence[str] = GROUPS
    stray: float = STRAY
    """The share of commands that are out of place."""
    days: tuple[date, ...] = ()
    incomes: tuple[int, ...] = ()
    latest: date = LAST_DAY
    """The last day of change about which a history begins."""
    ends: date = LAST_DAY
    """The last day on which there is a cap, where that matters."""
    edges: tuple[Month, ...] = ()
    """The months in which a rule changes, and those before them."""
    late: tuple[date, ...] = ()
    """First days of the author's own rules that come later: some histories begin about these."""
    _due: dict[tuple[object, ...], int] = attrs.field(factory=dict, repr=False)
    _law: Mapping[str, Programme] = attrs.field(factory=dict, repr=False)
    _reading: Reading = attrs.field(init=False, repr=False)
    _regimes: tuple[int, ...] = attrs.field(default=(), repr=False)
    """The first months in which other rules hold than before: between them, the same is due."""

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.stray <= 1:
            msg = f"a share of {self.stray} is none: give one from 0 to 1"
            raise InputError(msg)
        self._law = self.begins.law
        self._reading = Draft(World(self.begins))
        self.days = days_of_change(self.begins, self.about)
        agency = self._law.get(PROGRAMME)
        caps = agency.rules.get((CAP, NATIONAL), ()) if agency is not None else ()
        if caps and {"agents", "seats"} & {*self.about}:
            begin = sorted(cap.dated.in_force for cap in caps)
            self.latest = begin[:2][-1]
            self.ends = max(cap.until or LAST_DAY for cap in caps)
            self.days = tuple(day for day in self.days if day >= begin[0]) or self.days
        own = {value.in_force for file in self.begins.own for value in file.values}
        self.late = tuple(sorted(day for day in own if day > self.latest))
        changes = {Month.of(day) for day in self.days}
        self.edges = tuple(sorted(changes | {month + -1 for month in changes}))
        ever = _changes(v for p in self._law.values() for v in _versions(p, "bpu"))
        self._regimes = tuple(sorted(Month.of(day - timedelta(days=1)).index + 1 for day in ever))
        bounds: set[int] = set()
        for programme in self._law.values():
            for (name, _), versions in programme.rules.items():
                if name == "bpu-income-brackets":
                    for version in versions:
                        bounds.update(bound for bound, _ in version.steps() if bound)
        edges = [income for bound in sorted(bounds) for income in (bound, bound - 1)]
        self.incomes = (1_000_000, *edges)

    def due(self, payment: Pay) -> int:
        """Return what is to be paid for *payment*, as the law began."""
        owed = (payment.segment, payment.programmes, payment.income, payment.sector, payment.budget)
        amount = 0
        for month in payment.months:
            key = (bisect_right(self._regimes, month.index), *owed)
            known = self._due.get(key)
            if known is None:
                known = self._due[key] = self._computed(payment, month)
            amount += known
        return amount

    def _computed(self, payment: Pay, month: Month) -> int:
        """Return what somebody pays for *month* who has paid nothing yet."""
        of_nobody = attrs.evolve(
            payment, participant=NOBODY[1], months=Months.between(month, month)
        )
        case = of_nobody.case(self._reading)
        try:
            return payment_due(case).value.total if is_encoded(case) else _UNKNOWN
        except JamsosError:
            return _UNKNOWN


_UNKNOWN: Final = 16_800
"""What is paid for a month where no rule says what is due."""


def as_due(chart: Map, payment: Pay) -> Pay:
    """Return *payment* of the amount that is due."""
    return attrs.evolve(payment, amount=chart.due(payment))


def changed(asked: A, **values: object) -> A:
    """Return *asked* with other *values* of its fields."""
    evolved: A = attrs.evolve(asked, **values)  # type: ignore[misc]
    return evolved


def keywords(asked: Asked) -> dict[str, Any]:
    """Return the arguments of *asked* that are told by keyword."""
    return {f.name: getattr(asked, f.name) for f in _fields(type(asked)) if f.kw_only}


def subject(asked: Asked) -> str:
    """Return the field that says whom or what *asked* is about: the first."""
    return _fields(type(asked))[0].name


@cache
def _fields(kind: type[Any]) -> tuple[attrs.Attribute[Any], ...]:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(kind)
    return fields


class Walk:
    """One walk through a world: it knows what day it is, and offers what may be asked next."""

    def __init__(self, world: World, chart: Map, dice: Random) -> None:
        self.world = world
        self.chart = chart
        self._dice = dice.random
        self.today = self._first_day()
        self._groups = [verbs for group in chart.about for verbs in _TURNS[group]]
        self.income = self.pick(chart.incomes[:1] if self.one_in(2) else chart.incomes)
        """What people declare in this walk, beside what is usual."""
        self.programmes = self.pick(_PROGRAMMES)
        self.sector = Word("transport") if self.one_in(6) else OTHER

    def _first_day(self) -> date:
        days = self.chart.days
        early = [day for day in days if day <= self.chart.latest] or days[:1]
        if self.chart.late and self.one_in(2):
            early = self.chart.late
        begins = self.pick(early) - timedelta(days=self.pick((0, 1, 20, 60, 150)))
        return max(begins, days[0])

    def pick(self, options: Sequence[T]) -> T:
        """Return one of *options*."""
        return options[int(self._dice() * len(options))]

    def one_in(self, times: int) -> bool:
        """Return true once in so many *times*."""
        return self._dice() * times < 1

    def next(self) -> Asked:
        """Return what is asked next, some days later."""
        self._go_on()
        for _ in range(8):
            made = self.pick(self._groups)(self)
            if made is not None:
                break
        else:
            made = _any(self)
        if self._dice() < self.chart.stray:
            made = self._astray(made)
        return made

    def day(self) -> date:
        """Return today; now and then an earlier day, as some things are reported late."""
        if self._dice() < self.chart.stray / 2:
            return self.today - timedelta(days=self.pick((1, 20, 45)))
        return self.today

    def until(self, day: date) -> None:
        """Let the time pass to about *day*: that day, one before it, or one after it."""
        self.today = max(self.today, day + timedelta(days=self.pick((0, 0, 0, -1, 1))))

    def _go_on(self) -> None:
        ahead = self.pick(_STEPS)
        if ahead < 0:  # to the next day on which a rule changes, or to its eve
            later = [day for day in self.chart.days if day > self.today]
            if later and (later[0] - self.today).days < _FAR and later[0] <= self._last():
                self.today = later[0] + timedelta(days=self.pick((0, -1)))
            return
        self.today = max(self.today, min(self.today + timedelta(days=ahead), self._last()))

    def _last(self) -> date:
        """Return the last day on which the walk goes by itself: seldom one without a cap."""
        return LAST_DAY if self.one_in(4) else self.chart.ends

    def _astray(self, made: Asked) -> Asked:
        """Return *made* with one thing in it that is out of place."""
        spoil = self.pick(_SPOILS)
        if spoil is None:
            return changed(made, **{subject(made): self.pick(NOBODY)})
        if spoil is _ANOTHER:
            whom = getattr(made, subject(made))
            others = next((names for names in (AGENTS, PEOPLE) if whom in names), ())
            return changed(made, **{subject(made): self.pick(others) if others else whom})
        name, wrong = spoil
        if name not in keywords(made):
            return made
        value = wrong(keywords(made)[name]) if callable(wrong) else wrong
        return changed(made, **{name: value})


_STEPS: Final = (0, 0, 0, 0, 1, 5, 16, 31, 31, 62, -1)
_FAR: Final = 400
_ANOTHER: Final = ("who", None)
"""Asked of another, who may be at another stage."""
_SPOILS: Final[Sequence[tuple[str, Any] | None]] = (
    None,
    _ANOTHER,
    _ANOTHER,
    _ANOTHER,
    ("amount", lambda amount: amount + 100),
    ("amount", lambda amount: max(0, amount - 100)),
    ("on", lambda on: on - timedelta(days=62)),
    ("on", lambda on: on - timedelta(days=31)),
    ("months", lambda months: Months([(a - 1, b - 1) for a, b in months.runs])),
    ("province", "99"),
    ("region", "99"),
    ("agent", NOBODY[0]),
    ("corrects", "never-paid"),
)

Turn: TypeAlias = Callable[[Walk], Asked | None]


# -- Rules and evaluations. --------------------------------------------------------


def _amend(w: Walk) -> Asked | None:
    name, values = w.pick(_STEERED)
    value = DatedValue(
        value=w.pick(values),
        in_force=w.today + timedelta(days=w.pick((0, 0, 0, 1, 31))),
        until=None,
        citation=ASSUMED,
        status=Status.ASSUMED,
    )
    return Amend(PROGRAMME, name, value, on=w.today, evaluation=w.pick((None, *EVALUATIONS)))


_STEERED: Final = (
    (CAP, (1, 2, 0, 3)),
    (CAP, (1, 2, 0, 3)),
    (IDLE_RULE, (1, 2, 3)),
    (RETURN_RULE, (1, 6, 2)),
)
"""Rules that a short history can reach, once they have one of these values."""


def _end_rule(w: Walk) -> Asked | None:
    if not w.one_in(4):
        return None
    name, _ = w.pick(_STEERED)
    last_day = w.today + timedelta(days=w.pick((0, 30)))
    return EndRule(PROGRAMME, name, last_day=last_day, citation=ASSUMED, on=w.today)


def _evaluation(w: Walk) -> Asked | None:
    name, known = w.pick(EVALUATIONS), w.world.programme(PROGRAMME).evaluations
    if name not in known:
        return OpenEvaluation(PROGRAMME, name, trigger="the cap is reached", on=w.day())
    return ConcludeEvaluation(
        PROGRAMME,
        name,
        outcome=w.pick((Outcome.RAISE, *Outcome)),
        month=Month.of(w.today),
        after_months=w.pick((0, 1, 3)),
        on=w.day(),
    )


# -- Seats. ------------------------------------------------------------------------


def _allot(w: Walk) -> Asked | None:
    region = w.pick((NATIONAL, NATIONAL, *PLACES))
    seats = w.pick((2, 1, 3, 4)) if region == NATIONAL else w.pick((1, 2, 0))
    return Allot(PROGRAMME, seats, on=w.day(), region=region)


def _first_seats(w: Walk) -> Asked | None:
    quota = w.world.quota(PROGRAMME)
    if quota.issued:
        return None
    seats = w.pick((2, 1, 1, 3)) if not w.one_in(12) else _about_the_cap(w)
    return Allot(PROGRAMME, seats, on=w.day(), region=NATIONAL)


def _about_the_cap(w: Walk) -> int:
    """Return as many seats as the cap of the day has, or one more; few where there is none."""
    cap = w.world.programme(PROGRAMME).in_force(CAP, w.today)
    return w.pick((0, 1, 1)) + (cap.value if cap is not None else 0)


def _share_out(w: Walk) -> Asked | None:
    weights = {region: w.pick((1, 2, 0)) for region in PROVINCES}
    seats = w.pick((2, 1, 3)) if not w.one_in(12) else _about_the_cap(w)
    return ShareOut(PROGRAMME, seats, weights, on=w.day())


def _move_seats(w: Walk) -> Asked | None:
    source = _with_seat(w)
    to = w.pick(PLACES)
    return MoveSeats(PROGRAMME, w.pick((1, 2)), source=source, to=to, on=w.day())


def _fit(w: Walk) -> Asked | None:
    quota = w.world.quota(PROGRAMME)
    return FitToCap(PROGRAMME, on=w.day()) if quota.issued else None


def _with_seat(w: Walk) -> str:
    """Return a region, most often one that has a free seat."""
    free = [region for region in PLACES if w.world.quota(PROGRAMME, region).free > 0]
    return w.pick(free) if free and not w.one_in(8) else w.pick(PLACES)


# -- Agents. -----------------------------------------------------------------------


def _agent(w: Walk) -> Asked | None:
    """Take an agent one step on, or put an end to it."""
    agents = [cast("Agent", w.world.state(name)) for name in AGENTS]
    if not w.one_in(3):  # most often, one who is on his way
        agents = [agent for agent in agents if agent.status in _ON_THE_WAY] or agents
    agent = w.pick(agents)
    if agent.status in _MAY_GO and w.one_in(24):
        return w.pick((_resign, _terminate))(w, agent)
    return _NEXT[agent.status](w, agent)


_ON_THE_WAY: Final = frozenset(
    {
        AgentStatus.RECRUITED,
        AgentStatus.IN_TRAINING,
        AgentStatus.CERTIFIED,
        AgentStatus.DEACTIVATED,
    }
)


_MAY_GO: Final = frozenset({*_ON_THE_WAY, AgentStatus.ACTIVE})
"""At any of these stages an agent may resign or be terminated."""


def _recruit(w: Walk, agent: Agent) -> Asked | None:
    if not w.one_in(6) and not any(w.world.quota(PROGRAMME, place).free > 0 for place in PLACES):
        return None
    return Recruit(
        agent.id,
        PROGRAMME,
        province=w.pick(PROVINCES),
        on=w.day(),
        region=_with_seat(w),
    )


def _work(w: Walk, agent: Agent) -> Asked | None:
    match w.pick(("idle", "idle", "idle", "office", "evaluate", "resign", None, None)):
        case "idle":
            _wait_idle(w, agent)
            return Deactivate(agent.id, on=w.day(), reason=DeactivationReason.IDLE)
        case "office":
            return Deactivate(agent.id, on=w.day(), reason=DeactivationReason.OFFICE)
        case "resign":
            return w.pick((_resign, _resign, _terminate))(w, agent)
        case "evaluate":
            _wait_idle(w, agent)
            return EvaluateAgents(PROGRAMME, on=w.today)
        case _:
            return None


def _wait_idle(w: Walk, agent: Agent) -> None:
    """Let the time pass until the agent has been idle for about as long as a rule says."""
    last = w.world.performance().last_acquisition(agent.id)
    since = [Month.of(day) for day in (agent.active_since,) if day is not None]
    since += [last] if last is not None else []
    if since and not w.one_in(4):
        w.until((max(since) + 1 + w.pick((1, 2, 3, 3))).first_day)


def _return(w: Walk, agent: Agent) -> Asked | None:
    if agent.deactivated_on is not None and not w.one_in(4):
        w.until(months_after(agent.deactivated_on, w.pick((1, 5, 6, 6))))
    return Reactivate(agent.id, on=w.day(), region=_with_seat(w))


def _resign(w: Walk, agent: Agent) -> Asked:
    return Resign(agent.id, on=w.day())


def _terminate(w: Walk, agent: Agent) -> Asked:
    return Terminate(agent.id, cause=w.pick([*TerminationCause]), on=w.day())


def _afterwards(w: Walk, agent: Agent) -> Asked | None:
    """Seldom ask anything more of an agent who is gone."""
    return w.pick((_terminate, _resign))(w, agent) if w.one_in(4) else None


_NEXT: Final[Mapping[AgentStatus, Callable[[Walk, Agent], Asked | None]]] = MappingProxyType(
    {
        AgentStatus.UNKNOWN: _recruit,
        AgentStatus.RECRUITED: lambda w, a: BeginTraining(a.id, on=w.day()),
        AgentStatus.IN_TRAINING: lambda w, a: Certify(a.id, on=w.day()),
        AgentStatus.CERTIFIED: lambda w, a: Assign(a.id, on=w.day()),
        AgentStatus.ACTIVE: _work,
        AgentStatus.DEACTIVATED: _return,
        AgentStatus.RESIGNED: _afterwards,
        AgentStatus.TERMINATED: _afterwards,
    }
)


def _award(w: Walk) -> Asked | None:
    """Award what came in, once it has, and a second time as well."""
    base = w.world.incentive_base()
    months = sorted(
        {Month.of(e.on) for _, _, e in w.world.events if isinstance(e, ParticipantContributionPaid)}
    )
    month = w.pick(months) if months else Month.of(w.today) + -1
    earners = sorted(base.agents(month))
    if not earners and not w.one_in(40):
        return None
    agent = w.pick(AGENTS if not earners or w.one_in(8) else earners)
    if not w.one_in(6):
        w.until((month + 1).first_day)
    if w.one_in(3):
        return AwardIncentives(PROGRAMME, month, on=w.today)
    return AwardIncentive(agent, month, on=w.day())


# -- Participants. -------------------------------------------------------------------


def _carer(w: Walk) -> str | None:
    """Return an agent whose account is active, if there is one; now and then another, or nobody."""
    if (at_work := _at_work(w)) and not w.one_in(4):
        return w.pick(at_work)
    if w.one_in(4) and (away := _were_at_work(w)):
        return w.pick(away)
    return w.pick(AGENTS) if w.one_in(16) else None


def _at_work(w: Walk) -> list[str]:
    return [a for a in AGENTS if w.world.agent(a).status is AgentStatus.ACTIVE]


def _were_at_work(w: Walk) -> list[str]:
    return [a for a in AGENTS if w.world.agent(a).status in _NO_LONGER]


_NO_LONGER: Final = frozenset(
    {AgentStatus.DEACTIVATED, AgentStatus.RESIGNED, AgentStatus.TERMINATED}
)


def _participant(w: Walk) -> Asked | None:
    """Register somebody, or let something happen to him."""
    person = w.world.participant(w.pick(PEOPLE))
    here = [s for s in person.entered_on if person.standing(s).current is not None]
    gone = [s for s in person.entered_on if s not in here]
    if not person.entered_on or w.one_in(10):
        early = "agents" in w.chart.about and not _at_work(w)
        return None if early and not w.one_in(4) else _register(w, person)
    if not here:
        return _come_back(w, person, gone)
    kind = w.pick(_LIFE)
    if kind is _come_back and not gone:
        return None
    return kind(w, person, here if kind is not _come_back else gone)


def _register(w: Walk, person: Participant) -> Asked:
    agent = _carer(w)
    return Register(
        person.id,
        province=w.pick(PROVINCES),
        on=w.day(),
        segment=w.pick((BPU, BPU, BPU, *Segment)),
        agent=agent,
        sponsor="CSR-1" if agent is None and w.one_in(4) else None,
    )


def _pay(w: Walk, person: Participant, here: Sequence[Segment]) -> Asked | None:
    segment = w.pick(here)
    paid = person.standing(segment).paid_for(SEGMENT_RULES)
    first = _first_month(w, person, segment, paid)
    months = Months.between(first, first + w.pick(_MORE))
    payer = w.pick((Payer.SELF, Payer.SELF, Payer.SELF, *Payer))
    income = w.income if w.one_in(2) else w.chart.incomes[0]
    programmes = w.programmes if not w.one_in(4) else w.pick(_PROGRAMMES)
    sector = w.sector if not w.one_in(8) else OTHER
    budget = OWN if not w.one_in(16) else Word("regional-budget")
    paying = Pay(
        person.id,
        reference=str(len(person.payments) + (0 if w.one_in(16) else 1)),
        months=months,
        income=income,
        amount=0,
        on=w.day(),
        programmes=programmes,
        segment=segment,
        payer=payer,
        sector=str(sector),
        budget=str(budget),
    )
    return as_due(w.chart, paying)


def _first_month(w: Walk, person: Participant, segment: Segment, paid: Months) -> Month:
    """Return the first month to be paid: most often one that is not paid yet, nor long gone."""
    now = Month.of(w.today)
    if w.one_in(3):
        edges = [month for month in w.chart.edges if -1 <= month - now <= _AHEAD]
        edges = [month for month in edges if month not in paid]
        if edges:
            return w.pick(edges)
    if not paid:
        registered = person.standing(segment).registered.first or now
        return w.pick((now, now, now, now, registered, now + 1))
    after = Month.at(paid.runs[-1][1]) + 1
    if not w.one_in(3):  # most payments are made in the first of their months, or later
        w.until(after.first_day + timedelta(days=w.pick(_LATE)))
        now = Month.of(w.today)
    first = w.pick((after, after, after, after, after + 1, now, now + -1, after + -1, now + -4))
    if first in paid and not w.one_in(4):
        first = after
    return now if now - first > _LONG_GONE and not w.one_in(4) else first


_MORE: Final = (0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 5, 5)
"""How many months are paid beside the first."""
_LATE: Final = (0, 0, 14, 40, 75, 110, 125, 160)
"""How many days after the first month begins it is paid: up to the end of what may be."""
_LONG_GONE: Final = 4
_AHEAD: Final = 3
_PROGRAMMES: Final = (("jkk", "jkm"), ("jkk", "jkm"), ("jht", "jkk", "jkm"), ("jkk",))


def _correct(w: Walk, person: Participant, here: Sequence[Segment]) -> Asked | None:
    del here
    known = [r for r, payment in person.payments.items() if not payment.corrected]
    return Correct(person.id, corrects=w.pick(known), on=w.day()) if known else None


def _move(w: Walk, person: Participant, here: Sequence[Segment]) -> Asked:
    del here
    return Move(person.id, province=w.pick(PROVINCES), on=w.day())


def _transfer(w: Walk, person: Participant, here: Sequence[Segment]) -> Asked:
    agent = _carer(w)
    return Transfer(
        person.id,
        on=w.day(),
        agent=agent,
        branch="BDG-1" if agent is None else None,
        segment=w.pick(here),
    )


def _leave(w: Walk, person: Participant, here: Sequence[Segment]) -> Asked:
    reason = w.pick((LeavingReason.OTHER, LeavingReason.OTHER, *LeavingReason))
    segment = w.pick((None, *here))
    return Leave(person.id, reason=reason, on=w.day(), segment=segment)


def _come_back(w: Walk, person: Participant, gone: Sequence[Segment]) -> Asked:
    return ComeBack(
        person.id,
        province=w.pick(PROVINCES),
        on=w.day(),
        segment=w.pick(gone),
        agent=_carer(w),
    )


_LIFE: Final[Sequence[Callable[[Walk, Participant, Sequence[Segment]], Asked | None]]] = (
    *(_pay,) * 7,
    _correct,
    _correct,
    _move,
    _transfer,
    _leave,
    _come_back,
)


def _any(w: Walk) -> Asked:
    """Return something that may be asked at any time, where nothing else may be."""
    return Allot(PROGRAMME, w.pick((1, 2)), on=w.day(), region=NATIONAL)


_TURNS: Final[Mapping[str, Iterable[Turn]]] = MappingProxyType(
    {
        "seats": (_first_seats,) * 4 + (_allot, _share_out, _move_seats, _fit),
        "agents": (_agent,) * 12,
        "participants": (_participant,) * 12,
        "rules": (_amend,) * 4 + (_end_rule,),
        "evaluations": (_evaluation,) * 2,
        "incentives": (_award,) * 5,
    }
)
"""What comes up how often, by what a history is about."""
