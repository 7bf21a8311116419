"""
The laws that hold for every history, whatever is asked at the front desk.

A plan is a list of requests: most of them possible as things stand, some told late, some out
of place, some that cannot be meant. It is played through a real registry; what the law turns
down is part of the history too, as the nothing that it must leave behind.

A plan is made by dice from one seed, and then any request may be left out of it: so no two
tries are alike, and a broken law is shown by the few requests that break it.

``HYPOTHESIS_PROFILE=slow`` tries twenty times as many histories.
"""

from __future__ import annotations

import os
import typing
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import NoneType, UnionType
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import jamsos
from jamsos import (
    Accepted,
    Citation,
    DatedValue,
    Definition,
    Month,
    Months,
    Recorded,
    Refused,
    Registry,
    Segment,
    Standing,
    Status,
)
from jamsos.audit.replay import replay
from jamsos.desk import Desk
from jamsos.domain.agent import (
    AgentDeactivated,
    AgentReactivated,
    AgentRecruited,
    AgentStatus,
    DeactivationReason,
    TerminationCause,
)
from jamsos.domain.aggregate import AGGREGATES, Event, State
from jamsos.domain.aggregate import state as state_of
from jamsos.domain.citation import Url
from jamsos.domain.geography import NATIONAL, PROVINCES, ProvinceCode, Region
from jamsos.domain.history import in_order
from jamsos.domain.identity import (
    AgentId,
    ParticipantId,
    ProgrammeName,
    RuleRef,
    programme_stream,
    quota_stream,
)
from jamsos.domain.money import MOST, Rupiah
from jamsos.domain.participant import (
    LeavingReason,
    Participant,
    ParticipantContributionPaid,
    Payer,
)
from jamsos.domain.programme import Measures, Outcome, Programme, ProgrammeEvaluationConcluded
from jamsos.domain.quota import Quota, QuotaAllotted, QuotaSeatReleased, QuotaSeatTaken
from jamsos.domain.tally import Numbers, Tally
from jamsos.domain.value import Table, Word, kind_of
from jamsos.engine.live import ACTIVE, Live
from jamsos.errors import CorruptHistoryError, InputError, NotFoundError, RuleNotInForceError
from jamsos.formulas.active import DEFINITIONS
from jamsos.projections.active_participants import DIMENSIONS, ActiveParticipants, changes
from jamsos.projections.agent_performance import AgentPerformance
from jamsos.projections.census import Census
from jamsos.projections.count import Count
from jamsos.projections.flows import Flows
from jamsos.projections.members import Members
from jamsos.projections.recount import Recount
from jamsos.projections.retention import Retention
from jamsos.projections.tallies import ACQUISITIONS, SEATS
from jamsos.store.catalogue import CODEC, EVENTS
from jamsos.store.event_store import EventStore
from jamsos.store.history_file import lines, load

SLOW = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "slow" else 1


