"""
States as bytes, exact: what a snapshot keeps of a stream, and how it is read back.

It is long because each kind of state is written and read side by side: what one leaves out, the
other must find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, partial
from typing import Any, Final, TypeVar

import attrs
import msgspec

from jamsos.domain.agent import Agent, AgentFactVoided, AgentRecruited, AgentStatus, Held, Stage
from jamsos.domain.agent.settled import Settled
from jamsos.domain.agent.timeline import BEGINNING, Chapter, Stand, Timeline
from jamsos.domain.aggregate import State, kind
from jamsos.domain.calendar import Month, Months
from jamsos.domain.codec import from_text, to_text
from jamsos.domain.coverage import Segment, Spell, Standing
from jamsos.domain.fixed import fixed
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.incentive import Acquired, Rewarded
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    Check,
    Participant,
    ParticipantContributionCorrected,
    ParticipantFactVoided,
    Payer,
    Payment,
)
from jamsos.domain.participant.checks import FACTS
from jamsos.domain.participant.events import Membership
from jamsos.domain.participant.life import Days, Facts, Stay, Told
from jamsos.domain.participant.state import Refunded
from jamsos.domain.programme import Evaluation, Programme
from jamsos.domain.quota import Change, Quota
from jamsos.domain.quota.days import Book
from jamsos.domain.quota.days import Days as SeatDays
from jamsos.domain.rule import Rule

from .catalogue import CODEC

T = TypeVar("T")

_Dated = tuple[int, int]
"""A place among facts: the day, counted from 1 January of the year 1, and the rank."""

_encode = msgspec.json.Encoder(enc_hook=to_text).encode


_NONE: Final = b"null"


class UnreadableStateError(ValueError):
    """Bytes that are not what this code writes of a state; whoever asks reads the events."""


def written(state: State) -> bytes:
    """
    Return *state* as bytes: a line that tells all but its parts, and a line for each part.

    The parts are what a long history has many of, most of them long past.
    """
    head, parts = _WRITE[type(state)](state)
    return b"\n".join((_encode(head), *parts))


def read(stream: str, data: bytes) -> State:
    """
    Return the state of *stream* that `written` wrote as *data*. Parts are read when asked for.

    Raises `UnreadableStateError` for anything else.
    """
    head, *parts = data.split(b"\n")
    try:
        state: State = _READ[kind(stream)](stream, head, parts)
    except (msgspec.DecodeError, ValueError, TypeError, LookupError, OverflowError) as error:
        msg = f"no state of {stream}: {error}"
        raise UnreadableStateError(msg) from error
    return state


# -- Agents. ---------------------------------------------------------------------


class _Stand(msgspec.Struct, array_like=True):
    status: AgentStatus
    recruited: bool
    seat: tuple[Region, date] | None
    active_since: date | None
    last_active_since: date | None
    active_until: date | None
    deactivated_on: date | None


class _Chapter(msgspec.Struct, array_like=True):
    first: _Dated
    last: _Dated
    number: int
    versions: tuple[int, int]
    ends: _Stand


class _Settled(msgspec.Struct, array_like=True):
    month: Month
    acquired: tuple[Acquired, ...]
    contributions: tuple[Rewarded, ...]
    acquisition: int
    agent: int
    office: int
    rules: tuple[RuleRef, ...]


class _Agent(msgspec.Struct):
    version: int
    replaced: tuple[int, int] | None
    recruited: AgentRecruited | None
    chapters: list[_Chapter]
    voided: list[AgentFactVoided]
    incentives: list[_Settled]


class _Stages(msgspec.Struct, array_like=True):
    """Facts of which many are alike: what they say but their day, and then each in numbers."""

    facts: list[tuple[str, msgspec.Raw]]
    rows: list[tuple[int, int, int, int]]
    """By how much the version, and the day, is more than that of the last one; by how much the rank
    is more than the version; and which of the facts it is."""


def _agent_written(agent: Agent) -> tuple[_Agent, Iterable[bytes]]:
    chapters = agent.stages.chapters
    head = _Agent(
        agent.version,
        agent.replaced,
        agent.stages.ends.recruited,
        [
            _Chapter(
                _place(each.first),
                _place(each.last),
                each.number,
                each.versions,
                _stand_written(each.ends),
            )
            for each in chapters
        ],
        [*agent.voided.values()],
        [
            _Settled(
                month,
                tuple(each.acquired.values()),
                tuple(each.contributions.values()),
                each.acquisition,
                each.agent,
                each.office,
                each.rules,
            )
            for month, each in agent.incentives.items()
        ],
    )
    return head, map(_chapter_written, chapters)


def _chapter_written(chapter: Chapter) -> bytes:
    if chapter.written is None:
        facts: dict[tuple[str, bytes], int] = {}
        rows, version, day = [], 0, 0
        for stage in chapter.stages:
            event = stage.event
            fact = CODEC.name(event), CODEC.encode(attrs.evolve(event, on=date.min))
            number = facts.setdefault(fact, len(facts))
            on = event.on.toordinal()
            rows.append((stage.version - version, stage.rank - stage.version, on - day, number))
            version, day = stage.version, on
        told = [(name, msgspec.Raw(data)) for name, data in facts]
        chapter.written = _encode(_Stages(told, rows))
    return chapter.written


def _agent_read(stream: str, head: bytes, parts: list[bytes]) -> Agent:
    said = _decode_agent(head)
    begins, chapters = BEGINNING, []
    for each, part in zip(said.chapters, parts, strict=True):
        ends = _stand_read(each.ends, said.recruited)
        (first, rank), (last, last_rank) = each.first, each.last
        chapter = Chapter(
            partial(_stages_read, part),
            begins=begins,
            ends=ends,
            first=(date.fromordinal(first), rank),
            last=(date.fromordinal(last), last_rank),
            number=each.number,
            versions=each.versions,
        )
        chapter.written = part
        chapters.append(chapter)
        begins = ends
    return Agent(
        id=AgentId(stream),
        version=said.version,
        stages=Timeline(tuple(chapters)),
        voided={each.version: each for each in said.voided},
        replaced=said.replaced,
        incentives={
            each.month: Settled(
                acquired=fixed({(a.participant, a.segment): a for a in each.acquired}),
                contributions=fixed(
                    {(c.received.participant, c.received.reference): c for c in each.contributions}
                ),
                acquisition=each.acquisition,
                agent=each.agent,
                office=each.office,
                rules=each.rules,
            )
            for each in said.incentives
        },
    )


def _stages_read(part: bytes) -> list[Stage]:
    said = _decode_stages(part)
    facts = [CODEC.decode(name, bytes(data)) for name, data in said.facts]  # a few
    known: dict[tuple[int, int], Any] = {}
    stages, version, on = [], 0, 0
    for later, rank, days, number in said.rows:
        version, on = version + later, on + days
        event = known.get((number, on))
        if event is None:
            event = known[number, on] = attrs.evolve(facts[number], on=date.fromordinal(on))
        stages.append(Stage(version, event, None, version + rank))
    return stages


def _stand_written(stand: Stand) -> _Stand:
    seat = stand.seat
    return _Stand(
        stand.status,
        stand.recruited is not None,
        None if seat is None else (seat.region, seat.begins),
        stand.active_since,
        stand.last_active_since,
        stand.active_until,
        stand.deactivated_on,
    )


def _stand_read(said: _Stand, recruited: AgentRecruited | None) -> Stand:
    return Stand(
        said.status,
        recruited if said.recruited else None,
        None if said.seat is None else Held(*said.seat),
        said.active_since,
        said.last_active_since,
        said.active_until,
        said.deactivated_on,
    )


def _place(place: tuple[date, int]) -> _Dated:
    return place[0].toordinal(), place[1]


# -- Quotas. ---------------------------------------------------------------------


class _Book(msgspec.Struct, array_like=True):
    first: int
    last: int
    number: int
    sums: tuple[int, int, int]


class _Quota(msgspec.Struct):
    programme: ProgrammeName
    region: Region
    allotted: int
    taken: int
    passed_on: int
    books: list[_Book]


def _quota_written(quota: Quota) -> tuple[_Quota, Iterable[bytes]]:
    books = quota.changes.books
    head = _Quota(
        quota.programme,
        quota.region,
        quota.allotted,
        quota.taken,
        quota.passed_on,
        [_Book(b.first.toordinal(), b.last.toordinal(), b.number, b.sums) for b in books],
    )
    return head, map(_book_written, books)


def _book_written(book: Book) -> bytes:
    if book.written is None:
        rows, day = [], 0
        for each in book.changes:
            on = each.on.toordinal()
            rows.append((on - day, *each.numbers))
            day = on
        book.written = _encode(rows)
    return book.written


def _quota_read(_: str, head: bytes, parts: list[bytes]) -> Quota:
    said = _decode_quota(head)
    books = []
    for each, part in zip(said.books, parts, strict=True):
        book = Book(
            partial(_changes_read, part),
            first=date.fromordinal(each.first),
            last=date.fromordinal(each.last),
            number=each.number,
            sums=each.sums,
        )
        book.written = part
        books.append(book)
    return Quota(
        programme=said.programme,
        region=said.region,
        allotted=said.allotted,
        taken=said.taken,
        passed_on=said.passed_on,
        changes=SeatDays(tuple(books)),
    )


def _changes_read(part: bytes) -> list[Change]:
    changes, on = [], 0
    for days, *numbers in _decode_changes(part):
        on += days
        changes.append(Change(date.fromordinal(on), *numbers))
    return changes


# -- Participants. ---------------------------------------------------------------


class _Payment(msgspec.Struct, array_like=True):
    reference: str
    segment: Segment
    programmes: tuple[ProgrammeName, ...]
    months: Months
    income: Rupiah
    amount: Rupiah
    payer: Payer
    on: date
    check: int | None
    """Which of the checks it is: many payments were checked alike."""
    version: int
    correction: msgspec.Raw
    of: str | None
    refund: Refunded | None


class _Stay(msgspec.Struct, array_like=True):
    begins: date
    ends: date | None
    province: ProvinceCode
    agent: AgentId | None
    branch: str | None
    cared_since: date


class _Fact:
    """A fact of membership that is read when it is asked for."""

    __slots__ = ("_alike", "_event", "_on")

    def __init__(self, alike: Callable[[], Membership], on: date) -> None:
        self._alike = alike
        self._on = on
        self._event: Membership | None = None

    def __call__(self) -> Membership:
        if self._event is None:
            self._event = attrs.evolve(self._alike(), on=self._on)
        return self._event


class _Correction:
    """A correction that is read when it is asked for."""

    __slots__ = ("_data", "_event")

    def __init__(self, data: msgspec.Raw) -> None:
        self._data = data
        self._event: ParticipantContributionCorrected | None = None

    def __call__(self) -> ParticipantContributionCorrected:
        if self._event is None:
            self._event = _decode_correction(self._data)
        return self._event


class _Participant(msgspec.Struct):
    version: int
    checks: list[Check]
    facts: list[tuple[str, msgspec.Raw]]
    """Facts of membership of which many are alike: what they say but their day."""
    told: list[tuple[int, date, int, int]]
    """Of each its version, its day, its rank among those of the day, and which fact it is."""
    over: list[int]
    """The versions of leavings of version 1."""
    stays: list[tuple[Segment, list[_Stay], list[date]]]
    """The days in each segment, and those on which they entered it."""
    died_on: date | None
    met: list[int]
    spells: list[tuple[Segment, int, tuple[Spell, ...]]]
    voids: list[ParticipantFactVoided]
    payments: list[_Payment]
    recorded: list[tuple[Segment, Standing]]


def _participant_written(someone: Participant) -> tuple[_Participant, Iterable[bytes]]:
    facts: dict[tuple[str, bytes], int] = {}
    told = []
    for each in someone.told:
        event, (on, rank, version) = each.event, each.place
        fact = CODEC.name(event), CODEC.encode(attrs.evolve(event, on=date.min, changes=()))
        told.append((version, on, rank, facts.setdefault(fact, len(facts))))
    days = someone.facts.days()
    days.settle()
    checks: dict[Check, int] = {}
    payments = [
        _Payment(
            reference,
            paid.segment,
            paid.programmes,
            paid.months,
            paid.income,
            paid.amount,
            paid.payer,
            paid.on,
            None if paid.check is None else checks.setdefault(paid.check, len(checks)),
            paid.version,
            msgspec.Raw(_encode(paid.correction)),
            paid.of,
            paid.refund,
        )
        for reference, paid in someone.payments.items()
    ]
    head = _Participant(
        someone.version,
        [*checks],
        [(name, msgspec.Raw(data)) for name, data in facts],
        told,
        [each.version for each in days.over],
        [
            (segment, [_Stay(*attrs.astuple(stay)) for stay in stays], days.entries[segment])
            for segment, stays in days.stays.items()
        ],
        days.died_on,
        sorted(days.met),
        [(segment, number, spells) for segment, (number, spells) in days.spells.items()],
        [*someone.voids.values()],
        payments,
        [*someone.recorded.items()],
    )
    return head, ()


def _participant_read(stream: str, head: bytes, parts: list[bytes]) -> Participant:
    _check_no_parts(parts)
    said = _decode_participant(head)
    facts = [cache(partial(_FACTS[name], data)) for name, data in said.facts]
    told = tuple(
        [
            Told(version, _Fact(facts[number], on), (on, rank, version))
            for version, on, rank, number in said.told
        ]
    )
    over = frozenset(said.over)
    days = Days(
        {
            segment: [
                Stay(s.begins, s.ends, s.province, s.agent, s.branch, s.cared_since) for s in stays
            ]
            for segment, stays, _ in said.stays
        },
        {segment: entered for segment, _, entered in said.stays},
        said.died_on,
        set(said.met),
        tuple(each for each in told if each.version in over) if over else (),
        {segment: (number, spells) for segment, number, spells in said.spells},
    )
    return Participant(
        id=ParticipantId(stream),
        version=said.version,
        facts=Facts(told, [days]),
        voids={each.version: each for each in said.voids},
        payments={
            paid.reference: Payment(
                segment=paid.segment,
                programmes=paid.programmes,
                months=paid.months,
                income=paid.income,
                amount=paid.amount,
                payer=paid.payer,
                on=paid.on,
                check=None if paid.check is None else said.checks[paid.check],
                version=paid.version,
                correction=None
                if bytes(paid.correction) == _NONE
                else _Correction(paid.correction),
                of=paid.of,
                refund=paid.refund,
            )
            for paid in said.payments
        },
        recorded=fixed(dict(said.recorded)),
    )


# -- Programmes. -----------------------------------------------------------------


class _Programme(msgspec.Struct):
    established: date | None
    rules: list[tuple[str, Region, tuple[Rule, ...]]]
    evaluations: list[tuple[str, Evaluation]]


def _programme_written(programme: Programme) -> tuple[_Programme, Iterable[bytes]]:
    head = _Programme(
        programme.established,
        [(rule, scope, versions) for (rule, scope), versions in programme.rules.items()],
        [*programme.evaluations.items()],
    )
    return head, ()


def _programme_read(stream: str, head: bytes, parts: list[bytes]) -> Programme:
    _check_no_parts(parts)
    said = _decode_programme(head)
    return Programme(
        ProgrammeName(stream.removeprefix("programme-")),
        said.established,
        fixed({(rule, scope): versions for rule, scope, versions in said.rules}),
        fixed(dict(said.evaluations)),
    )


def _check_no_parts(parts: list[bytes]) -> None:
    if parts:
        msg = "it has parts"
        raise ValueError(msg)


def _decoder(shape: type[T]) -> Callable[[bytes], T]:
    return msgspec.json.Decoder(shape, dec_hook=from_text).decode


_decode_agent: Final = _decoder(_Agent)
_decode_stages: Final = _decoder(_Stages)
_decode_quota: Final = _decoder(_Quota)
_decode_changes: Final = _decoder(list[tuple[int, int, int, int]])
_decode_participant: Final = _decoder(_Participant)
_decode_correction: Final = _decoder(ParticipantContributionCorrected)
_decode_programme: Final = _decoder(_Programme)

_FACTS: Final = {name: _decoder(event) for name, event in CODEC.events.items() if event in FACTS}
"""Reads each fact of membership, by its name."""

_WRITE: Final[Mapping[type[Any], Callable[[Any], tuple[msgspec.Struct, Iterable[bytes]]]]] = {
    Agent: _agent_written,
    Quota: _quota_written,
    Participant: _participant_written,
    Programme: _programme_written,
}
_READ: Final[Mapping[str, Callable[[str, bytes, list[bytes]], Any]]] = {
    "agent": _agent_read,
    "quota": _quota_read,
    "participant": _participant_read,
    "programme": _programme_read,
}