def tries(number: int) -> settings:
    """Try so many histories, or twenty times as many."""
    return settings(
        max_examples=number * SLOW,
        deadline=None,
        phases=[phase for phase in Phase if phase is not Phase.explain],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# -- What is asked: few people and places, days that go on in small steps. ---------


def _id(kind: str, number: int) -> str:
    return f"{kind}-00000000-0000-7000-8000-{number:012}"


AGENTS = tuple(_id("agent", number) for number in range(1, 6))
PEOPLE = tuple(_id("participant", number) for number in range(1, 5))
STRANGERS = (_id("agent", 99), _id("participant", 99))
SHORT = "agus bayu citra dian endah fajar gita hadi indah yusuf zahra"
NAMES = dict(zip((*AGENTS, *PEOPLE, *STRANGERS), SHORT.split(), strict=True))
PROGRAMME = "perisai"
PROVINCE_CODES = ("51", "31")
REGIONS = (NATIONAL, "51", "31")
CAP, IDLE, RETURN = "agent-cap", "agent-idle-months", "agent-return-months"
RULES = (CAP, IDLE, RETURN)
PAID_PROGRAMMES = (("jkk", "jkm"), ("jkk",), ("jht", "jkk", "jkm"), ("jht",))
EVALUATIONS = ("first", "second")
SOURCE = Citation("Example 1/2017", "Pasal 1")
FIRST_DAY = date(2017, 11, 6)

STREAMS = (
    *NAMES,
    programme_stream(PROGRAMME),
    programme_stream("nobody"),
    *(quota_stream(PROGRAMME, region) for region in REGIONS),
)


@attrs.frozen(repr=False)
class Request:
    """One call of the front desk; printed as it would be written, with short names."""

    verb: str
    args: tuple[Any, ...]
    said: Mapping[str, Any]

    @property
    def who(self) -> str:
        """Whom or what the request is about."""
        return self.args[0]

    def to(self, desk: Desk) -> Any:
        """Ask this of *desk*."""
        return getattr(desk, self.verb)(*self.args, **self.said)

    def __repr__(self) -> str:
        said = (f"{name}={_short(value)}" for name, value in self.said.items())
        return f"{self.verb}({', '.join((*map(_short, self.args), *said))})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - as Hypothesis asks
        del cycle
        printer.text(repr(self))


def _short(value: object) -> str:
    if isinstance(value, DatedValue):
        return f"<{value.value} from {value.in_force} to {value.until or '..'}>"
    if isinstance(value, tuple):
        return f"({', '.join(map(_short, value))})"
    return NAMES.get(value, str(value)) if isinstance(value, str) else str(value)


def _request(verb: str, *args: Any, **said: Any) -> Request:
    return Request(verb, args, said)


Plan = tuple[Request, ...]

TURNED_DOWN = (InputError, NotFoundError, RuleNotInForceError)
"""What may be raised for a request that cannot be meant. Nothing else may."""


@attrs.define
class _Rehearsal:
    """What a desk rests on that has no store: it shows a plan in the making what is possible."""

    done: AgentPerformance = attrs.field(factory=AgentPerformance)

    def load(self, stream: str) -> tuple[State, int]:
        return state_of(stream, ()), 0

    def load_many(self, streams: Iterable[str]) -> Mapping[str, tuple[State, int]]:
        return {stream: self.load(stream) for stream in streams}

    def performance(self) -> AgentPerformance:
        return self.done

    def measures(self, programme: str, *, month: Month, months: int, after_months: int) -> Measures:
        del programme, months
        numbers = dict.fromkeys(
            ("known_at", "agents", "productive_agents", "acquired", "eligible", "still_active"), 0
        )
        return Measures(month=month, after_months=after_months, definition="in-grace", **numbers)


@attrs.define
class _Planner:
    """Makes a plan: knows what day it is, and where the requests so far have led."""

    dice: Random
    today: date = FIRST_DAY
    plan: list[Request] = attrs.field(factory=list)
    source: _Rehearsal = attrs.field(factory=_Rehearsal)
    desk: Desk = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.desk = Desk(self.source)

    def ask(self, request: Request) -> None:
        """Put *request* into the plan, and see what becomes of it."""
        self.plan.append(request)
        try:
            request.to(self.desk)
        except Exception:  # noqa: BLE001 - it is the law that must see it, not the planner
            return
        for stream, _, happened in self.desk._decided:
            self.source.done.note(stream, happened)
        self.desk._decided.clear()

    def pick(self, *options: Any) -> Any:
        return self.dice.choice(options)

    def once_in(self, times: int) -> bool:
        return self.dice.randrange(times) == 0

    def day(self) -> date:
        """Today; now and then an earlier day, as things are reported late."""
        return self.today - timedelta(days=self.pick(1, 20, 45) if self.once_in(8) else 0)

    def participant(self, who: str) -> Participant:
        return self.desk._participant(who) if who in PEOPLE else Participant(id=ParticipantId(who))

    def quota(self, region: str) -> Quota:
        return self.desk._quota(PROGRAMME, region)


# One function a verb: it draws what to ask of whom, in or out of place.


def _adopt(p: _Planner, _: str) -> Request:
    return _request("adopt", PROGRAMME, on=p.day(), evaluation=p.pick(None, *EVALUATIONS))


USUAL: Mapping[str, tuple[int, ...]] = {
    CAP: (3, 2, 4, 3, 2, 1, 0),
    IDLE: (1, 2, 3, 1, 0),
    RETURN: (1, 2, 0),
}
"""Values of each rule that a short history can reach, and pass."""


def _value(p: _Planner, rule: str, first: date, *days: int | None) -> DatedValue:
    length = p.pick(*days)
    return DatedValue(
        value=p.pick(*USUAL[rule]),
        in_force=first,
        until=None if length is None else first + timedelta(days=length),
        citation=SOURCE,
        status=Status.ASSUMED,
    )


def _enact(p: _Planner, rule: str) -> Request:
    values = [_value(p, rule, date(2017, 11, 1), None, 45, 80)]
    if values[0].until is not None:
        values.append(_value(p, rule, values[0].until + timedelta(days=1), None, 400))
    unit = "agents" if rule == CAP else "months"
    return _request("enact", PROGRAMME, rule, unit=unit, values=tuple(values), on=p.day())


def _amend(p: _Planner, rule: str) -> Request:
    on = p.day()
    value = _value(p, rule, on + timedelta(days=p.pick(0, 1, 20, -30)), *(None,) * 5, 60)
    return _request(
        "amend",
        PROGRAMME,
        rule,
        value,
        on=on,
        evaluation=p.pick(*EVALUATIONS, EVALUATIONS[0], None),
    )


def _end_rule(p: _Planner, rule: str) -> Request:
    on = p.day()
    last_day = on + timedelta(days=p.pick(30, 0, -1))
    return _request("end_rule", PROGRAMME, rule, last_day=last_day, citation=SOURCE, on=on)


def _open_evaluation(p: _Planner, name: str) -> Request:
    return _request("open_evaluation", PROGRAMME, name, trigger="the cap is reached", on=p.day())


def _conclude_evaluation(p: _Planner, name: str) -> Request:
    on = p.day()
    return _request(
        "conclude_evaluation",
        PROGRAMME,
        name,
        outcome=p.pick(Outcome.RAISE, Outcome.RAISE, *Outcome),
        month=Month.of(on),
        after_months=p.pick(0, 1, 3),
        on=on,
    )


def _allot(p: _Planner, region: str) -> Request:
    seats = p.pick(1, 2, 3, 4, 0) if region == NATIONAL else p.pick(1, 2, 0, 0)
    return _request("allot", PROGRAMME, seats, on=p.day(), region=region)


def _share_out(p: _Planner, _: str) -> Request:
    weights = {region: p.pick(1, 1, 2, 0) for region in REGIONS if region != NATIONAL}
    return _request("share_out", PROGRAMME, p.pick(1, 2, 3, 4, 0), weights, on=p.day())


def _move_seats(p: _Planner, region: str) -> Request:
    free = [source for source in REGIONS if p.quota(source).free > 0]
    source = p.pick(*REGIONS) if p.once_in(6) or not free else p.pick(*free)
    return _request("move_seats", PROGRAMME, p.pick(1, 1, 2), source=source, to=region, on=p.day())


def _fit_to_cap(p: _Planner, _: str) -> Request:
    return _request("fit_to_cap", PROGRAMME, on=p.day())


def _recruit(p: _Planner, who: str) -> Request:
    province = p.pick(*PROVINCE_CODES)
    return _request("recruit", who, PROGRAMME, province=province, on=p.day(), region=_seated(p))


def _seated(p: _Planner) -> str:
    """Name a region, most often one that has a free seat."""
    free = [region for region in REGIONS if p.quota(region).free > 0]
    return p.pick(*REGIONS) if p.once_in(6) or not free else p.pick(*free)


def _begin_training(p: _Planner, who: str) -> Request:
    return _request("begin_training", who, on=p.day())


def _certify(p: _Planner, who: str) -> Request:
    return _request("certify", who, on=p.day())


def _assign(p: _Planner, who: str) -> Request:
    return _request("assign", who, on=p.day())


def _deactivate(p: _Planner, who: str) -> Request:
    return _request("deactivate", who, on=p.day(), reason=p.pick(*DeactivationReason))


def _evaluate_agents(p: _Planner, _: str) -> Request:
    return _request("evaluate_agents", PROGRAMME, on=p.day())


def _reactivate(p: _Planner, who: str) -> Request:
    return _request("reactivate", who, on=p.day(), region=_seated(p))


def _resign(p: _Planner, who: str) -> Request:
    return _request("resign", who, on=p.day())


def _terminate(p: _Planner, who: str) -> Request:
    return _request("terminate", who, cause=p.pick(*TerminationCause), on=p.day())


def _carer(p: _Planner) -> str | None:
    """Name an agent or nobody; most often one whose account is active."""
    agent = p.pick(None, *AGENTS)
    if agent is None or p.desk._agent(agent).status is AgentStatus.ACTIVE:
        return agent
    return agent if p.once_in(6) else None


def _segment(p: _Planner, *likely: Segment) -> Segment:
    """Name one of the *likely* segments; now and then, or where none is, any."""
    return p.pick(*Segment) if p.once_in(8) or not likely else p.pick(*likely)


def _register(p: _Planner, who: str) -> Request:
    agent = _carer(p)
    return _request(
        "register",
        who,
        province=p.pick(*PROVINCE_CODES),
        on=p.day(),
        segment=_segment(p, Segment.NON_WAGE_EARNER, Segment.WAGE_EARNER),
        agent=agent,
        sponsor=p.pick(None, None, "CSR-1") if agent is None else None,
    )


def _pay(p: _Planner, who: str) -> Request:
    person = p.participant(who)
    segment = _segment(p, *person.entered_on)
    standing = person.standing(segment)
    programmes = p.pick(*PAID_PROGRAMMES)
    now = Month.of(p.today)
    firsts = [now, now + -1, now + 1]
    if (entered := standing.registered.first) is not None:
        firsts.append(entered)
    if runs := standing.paid_for(programmes[0]).runs:
        firsts += [Month.at(runs[-1][1]) + ahead for ahead in (1, 1, 1, 2, 3)]
    first = p.pick(*firsts)
    fresh = str(len(person.payments) + 1)
    return _request(
        "pay",
        who,
        reference=p.pick("1", "2") if p.once_in(8) else fresh,
        months=Months.between(first, first + p.pick(0, 1, 2, 3)),
        income=1_000_000,
        amount=16_800,
        on=p.day(),
        programmes=programmes,
        segment=segment,
        payer=p.pick(*Payer),
    )


def _correct(p: _Planner, who: str) -> Request:
    references = p.participant(who).payments
    corrects = p.pick(*(references or ("1", "2")))
    return _request("correct", who, corrects=corrects, on=p.day())


def _move(p: _Planner, who: str) -> Request:
    return _request("move", who, province=p.pick(*PROVINCE_CODES), on=p.day())


def _transfer(p: _Planner, who: str) -> Request:
    agent, person = _carer(p), p.participant(who)
    here = [s for s in person.entered_on if person.standing(s).current is not None]
    return _request(
        "transfer",
        who,
        on=p.day(),
        agent=agent,
        branch=p.pick("BDG-1", "BDG-2") if agent is None else None,
        segment=_segment(p, *here),
    )


def _leave(p: _Planner, who: str) -> Request:
    reason = p.pick(*(LeavingReason.OTHER,) * 3, *LeavingReason)
    segment = None if p.once_in(3) else _segment(p, *p.participant(who).entered_on)
    return _request("leave", who, reason=reason, on=p.day(), segment=segment)


def _come_back(p: _Planner, who: str) -> Request:
    person = p.participant(who)
    out = [s for s in person.entered_on if person.standing(s).current is None]
    return _request(
        "come_back",
        who,
        province=p.pick(*PROVINCE_CODES),
        on=p.day(),
        segment=_segment(p, *out),
        agent=_carer(p),
    )


Verb = Callable[[_Planner, str], Request]

OF_RULES: tuple[Verb, ...] = (_enact, _amend, _end_rule)
OF_EVALUATIONS: tuple[Verb, ...] = (_open_evaluation, _conclude_evaluation)
OF_SEATS: tuple[Verb, ...] = (_allot, _share_out, _move_seats, _fit_to_cap)
OF_PROGRAMMES: tuple[Verb, ...] = (_evaluate_agents, _adopt)
OF_AGENTS: tuple[Verb, ...] = (
    _recruit,
    _begin_training,
    _certify,
    _assign,
    _deactivate,
    _reactivate,
    _resign,
    _terminate,
)
OF_PEOPLE: tuple[Verb, ...] = (_register, _pay, _correct, _move, _transfer, _leave, _come_back)
VERBS = (*OF_RULES, *OF_EVALUATIONS, *OF_SEATS, *OF_PROGRAMMES, *OF_AGENTS, *OF_PEOPLE)

SUBJECTS: Mapping[str, tuple[Verb, ...]] = {
    **dict.fromkeys(PEOPLE, OF_PEOPLE),
    **dict.fromkeys(AGENTS, OF_AGENTS),
    **dict.fromkeys(REGIONS, OF_SEATS),
    **dict.fromkeys(RULES, OF_RULES),
    **dict.fromkeys(EVALUATIONS, OF_EVALUATIONS),
    PROGRAMME: OF_PROGRAMMES,
}
"""All that can be asked of each, whether or not it makes sense."""

NEXT_STEPS: Mapping[AgentStatus, tuple[Verb, ...]] = {
    AgentStatus.UNKNOWN: (_recruit,),
    AgentStatus.RECRUITED: (*(_begin_training,) * 9, _resign),
    AgentStatus.IN_TRAINING: (*(_certify,) * 9, _terminate),
    AgentStatus.CERTIFIED: (_assign,),
    AgentStatus.ACTIVE: (*(_deactivate,) * 4, _resign),
    AgentStatus.DEACTIVATED: (*(_reactivate,) * 9, _terminate),
    AgentStatus.RESIGNED: (_terminate,),
    AgentStatus.TERMINATED: (_terminate,),
}


def _possible(p: _Planner, subject: str) -> tuple[Verb, ...]:
    """Return what can be asked of *subject* as things stand, the likelier the oftener."""
    programme = p.desk._programme_or_new(PROGRAMME)
    if subject in AGENTS:
        return NEXT_STEPS[p.desk._agent(subject).status]
    if subject in RULES:
        enacted = (subject, NATIONAL) in programme.rules
        return (*(_amend,) * 11, _end_rule) if enacted else (_enact,)
    if subject in EVALUATIONS:
        return (_conclude_evaluation,) if subject in programme.evaluations else (_open_evaluation,)
    if subject in REGIONS:
        return (*OF_SEATS, _allot, _allot)
    if subject == PROGRAMME:
        return (_evaluate_agents, _evaluate_agents, _adopt)
    return _possible_for(p.participant(subject))


def _possible_for(person: Participant) -> tuple[Verb, ...]:
    current = [s for s in person.entered_on if person.standing(s).current is not None]
    verbs: tuple[Verb, ...] = (_register,)
    if current:
        verbs += (_pay, _pay, _pay, _move, _transfer, _leave)
    if len(current) < len(person.entered_on):
        verbs += (_come_back, _come_back, _pay)
    if any(not payment.corrected for payment in person.payments.values()):
        verbs += (_correct, _correct)
    return verbs


NONSENSE: tuple[tuple[str, Any], ...] = (
    ("province", "99"),
    ("province", "93"),  # new in 2022
    ("region", "99"),
    ("to", "99"),
    ("agent", "agent-1"),
    ("sponsor", "a sentence"),
    ("branch", "a sentence"),
    ("months", Months()),
    ("months", Months.parse("2018-01/2018-01,2018-03/2018-03")),
    ("months", Months.parse("2018-01/..")),
    ("programmes", ()),
    ("amount", -1),
    ("income", 0.5),
    ("reference", ""),
    ("corrects", "never-paid"),
    ("values", ()),
    ("unit", "Two Words"),
)


def _spoilt(p: _Planner, request: Request) -> Request:
    """Return *request* with one thing in it that cannot be."""
    fitting = [(name, value) for name, value in NONSENSE if name in request.said]
    if fitting and not p.once_in(3):
        name, value = p.pick(*fitting)
        return attrs.evolve(request, said={**request.said, name: value})
    stranger = p.pick("nobody", *STRANGERS)
    return attrs.evolve(request, args=(stranger, *request.args[1:]))


def _plan(seed: int, *, agents: bool, people: bool) -> Plan:
    """Return the plan that the dice make from *seed*."""
    p = _Planner(Random(seed))
    if agents:
        _found(p, at_work=people)
    subjects = (*PEOPLE * 3,) if people else ()
    if agents:
        subjects += (*AGENTS * 3, *RULES, *REGIONS, NATIONAL, *EVALUATIONS, PROGRAMME, PROGRAMME)
    for _ in range(p.dice.randint(0, 90)):
        p.today += timedelta(days=p.pick(0, 0, 1, 5, 16, 31))
        subject = _in_turn(p, p.pick(*subjects))
        verb = p.pick(*(SUBJECTS[subject] if p.once_in(8) else _possible(p, subject)))
        request = verb(p, subject)
        p.ask(_spoilt(p, request) if p.once_in(12) else request)
    return tuple(p.plan)


def _in_turn(p: _Planner, subject: str) -> str:
    """Let those give way, most often, who are at work, or for whom no work is left."""
    if subject not in (*AGENTS, *REGIONS) or p.once_in(5):
        return subject
    seats = any(p.quota(region).free > 0 for region in REGIONS)
    if subject in REGIONS:
        return subject if seats else NATIONAL
    over = {AgentStatus.RESIGNED, AgentStatus.TERMINATED}
    if p.once_in(2):
        over |= {AgentStatus.ACTIVE}
    if not seats:
        over |= {AgentStatus.UNKNOWN, AgentStatus.DEACTIVATED}
    busy = [who for who in AGENTS if p.desk._agent(who).status not in over]
    return p.pick(*busy * 3, PROGRAMME, NATIONAL)


def _found(p: _Planner, *, at_work: bool) -> None:
    """Ask for the rules and for seats on the first day; and for agents, if need be."""
    for rule in RULES:
        if not p.once_in(12):
            p.ask(_enact(p, rule))
    for _ in range(p.dice.randint(0, 2)):
        p.ask(_allot(p, NATIONAL))
    for who in AGENTS if at_work else ():
        if p.once_in(2):
            for step in (_recruit, _begin_training, _certify, _assign):
                p.ask(step(p, who))


MOST_REQUESTS = 120


@st.composite
def plans(draw: Callable[..., bytes], *, agents: bool = True, people: bool = True) -> Plan:
    """Draw a plan about agents under a tiny cap, about people who are covered, or about both."""
    # One draw for all: Hypothesis would spend six tries of seven on copying smaller ones about.
    # A byte that is 0 leaves a request out, so the shortest plan is the simplest.
    size = MOST_REQUESTS + 8
    drawn = draw(st.binary(min_size=size, max_size=size))
    kept, seed = drawn[:MOST_REQUESTS], int.from_bytes(drawn[MOST_REQUESTS:])
    whole = _plan(seed, agents=agents, people=people)
    return tuple(request for request, keep in zip(whole, kept, strict=False) if keep)


# -- How a plan is played. -----------------------------------------------------------


def ask(desk: Desk, request: Request) -> Accepted[Event] | Refused | Exception:
    """Return what *request* is answered, or what is raised for it."""
    try:
        answer = request.to(desk)
    except TURNED_DOWN as error:
        event(f"{request.verb}: raised")
        return error
    if isinstance(answer, dict):  # an answer for each agent who was due
        answer = Accepted(*(e for each in answer.values() for e in each.or_raise().events))
    if isinstance(answer, Refused):
        event(f"{request.verb}: refused")
    else:
        event(f"{request.verb}: {'accepted' if answer.events else 'nothing new'}")
    return answer


def open_(path: str | Path = ":memory:") -> Registry:
    """Open a registry whose clock ticks alike in every run."""
    ticks = iter(range(10**9))
    begin = datetime(2018, 1, 1, tzinfo=UTC)
    return jamsos.open(path, clock=lambda: begin + timedelta(milliseconds=7 * next(ticks)))


def played(plan: Iterable[Request], path: str | Path = ":memory:") -> list[Recorded[Event]]:
    """Return the history that *plan* makes."""
    with open_(path) as registry:
        for request in plan:
            ask(registry, request)
        return list(registry.history())


def states(registry: Registry) -> dict[str, tuple[State, int]]:
    """Return the state and the version of every stream."""
    return registry.load_many(STREAMS)


def months_of(history: list[Recorded[Event]]) -> list[Month]:
    """Return the months of *history*, some before it, and those in which it may still be felt."""
    ends = [Month.of(recorded.event.on) for recorded in history]
    for recorded in history:
        if isinstance(recorded.event, ParticipantContributionPaid):
            ends += [m for m in (recorded.event.months.first, recorded.event.months.last) if m]
    first, last = min(ends, default=Month(2018, 1)), max(ends, default=Month(2018, 1))
    return [first + number for number in range(-2, last - first + 6)]


def _two_in_a_row(standing: Standing, programme: str) -> Months:
    paid = standing.paid_for(programme)
    return Months((first + 1, last) for first, last in paid.runs if last > first) & (
        standing.registered
    )


TWO_IN_A_ROW = Definition(
    "two-in-a-row",
    "the month and the one before it are paid",
    SOURCE,
    Status.ASSUMED,
    _two_in_a_row,
)
ALL_DEFINITIONS = (*DEFINITIONS.values(), TWO_IN_A_ROW)
PAIRS = [(d, programme) for d in ALL_DEFINITIONS for programme in ("jkk", "jkm", "jht")]


# -- 1. The sum of deltas is the recount from scratch. --------------------------------


@given(plan=plans())
@tries(70)
def test_the_deltas_add_up_to_a_recount_person_by_person_whenever_it_is_known(plan):
    history = played(plan)
    upto = months_of(history)[-1]
    sums = [ActiveParticipants(*pair) for pair in PAIRS]
    recount = Recount()

    for recorded in history:
        for each in sums:
            each.apply(recorded)
        recount.apply(recorded)
        if changes(recorded.event) or recorded is history[-1]:
            scratch = recount.count(PAIRS, upto=upto)
            for each in sums:
                counted = scratch[each.definition.name, each.programme]
                assert each.table(upto) == counted, (recorded, each.definition.name, each.programme)


@given(plan=plans(), definition=st.sampled_from(ALL_DEFINITIONS), ahead=st.integers(-1, 4))
@tries(30)
def test_what_was_known_at_a_position_is_counted_alike_for_ever(plan, definition, ahead):
    month = Month.of(FIRST_DAY) + ahead
    with open_() as registry:
        then = [registry.count(month, definition, by=DIMENSIONS)]
        for request in plan:
            ask(registry, request)
            then.append(registry.count(month, definition, by=DIMENSIONS))

        for count in then:
            assert count == registry.count(
                month, definition, by=DIMENSIONS, known_at=count.known_at
            )


@given(plan=plans())
@tries(60)
def test_a_replay_of_any_history_finds_nothing(plan):
    history = played(plan)

    assert replay(history, ALL_DEFINITIONS).findings == ()


@given(plan=plans(agents=False))
@tries(60)
def test_nobody_is_registered_in_the_month_of_his_death_or_after_it(plan):
    with open_() as registry:
        for request in plan:
            ask(registry, request)
            person = registry.participant(request.who) if request.who in PEOPLE else None
            if person is not None and person.died_on is not None:
                for standing in person.standings.values():
                    assert not standing.registered.since(Month.of(person.died_on))


# -- 2. A count is the number of its members. -----------------------------------------


@given(plan=plans(agents=False))
@tries(60)
def test_a_count_is_the_number_of_its_members_whenever_it_is_known(plan):
    history = played(plan)
    months = months_of(history)
    sums, everybody = [ActiveParticipants(*pair) for pair in PAIRS], Members()

    for recorded in history:
        for each in sums:
            each.apply(recorded)
        everybody.apply(recorded)
        at = months if recorded is history[-1] else [Month.of(recorded.event.on)]
        for each in sums:
            for month in at:
                members = list(everybody.of(month, each.definition, each.programme))
                assert each.count(month) == len(members)
                assert len({(m.participant, m.segment) for m in members}) == len(members)


@given(plan=plans(agents=False), pair=st.sampled_from(PAIRS))
@tries(40)
def test_a_member_counts_by_the_events_named_and_by_no_others(plan, pair):
    history = played(plan)
    everybody = Members()
    for recorded in history:
        everybody.apply(recorded)

    for month in months_of(history):
        for member in everybody.of(month, *pair):
            named = [recorded for recorded in history if recorded.position in member.events]
            alone = Members()
            for recorded in named:
                alone.apply(recorded)

            assert {recorded.stream for recorded in named} == {member.participant}
            assert member in list(alone.of(month, *pair))


# -- 3. The parts add up to the total. ------------------------------------------------

CHOICES = [by for size in range(4) for by in permutations(DIMENSIONS, size)]


@given(plan=plans(), pair=st.sampled_from(PAIRS))
@tries(60)
def test_the_parts_add_up_to_the_total_by_any_choice_of_dimensions(plan, pair):
    history = played(plan)
    active, everybody = ActiveParticipants(*pair), Members()
    for recorded in history:
        active.apply(recorded)
        everybody.apply(recorded)

    for month in months_of(history):
        members = list(everybody.of(month, *pair))
        for by in CHOICES:
            parts = active.by(month, *by)
            assert sum(parts.values()) == active.count(month)
            assert parts == Counter(
                tuple(getattr(member, dimension) for dimension in by) for member in members
            )


# -- 4. Opening + joined + came back - left = closing. --------------------------------


@given(plan=plans(agents=False))
@tries(50)
def test_flows_lead_from_each_month_to_the_next_and_tell_who_came_and_went(plan):
    history = played(plan)
    months = months_of(history)
    everybody = Members()
    for recorded in history:
        everybody.apply(recorded)
    for pair in PAIRS:
        flows, active = Flows(*pair), ActiveParticipants(*pair)
        for recorded in history:
            flows.apply(recorded)
            active.apply(recorded)
        ever: set[tuple[str, str]] = set()
        before: set[tuple[str, str]] = set()
        closing = 0

        for month in months:
            flow = flows.of(month)
            now = {(m.participant, m.segment) for m in everybody.of(month, *pair)}
            assert flow.opening == closing
            assert flow.opening + flow.joined + flow.came_back - flow.left == flow.closing
            assert flow.closing == active.count(month)
            assert flow.joined == len(now - ever)
            assert flow.came_back == len(now & ever - before)
            assert flow.left == len(before - now)
            ever, before, closing = ever | now, now, flow.closing


# -- 5. The order does not matter. ----------------------------------------------------


SEEDS = st.integers(0, 2**32)


def _sums(history: Iterable[Recorded[Event]], months: list[Month]) -> list[object]:
    """Return all that is summed over *history*."""
    actives = [ActiveParticipants(*pair) for pair in PAIRS]
    flows = [Flows(*pair) for pair in PAIRS]
    retentions = [Retention(definition, 2) for definition in ALL_DEFINITIONS]
    census, performance = Census(), AgentPerformance()
    for recorded in history:
        for each in (*actives, *flows, *retentions, census, performance):
            each.apply(recorded)
    return [
        [each.table(months[-1]) for each in actives],
        [each.of(month) for each in flows for month in months],
        [
            (each.eligible(month), each.still_active(month))
            for each in retentions
            for month in months
        ],
        sorted(map(str, census)),
        [performance.acquired(agent, upto=month) for agent in AGENTS for month in months],
    ]


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_any_order_of_the_same_events_gives_the_same_sums(plan, seed):
    history = played(plan)
    months = months_of(history)
    shuffled = Random(seed).sample(history, len(history))

    assert _sums(shuffled, months) == _sums(history, months)


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_the_sums_over_two_parts_merge_into_the_sum_over_both(plan, seed):
    history = played(plan)
    upto = months_of(history)[-1]
    dice = Random(seed)
    here = {recorded.position for recorded in history if dice.randrange(2)}
    for pair in PAIRS:
        whole, one, other = (ActiveParticipants(*pair) for _ in range(3))
        for recorded in history:
            whole.apply(recorded)
            (one if recorded.position in here else other).apply(recorded)

        one.merge(other)

        assert one.table(upto) == whole.table(upto)


def _interleaved(plan: Plan, dice: Random) -> Plan:
    """Return *plan* in another order, in which each person's requests keep theirs."""
    queues: defaultdict[str, list[Request]] = defaultdict(list)
    for request in reversed(plan):
        queues[request.who].append(request)
    order = [request.who for request in plan]
    dice.shuffle(order)
    return tuple(queues[who].pop() for who in order)


@given(plan=plans(agents=False), seed=SEEDS)
@tries(40)
def test_whose_requests_come_first_does_not_matter_to_the_others(plan, seed):
    one, other = played(plan), played(_interleaved(plan, Random(seed)))
    months = months_of(one)
    pairs = PAIRS[:3]

    for stream in PEOPLE:
        assert [r.event for r in one if r.stream == stream] == [
            r.event for r in other if r.stream == stream
        ]
    assert _sums(one, months) == _sums(other, months)
    recounts = Recount(), Recount()
    for recount, history in zip(recounts, (one, other), strict=True):
        for recorded in history:
            recount.apply(recorded)
    assert recounts[0].count(pairs, upto=months[-1]) == recounts[1].count(pairs, upto=months[-1])


# -- 6. Any event can happen in any state. --------------------------------------------

_few = st.integers(0, 3)
_some_months = st.lists(st.tuples(st.integers(24_210, 24_230), _few), max_size=3).map(
    lambda runs: Months((first, first + more) for first, more in runs)
)
_days = st.one_of(
    st.dates(date(2017, 11, 1), date(2018, 6, 30)), st.sampled_from((date.min, date.max))
)
_words = st.sampled_from((*RULES, "first", "second", "in-grace"))

BY_TYPE: Mapping[Any, st.SearchStrategy[Any]] = {
    int: st.one_of(_few, st.just(MOST)),
    str: _words,
    date: _days,
    bool: st.booleans(),
    NoneType: st.none(),
    Rupiah: _few,
    Month: st.integers(24_210, 24_230).map(Month.at),
    Months: st.one_of(_some_months, st.just(Months.parse("2018-02/.."))),
    AgentId: st.sampled_from(AGENTS),
    ParticipantId: st.sampled_from(PEOPLE),
    ProgrammeName: st.sampled_from(("jht", "jkk", "jkm", PROGRAMME)),
    ProvinceCode: st.sampled_from(tuple(PROVINCES)),
    Region: st.sampled_from(REGIONS),
    RuleRef: st.sampled_from(tuple(f"{PROGRAMME}/{CAP}/{number}" for number in (1, 2))),
    Url: st.just("https://example.org/1"),
    Word: st.sampled_from(("transport", "other", "own")),
    tuple[Word, ...]: st.sampled_from(((), ("jkk",), ("jkk", "jkm"))),
    Table: st.sampled_from(
        (Table.of({"low": 1, "high": MOST}), Table.of({"all": ("jkk",)}), Table.of({0: 1, 5: 2}))
    ),
}
BY_FIELD: Mapping[str, st.SearchStrategy[Any]] = {
    "programmes": st.sampled_from(PAID_PROGRAMMES),
    "reference": st.sampled_from(("1", "2")),
    "corrects": st.sampled_from(("1", "2", "3")),
    "sponsor": st.one_of(st.none(), st.just("CSR-1")),
    "branch": st.one_of(st.none(), st.just("BDG-1")),
}


def _of_type(type_: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for any value of *type_* that passes the validators of its class."""
    if type_ in BY_TYPE:
        return BY_TYPE[type_]
    arguments = typing.get_args(type_)
    if typing.get_origin(type_) is tuple:
        return st.lists(_of_type(arguments[0]), max_size=3).map(tuple)
    if typing.get_origin(type_) in {typing.Union, UnionType}:
        return st.one_of(*map(_of_type, arguments))
    if attrs.has(type_):
        return _made(type_)
    return st.sampled_from(type_)  # an enumeration


def _made(class_: type[Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(class_)
    fields = {a.name: BY_FIELD.get(a.name, _of_type(hints[a.name])) for a in attrs.fields(class_)}
    if class_ is ParticipantContributionPaid:
        fields["months"] = st.tuples(st.integers(24_210, 24_230), _few).map(
            lambda run: Months([(run[0], run[0] + run[1])])
        )
    if class_ is DatedValue:
        return st.fixed_dictionaries(fields).map(_forward).map(lambda said: DatedValue(**said))
    return st.builds(class_, **fields)


def _forward(said: dict[str, Any]) -> dict[str, Any]:
    """Put the two days of a value in order, and leave conflicts of its own kind."""
    kind = kind_of(said["value"])
    said["conflicts"] = tuple(c for c in said["conflicts"] if kind_of(c.value) is kind)
    if said["until"] is not None:
        said["in_force"], said["until"] = sorted((said["in_force"], said["until"]))
    return said


EVENTS_OF = {
    kind: st.one_of(
        *(_of_type(type_) for name, type_ in EVENTS.items() if name.startswith(f"{kind}."))
    )
    for kind in AGGREGATES
}
STREAM_OF = {
    "agent": AGENTS[0],
    "participant": PEOPLE[0],
    "programme": programme_stream(PROGRAMME),
    "quota": quota_stream(PROGRAMME, NATIONAL),
}


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
@given(data=st.data())
@tries(100)
def test_any_event_can_follow_any_others_of_its_kind(kind, data):
    stream = STREAM_OF[kind]
    happened = data.draw(st.lists(EVENTS_OF[kind], max_size=12))
    before = state_of(stream, ())

    after = state_of(stream, happened)

    assert type(after) is type(before)
    assert state_of(stream, happened[1:], since=state_of(stream, happened[:1])) == after


@pytest.mark.parametrize("kind", sorted(AGGREGATES))
@given(data=st.data())
@tries(60)
def test_any_event_is_read_back_as_it_was_written(kind, data):
    happened = data.draw(EVENTS_OF[kind])

    name, written = CODEC.name(happened), CODEC.encode(happened)

    assert CODEC.decode(name, written) == happened


# -- 7. Asking twice changes nothing. --------------------------------------------------

EACH_TIME_ANEW = {"move_seats"}
"""Requests that say what is to happen, and not what is to be."""


@given(plan=plans())
@tries(70)
def test_asking_again_for_what_was_granted_changes_nothing(plan):
    with open_() as registry:
        for request in plan:
            if request.verb in EACH_TIME_ANEW:
                ask(registry, request)
            elif isinstance(ask(registry, request), Accepted):
                position, before = registry.last_position(), states(registry)

                assert ask(registry, request) == Accepted(), request
                assert registry.last_position() == position
                assert states(registry) == before


# -- 8. A cap is never passed, and the past is never judged again. ---------------------


@given(plan=plans(people=False))
@tries(100)
def test_no_seat_is_allotted_or_taken_beyond_the_cap_in_force_on_its_day(plan):
    now: dict[str, Any] = {stream: state_of(stream, ()) for stream in STREAMS}

    for recorded in played(plan):
        before = now[quota_stream(PROGRAMME, NATIONAL)]
        now[recorded.stream] = state_of(
            recorded.stream, [recorded.event], since=now.get(recorded.stream)
        )
        quotas = [now[quota_stream(PROGRAMME, region)] for region in REGIONS]
        national = quotas[0]
        for quota in quotas:
            assert 0 <= quota.taken <= quota.allotted
        match recorded.event:
            case QuotaAllotted(source=source, on=on) if source in {None, NATIONAL}:
                cap = now[programme_stream(PROGRAMME)].rule(CAP, on).value
                assert national.issued <= cap
            case QuotaAllotted():  # seats that a province gives back, or to another
                assert national.issued == before.issued
            case QuotaSeatTaken(on=on):
                cap = now[programme_stream(PROGRAMME)].rule(CAP, on).value
                assert sum(quota.taken for quota in quotas) <= cap


@given(plan=plans(people=False))
@tries(60)
def test_every_seat_taken_is_held_by_one_agent_and_every_seat_issued_is_somewhere(plan):
    with open_() as registry:
        for request in plan:
            ask(registry, request)
            agents = [registry.agent(name) for name in (*AGENTS, STRANGERS[0])]
            quotas = {region: registry.quota(PROGRAMME, region) for region in REGIONS}

            assert {r: q.taken for r, q in quotas.items()} == {
                region: sum(agent.seat == region for agent in agents) for region in REGIONS
            }
            assert quotas[NATIONAL].issued == sum(q.allotted for q in quotas.values())


CHANGES_OF_LAW = {"adopt", "enact", "amend", "end_rule"}


@given(plan=plans())
@tries(60)
def test_a_change_of_law_removes_nobody_and_leaves_everything_recorded_as_it_is(plan):
    with open_() as registry:
        for request in plan:
            history, before = list(registry.history()), states(registry)
            answer = ask(registry, request)
            if request.verb in CHANGES_OF_LAW:
                after, law = states(registry), programme_stream(request.who)

                assert list(registry.history())[: len(history)] == history
                assert {s: after[s] for s in after if s != law} == {
                    s: before[s] for s in before if s != law
                }
                assert not isinstance(answer, Accepted) or not any(
                    isinstance(e, AgentDeactivated | QuotaSeatReleased) for e in answer.events
                )


@given(plan=plans(people=False))
@tries(60)
def test_a_new_value_of_a_rule_changes_no_day_before_its_first(plan):
    days = [FIRST_DAY + timedelta(days=number) for number in range(-10, 250, 5)]
    with open_() as registry:
        for request in plan:
            before = registry.programme(PROGRAMME)
            answer = ask(registry, request)
            if request.verb == "amend" and isinstance(answer, Accepted):
                _, rule, value = request.args
                after = registry.programme(PROGRAMME)

                for day in (day for day in days if day < value.in_force):
                    assert _in_force(after, rule, day) == _in_force(before, rule, day)
                if answer.events:
                    assert _in_force(after, rule, value.in_force)[1:] == (value.value, SOURCE)


def _in_force(programme: Programme, rule: str, on: date) -> object:
    try:
        found = programme.rule(rule, on)
    except RuleNotInForceError:
        return None
    return found.ref, found.value, found.citation


@given(plan=plans(people=False))
@tries(60)
def test_the_rules_that_a_decision_names_were_in_force_on_its_day_and_say_the_same_for_ever(plan):
    law = programme_stream(PROGRAMME)
    programme = state_of(law, ())
    named: dict[str, object] = {}

    for recorded in played(plan):
        if recorded.stream == law:
            programme = state_of(law, [recorded.event], since=programme)
        for ref in getattr(recorded.event, "rules", ()):
            rule = ref.split("/")[1]
            in_force = _in_force(programme, rule, recorded.event.on)
            assert in_force is not None
            assert in_force[0] == ref
            assert named.setdefault(ref, in_force) == in_force
        if isinstance(recorded.event, AgentRecruited | AgentReactivated | QuotaSeatTaken):
            assert recorded.event.rules


def _check_what_was_looked_at(history: list[Recorded[Event]]) -> None:
    """Look again at what each evaluation says it has looked at, as it was known then."""
    for recorded in history:
        known = AgentPerformance()
        match recorded.event:
            case AgentDeactivated(known_at=int() as known_at, last_acquisition=last):
                for earlier in history[:known_at]:
                    known.apply(earlier)
                assert last == known.last_acquisition(AgentId(recorded.stream))
            case ProgrammeEvaluationConcluded(measures=measures):
                known_at = measures.known_at
                for earlier in history[:known_at]:
                    if Month.of(earlier.event.on) <= measures.month:
                        known.apply(earlier)
                assert measures.agents == len(known.seated)
                assert measures.acquired == known.acquired(upto=measures.month)
            case _:
                continue
        assert known_at < recorded.position


@given(plan=plans())
@tries(60)
def test_an_evaluation_says_what_the_history_said_where_it_was_known(plan):
    _check_what_was_looked_at(played(plan))


@given(plan=plans(), seed=SEEDS)
@tries(150)
def test_an_evaluation_in_a_batch_says_what_the_history_said_where_it_was_known(plan, seed):
    _check_what_was_looked_at(_in_batches(plan, seed)[0])


# -- 9. Written to a file and read back, a history is the same. ------------------------


def _counts(store: EventStore, months: list[Month]) -> list[object]:
    return _sums(in_order(store.history()), months)


@given(plan=plans())
@tries(25)
def test_an_imported_history_exports_the_same_bytes_and_gives_the_same_counts(plan):
    with TemporaryDirectory() as folder, open_() as registry:
        file, new = Path(folder, "history.jsonl"), Path(folder, "new.db")
        for request in plan:
            ask(registry, request)
        written = b"".join(lines(registry._store))
        months = months_of(list(registry.history()))
        file.write_bytes(written)

        number = load(file, new)

        with EventStore(new, create=False) as store:
            assert number == registry.last_position() == store.last_position()
            assert b"".join(lines(store)) == written
            assert list(store.history()) == list(registry.history())
            assert _counts(store, months) == _counts(registry._store, months)


@given(plan=plans(), rest=plans())
@tries(8)
def test_an_imported_history_goes_on_as_the_one_it_was_exported_from(plan, rest):
    with TemporaryDirectory() as folder:
        old, file, new = (Path(folder, name) for name in ("old.db", "history.jsonl", "new.db"))
        with open_(old) as registry:
            for request in plan:
                ask(registry, request)
            file.write_bytes(b"".join(lines(registry._store)))
            load(file, new)
            with open_(new) as other:
                answers = [(repr(ask(registry, r)), repr(ask(other, r))) for r in rest]

                assert all(one == same for one, same in answers)
                assert states(other) == states(registry)


@given(plan=plans())
@tries(8)
def test_a_history_on_disk_is_the_one_in_memory(plan):
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.db")

        assert played(plan, path) == played(plan)
        with open_(path) as reopened, open_() as registry:
            for request in plan:
                ask(registry, request)
            assert states(reopened) == states(registry)


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_a_history_with_an_event_left_out_or_told_before_its_time_is_not_read(plan, seed):
    history = played(plan)
    later = [
        number
        for number, recorded in enumerate(history)
        if any(recorded.stream == other.stream for other in history[number + 1 :])
    ]
    if not later:
        return
    number = Random(seed).choice(later)
    stream = history[number].stream
    follower = next(n for n in range(number + 1, len(history)) if history[n].stream == stream)
    without = [*history[:number], *history[number + 1 :]]
    swapped = list(history)
    swapped[number], swapped[follower] = history[follower], history[number]

    for broken in (without, swapped, _numbered(without), _numbered(swapped)):
        with pytest.raises(CorruptHistoryError):
            list(in_order(broken))


def _numbered(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return *history* with its positions in order, so that only versions can be wrong."""
    return [attrs.evolve(r, position=number) for number, r in enumerate(history, start=1)]


@given(
    runs=st.lists(st.tuples(st.integers(24_214, 24_218), st.integers(24_214, 24_218)), max_size=2)
)
@tries(60)
def test_whatever_months_are_paid_for_the_history_can_be_read_afterwards(runs):
    with open_() as registry:
        registry.register(PEOPLE[0], province="51", on=FIRST_DAY).or_raise()
        with suppress(InputError):
            registry.pay(
                PEOPLE[0], reference="1", months=Months(runs), income=1, amount=1, on=FIRST_DAY
            )

        assert len(list(registry.history())) == registry.last_position()


# -- 10. What stood before a change is what the change before it left. -----------------


@given(plan=plans())
@tries(60)
def test_each_change_begins_where_the_last_one_ended(plan):
    stands: dict[tuple[str, Segment], Standing] = {}
    with open_() as registry:
        for request in plan:
            ask(registry, request)

        for recorded in registry.history():
            named = [change.segment for change in changes(recorded.event)]
            assert len(set(named)) == len(named)
            for change in changes(recorded.event):
                who = (recorded.stream, change.segment)
                assert change.before == stands.get(who, Standing())
                stands[who] = change.after
        for (who, segment), standing in stands.items():
            assert registry.participant(who).standing(segment) == standing


# -- 11. What is turned down, or fails, leaves nothing behind. -------------------------


@given(plan=plans())
@tries(70)
def test_what_is_turned_down_leaves_everything_as_it_was(plan):
    granted: list[Event] = []
    with open_() as registry:
        for request in plan:
            position, before = registry.last_position(), states(registry)
            answer = ask(registry, request)
            if isinstance(answer, Accepted) and answer.events:
                granted += answer.events
            elif request.verb == "evaluate_agents":  # each agent is a request of its own
                more = [recorded.event for recorded in list(registry.history())[position:]]
                assert all(isinstance(e, AgentDeactivated | QuotaSeatReleased) for e in more)
                granted += more
            else:
                assert registry.last_position() == position, (request, answer)
                assert states(registry) == before
            if isinstance(answer, Refused):
                assert answer.reasons
                assert all(r.policy and r.explanation and r.citation for r in answer.reasons)

        history = list(in_order(registry.history()))
        assert [recorded.event for recorded in history] == granted
        for stream, (state, version) in states(registry).items():
            mine = [recorded.event for recorded in history if recorded.stream == stream]
            assert state == state_of(stream, mine)
            assert version == len(mine)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__.removeprefix("_"))
def test_a_moment_is_no_day_whatever_is_asked(verb):
    p = _Planner(Random(1))
    _found(p, at_work=True)
    subject = next(subject for subject, verbs in SUBJECTS.items() if verb in verbs)
    request = verb(p, subject)
    moment = datetime(2018, 1, 1, tzinfo=UTC)
    with open_() as registry:
        for earlier in p.plan:
            with suppress(*TURNED_DOWN):
                earlier.to(registry)

        with pytest.raises(InputError):
            attrs.evolve(request, said={**request.said, "on": moment}).to(registry)


CUTS = st.integers(0, 90)


@given(plan=plans(), cut=CUTS)
@tries(40)
def test_a_trial_answers_as_the_desk_would_and_records_nothing(plan, cut):
    with open_() as registry:
        for request in plan[:cut]:
            ask(registry, request)
        position, before = registry.last_position(), states(registry)
        trial = registry.trial()

        answers = [repr(ask(trial, request)) for request in plan[cut : cut + 1]]

        assert registry.last_position() == position
        assert states(registry) == before
        assert answers == [repr(ask(registry, request)) for request in plan[cut : cut + 1]]


class _PowerCut(Exception):  # noqa: N818 - no error of ours
    pass


@given(plan=plans(), cut=CUTS, more=st.sampled_from(range(12)))
@tries(40)
def test_a_batch_that_raises_records_nothing_and_what_follows_goes_on_as_if_it_never_was(
    plan, cut, more
):
    with open_() as registry, open_() as other:
        for request in plan[:cut]:
            assert repr(ask(registry, request)) == repr(ask(other, request))
        position, before = registry.last_position(), states(registry)
        with pytest.raises(_PowerCut), registry.batch() as desk:  # noqa: PT012 - where it is cut
            for request in plan[cut : cut + more]:
                ask(desk, request)
            raise _PowerCut

        assert registry.last_position() == position
        assert states(registry) == before
        for request in plan[cut:]:
            assert repr(ask(registry, request)) == repr(ask(other, request))


LOOK_AT_ALL = {"conclude_evaluation", "evaluate_agents"}
"""The requests that rest on the whole history."""


def _in_batches(
    plan: Plan, seed: int, opening: Collection[str] = ()
) -> tuple[list[Recorded[Event]], Plan]:
    """
    Return the history that *plan* makes in batches, and what of it was not turned down.

    A request of *opening* begins a new batch.
    """
    batches: list[list[Request]] = []
    for request in plan:
        if not batches or request.verb in opening or _once_in(9, seed, request):
            batches.append([])
        batches[-1].append(request)
    meant: list[Request] = []
    with open_() as registry:
        for batch in batches:
            with registry.batch() as desk:
                meant += [r for r in batch if not isinstance(ask(desk, r), InputError)]
        return list(registry.history()), tuple(meant)


def _once_in(times: int, seed: int, request: Request) -> bool:
    """Throw dice for *request*, whatever is asked before it."""
    return Random(f"{seed} {request}").randrange(times) == 0


def _what_happened(history: list[Recorded[Event]]) -> list[object]:
    """Return *history* without what says how far it was known, or when it was written."""
    return [(r.position, r.stream, r.version, _known_nowhere(r.event)) for r in history]


def _known_nowhere(happened: Event) -> Event:
    if isinstance(happened, AgentDeactivated):
        return attrs.evolve(happened, known_at=None)
    if isinstance(happened, ProgrammeEvaluationConcluded):
        return attrs.evolve(happened, measures=attrs.evolve(happened.measures, known_at=0))
    return happened


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_requests_in_batches_make_the_history_that_they_make_one_by_one(plan, seed):
    batched, _ = _in_batches(plan, seed, opening=LOOK_AT_ALL)

    assert _what_happened(batched) == _what_happened(played(plan))


@given(plan=plans(), seed=SEEDS)
@tries(100)
def test_an_evaluation_in_a_batch_knows_what_the_batch_has_decided_or_is_turned_down(plan, seed):
    batched, meant = _in_batches(plan, seed)

    assert _what_happened(batched) == _what_happened(played(meant))


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_batches_and_single_requests_can_take_turns(plan, seed):
    with open_() as registry:
        for request in plan:
            if _once_in(2, seed, request):
                with registry.batch() as desk:
                    ask(desk, request)
            else:
                ask(registry, request)

        assert _what_happened(list(registry.history())) == _what_happened(played(plan))


# -- 12. What is kept up beside a history is the sum over it. ----------------------------

KEPT_FOR = ("jkk", "jkm", "jht", "jp")
"""Programmes that somebody pays for, and one that nobody does."""


class Stopped(Exception):  # noqa: N818 - no error
    """Breaks off a reading in the middle."""


def _now_and_then(dice: Random, tally: Tally, do: Callable[[], object]) -> Tally:
    """Return *tally*, which lets something else happen between a reading and its adding up."""

    def sums(events: Sequence[Recorded[Event]]) -> Numbers:
        numbers = tally.sums(events)
        if dice.randrange(3) == 0:
            do()
        return numbers

    return attrs.evolve(tally, sums=sums)


def _stop() -> None:
    raise Stopped


def _check_live(registry: Registry, dice: Random) -> None:
    """Compare what is live with sums over the whole history, by every definition."""
    history = list(registry.history())
    census, months = Census(), months_of(history)
    for recorded in history:
        census.apply(recorded)
    for definition in ALL_DEFINITIONS:
        for programme in KEPT_FOR:
            month, by = dice.choice(months), dice.choice(CHOICES)
            active = census.active(definition, programme)
            live = registry.live_count(month, definition, by=by, programme=programme)
            assert live == Count(
                definition,
                programme,
                month,
                len(history),
                active.count(month),
                by,
                active.by(month, *by),
            )


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_a_live_count_is_the_count_whenever_it_is_asked_for(plan, seed):
    dice = Random(seed)
    with open_() as registry:
        for request in plan:
            ask(registry, request)
            if dice.randrange(12) == 0:
                _check_live(registry, dice)
        _check_live(registry, dice)

        month, definition = Month.of(FIRST_DAY) + 2, dice.choice(ALL_DEFINITIONS)
        recount = Recount()
        for recorded in registry.history():
            recount.apply(recorded)
        scratch = recount.count([(definition, "jkk")], upto=month)[definition.name, "jkk"]
        live = registry.live_count(month, definition, by=DIMENSIONS)
        assert live == registry.count(month, definition, by=DIMENSIONS)
        assert live.parts == {key: n for (at, key), n in scratch.items() if at == month.index}


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_an_event_is_added_once_however_often_a_reading_stops_or_two_read_at_once(plan, seed):
    dice = Random(seed)
    with EventStore(":memory:") as store:
        registry = Registry(store)

        def read(tally: Tally) -> None:
            Live(store, page=dice.randint(1, 5)).catch_up([tally])

        for request in plan:
            ask(registry, request)
            for tally in (ACTIVE, SEATS, ACQUISITIONS):
                at_once = partial(read, tally)
                with suppress(Stopped):
                    read(_now_and_then(dice, tally, dice.choice((_stop, at_once))))

        assert [r.differences for r in registry.rebuild()] == [()] * 3
        _check_live(registry, dice)
        quotas = [registry.quota(PROGRAMME, region) for region in REGIONS]
        for heading in ("allotted", "taken"):
            assert registry.live_sums(SEATS, heading).numbers == {
                (PROGRAMME, q.region): getattr(q, heading) for q in quotas if getattr(q, heading)
            }
        performance = registry.performance()
        for month in {Month.of(r.event.on) for r in registry.history()}:
            acquired = registry.live_sums(ACQUISITIONS, "acquired", upto=month).numbers
            assert acquired == {
                (agent,): n for agent in AGENTS if (n := performance.acquired(agent, upto=month))
            }


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_a_rebuild_that_is_stopped_goes_on_and_mends_what_was_wrong(plan, seed):
    dice = Random(seed)
    with EventStore(":memory:") as store:
        registry = Registry(store)
        for request in plan:
            ask(registry, request)
        last = registry.catch_up(ACTIVE)
        [mark] = store.tallies.marks()
        wrong = {("registered, *, total", (), 24_216): 5, ("no such heading", ("a", None), 0): -1}
        store.tallies.add({mark.generation: wrong}, after=last, upto=last)
        live = Live(store, page=dice.randint(1, 5))

        stopping, rebuilt = _now_and_then(dice, ACTIVE, _stop), None
        while rebuilt is None:
            with suppress(Stopped):
                [rebuilt] = live.rebuild([stopping])

        assert {
            (d.heading, d.cell, d.month): d.live - d.rebuilt for d in rebuilt.differences
        } == wrong
        assert [each.live for each in store.tallies.marks()] == [True]
        _check_live(registry, dice)


# -- What these histories are made of. -------------------------------------------------


def test_random_histories_grant_and_turn_down_every_request():
    seen: Counter[tuple[str, str]] = Counter()

    @given(plan=plans())
    @settings(tries(120), phases=[Phase.generate], database=None)
    def look(plan):
        with open_() as registry:
            for request in plan:
                answer = ask(registry, request)
                granted = isinstance(answer, Accepted) and answer.events
                seen[request.verb, "granted" if granted else "not"] += 1

    look()

    for verb in (verb.__name__.removeprefix("_") for verb in VERBS):
        assert seen[verb, "granted"], f"{verb} is never granted"
        assert seen[verb, "not"], f"{verb} is never turned down, nor asked twice"
