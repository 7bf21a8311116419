"""What Hypothesis draws of jamsos: values, events, plans and histories, valid as they are built."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache, partial
from hashlib import sha256
from random import Random
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from jamsos.domain.calendar import FOREVER, Month, Months
from jamsos.domain.citation import AknName, Citation, Sha256, Status, Url
from jamsos.domain.coverage import Change, Paid, Spell, Standing
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import PROVINCES, REGIONS, ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.incentive import Acquired, Received, Rewarded
from jamsos.domain.money import MOST, Rupiah
from jamsos.domain.participant import Check, ParticipantContributionPaid
from jamsos.domain.programme import Measures
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Kind, Row, Table, Value, Word
from jamsos.engine.setting import Setting, setting
from jamsos.engine.world import Asked, Plan, World
from jamsos.errors import InputError, MissingExtraError
from jamsos.store.catalogue import EVENTS

from .moves import AGENTS, FIRST_DAY, GROUPS, LAST_DAY, PEOPLE, STRAY, Map, Walk
from .stating import History

TYPES: Final[tuple[Any, ...]] = (
    *EVENTS.values(),
    *(Month, Months, AgentId, ParticipantId, ProgrammeName, ProvinceCode, Region, RuleRef),
    *(
        Rupiah,
        Word,
        Url,
        Sha256,
        AknName,
        Citation,
        Row,
        Table,
        Conflict,
        DatedValue,
        Reason,
        Accepted,
        Refused,
    ),
    *(Spell, Paid, Standing, Change, Check, Measures, Acquired, Received, Rewarded),
)
"""Every type that `register` tells Hypothesis how to make: events, what they hold, answers."""


def register() -> None:
    """
    Tell Hypothesis how to make every event and value: Hypothesis calls this when it is imported.

    >>> from hypothesis import find, strategies
    >>> from jamsos.domain.agent import AgentCertified
    >>> register()
    >>> find(strategies.from_type(AgentCertified), lambda event: event.on.year > 2017)
    AgentCertified(on=datetime.date(2018, 1, 1))
    """
    # Hypothesis may have been imported by this module, of which only this much is there yet.
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415

    for type_ in TYPES:
        register_type_strategy(type_, lambda asked: _of_type(asked))  # noqa: PLW0108


try:
    from hypothesis import strategies as st
except ImportError as error:
    _MISSING = "the strategies of jamsos need Hypothesis: install 'jamsos[testing]'"
    raise MissingExtraError(_MISSING) from error

A = TypeVar("A")
Drawn: TypeAlias = st.SearchStrategy[A]

_FIRST, _LAST = Month.of(FIRST_DAY), Month.of(LAST_DAY)


# -- Values. -----------------------------------------------------------------------------


def days(*, first: date = FIRST_DAY, last: date = LAST_DAY) -> Drawn[date]:
    """
    Draw days from *first* to *last*, both included: by default those of the law that ships.

    >>> from hypothesis import find
    >>> find(days(first=date(2018, 1, 1)), lambda day: day.month == 2)
    datetime.date(2018, 2, 1)

    Raises `InputError` where *last* comes before *first*; as do `months` and `month_runs`.
    """
    _check_order(first, last)
    return st.dates(first, last)


def months(*, first: Month = _FIRST, last: Month = _LAST) -> Drawn[Month]:
    """
    Draw whole calendar months from *first* to *last*, both included.

    >>> from hypothesis import find
    >>> find(months(), lambda month: month > Month(2018, 2))
    Month('2018-03')
    """
    _check_order(first, last)
    return st.integers(first.index, last.index).map(Month.at)


def month_runs(*, first: Month = _FIRST, last: Month = _LAST, longest: int = 12) -> Drawn[Months]:
    """
    Draw unbroken runs of 1 to *longest* months that lie from *first* to *last*.

    >>> from hypothesis import find
    >>> find(month_runs(), lambda run: len(list(run)) >= 3)
    Months('2015-07/2015-09')

    Raises `InputError` for a *longest* run of no month.
    """
    _check_order(first, last)
    _check_order(1, longest)
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
        _check_order(one, other)
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
        _sentences,
        _notes,
        _notes,
        st.none() | _urls,
        read_on=st.none() | days(),
        akn=st.none() | _akn_names,
    ).flatmap(_with_passage)


def _with_passage(citation: Citation) -> Drawn[Citation]:
    """Draw *citation* as it is, with a passage, with a SHA-256, or with both."""

    def read(passage: str) -> Drawn[Citation]:
        own = Sha256(sha256(passage.encode()).hexdigest())
        both = attrs.evolve(citation, passage=passage, passage_sha256=own)
        return st.sampled_from(
            (attrs.evolve(both, passage_sha256=None), attrs.evolve(both, passage=None), both)
        )

    return st.just(citation) | _sentences.flatmap(read)


def dated_values(
    *, kinds: Collection[Kind] = tuple(Kind), first: date = FIRST_DAY, last: date = LAST_DAY
) -> Drawn[DatedValue]:
    """
    Draw values of rules, of one of *kinds*, in force from a day between *first* and *last*.

    >>> from hypothesis import find
    >>> find(dated_values(kinds=[Kind.BRACKETS]), lambda dated: dated.until).value
    Table(rows=(Row(key=0, value=0),))

    Conflicts are of the kind of the value, and the last day in force is none before the first.
    Raises `InputError` for no kinds, and for days out of order.
    """
    if not kinds:
        msg = f"there are no values of no kind: choose from {', '.join(Kind)}"
        raise InputError(msg)
    return st.one_of(*(_dated(_VALUES[kind], days(first=first, last=last)) for kind in kinds))


# -- Events. -----------------------------------------------------------------------------


def events(*types: type[A]) -> Drawn[A]:
    """
    Draw events of *types*, or of every type there is; each can be stored and read back.

    >>> from hypothesis import find
    >>> from jamsos.domain.agent import AgentReactivated
    >>> find(events(AgentReactivated), lambda event: event.region != "national")
    AgentReactivated(region='11', rules=(), on=datetime.date(2015, 7, 1))

    Each field is one that such an event may hold; what could have led to it, nobody has asked:
    draw `histories` where that matters. Raises `InputError` for a type that is no event's.
    """
    known = tuple(EVENTS.values())
    for type_ in types:
        if type_ not in known:
            msg = f"{type_!r} is no type of events: choose from {', '.join(_names_of(known))}"
            raise InputError(msg)
    return st.one_of(*map(_of_type, types or known))


# -- Plans and histories. ------------------------------------------------------------------


def plans(
    *,
    about: Collection[str] = GROUPS,
    steps: int = 30,
    stray: float = STRAY,
    begins: Setting | None = None,
) -> Drawn[Plan]:
    """
    Draw plans of at the most so many *steps*: commands in the order in which they are asked.

    They are *about* some of ``seats``, ``agents``, ``participants``, ``rules``,
    ``evaluations``, ``incentives``. Most commands are possible as things stand, and lie near
    caps, thresholds and the days on which a rule changes; a share of about *stray*, from 0 to
    1, is out of place. The law that ships is in force, or what *begins* says, made by
    `jamsos.testing.setting`: play a plan in a `jamsos.testing.World` that begins alike.

    >>> from hypothesis import find
    >>> from jamsos.commands.agents import Certify
    >>> certified = lambda plan: any(isinstance(each, Certify) for each in plan)
    >>> len(find(plans(about=["seats", "agents"], steps=9), certified))
    1

    A plan is made from one seed, and then any command may be left out: so that the plan that
    Hypothesis shows in the end is a short one. Raises `InputError` for an unknown group, or
    none; for no steps; and for a share that is none.
    """
    groups = (about,) if isinstance(about, str) else tuple(about)
    unknown = [group for group in groups if group not in GROUPS]
    if unknown or not groups:
        msg = f"a plan is about {unknown or 'nothing'}: choose from {', '.join(GROUPS)}"
        raise InputError(msg)
    _check_order(1, steps)
    chart = Map(begins or setting(), groups, stray)
    # While commands are left out, one after another, the plan that they are left out of stays.
    whole = lru_cache(maxsize=64)(partial(_walked, chart, steps))

    @st.composite
    def plan(draw: st.DrawFn) -> Plan:
        # One draw for all, of which a byte 0 leaves a command out: small ones would be copied.
        drawn = draw(st.binary(min_size=steps + _SEED, max_size=steps + _SEED))
        kept, seed = drawn[:steps], int.from_bytes(drawn[steps:])
        return tuple(asked for asked, keep in zip(whole(seed), kept, strict=False) if keep)

    return plan()


def histories(
    *,
    about: Collection[str] = GROUPS,
    steps: int = 30,
    stray: float = STRAY,
    begins: Setting | None = None,
) -> Drawn[History]:
    """
    Draw histories: `plans` of the same arguments, each played in a world of its own.

    A `jamsos.testing.History` has the *steps*, with what each was answered, and the *world* as
    it is after the last of them. Raises as `plans` does.

    >>> from hypothesis import find
    >>> agency = histories(about=["seats", "agents"], steps=3)
    >>> find(agency, lambda history: history.events).steps[-1].outcome
    'accepted'
    """
    begins = begins or setting()
    planned = plans(about=about, steps=steps, stray=stray, begins=begins)

    @st.composite
    def history(draw: st.DrawFn) -> History:
        world = World(begins)
        return History(world.play(draw(planned)), world)

    return history()


_SEED: Final = 8
"""So many bytes make a seed."""


def _walked(chart: Map, steps: int, seed: int) -> Plan:
    """Return the plan that a walk from *seed* makes."""
    world, plan = World(chart.begins), list[Asked]()
    walk = Walk(world, chart, Random(seed))
    for _ in range(steps):
        plan.append(walk.next())
        try:
            world.ask(plan[-1])
        except Exception:  # noqa: BLE001 - who plays the plan is to see it, not who makes it
            break
    return tuple(plan)


# -- How each type is made. ------------------------------------------------------------------


def _of_type(asked: Any) -> Drawn[Any]:  # noqa: ANN401 - a type, or a union of some
    """Return a strategy for what passes the validators of *asked*, and can be stored."""
    if asked in _BY_TYPE:
        return _BY_TYPE[asked]
    arguments = get_args(asked)
    if get_origin(asked) is tuple:
        return st.lists(_of_type(arguments[0]), max_size=3).map(tuple)
    if get_origin(asked) in {Union, UnionType}:  # what is simplest comes first: nothing
        return st.one_of(*map(_of_type, sorted(arguments, key=lambda a: a is not NoneType)))
    return _built(asked) if attrs.has(asked) else st.sampled_from(asked)


def _built(class_: type[A]) -> Drawn[A]:
    hints = get_type_hints(class_)
    fields: dict[str, Drawn[Any]] = {
        name: _BY_FIELD[name] if name in _BY_FIELD else _of_type(hints[name])
        for name in (field.name for field in attrs.fields(class_))  # type: ignore[arg-type]
    }
    if class_ is ParticipantContributionPaid:
        fields["months"] = month_runs()
    return st.builds(class_, **fields)


def _dated(values: Drawn[Value], firsts: Drawn[date]) -> Drawn[DatedValue]:
    """Draw dated values of one kind: that of *values*."""

    def dated(first: date, ahead: int | None, **said: Any) -> DatedValue:  # noqa: ANN401
        until = None if ahead is None else first + timedelta(days=ahead)
        return DatedValue(in_force=first, until=until, **said)

    return st.builds(
        dated,
        firsts,
        st.none() | st.integers(0, 2_000),
        value=values,
        citation=citations(),
        status=st.sampled_from(Status),
        published=st.none() | days(),
        note=_notes,
        conflicts=st.lists(_conflicts(values), max_size=2).map(tuple),
        verified_until=st.none() | days(),
    )


def _conflicts(values: Drawn[Value]) -> Drawn[Conflict]:
    return st.builds(Conflict, values, citations(), _notes)


def _check_order(one: Any, other: Any) -> None:  # noqa: ANN401 - two of a kind
    if other < one:
        msg = f"{one} to {other} are no bounds: the first must not come after the last"
        raise InputError(msg)


def _names_of(types: Collection[type]) -> list[str]:
    return [type_.__name__ for type_ in types]


# Words. What cannot be is not put together in the first place, so that nothing is filtered.

_PROGRAMMES: Final = ("jht", "jkk", "jkm", "jkp", "jp", "perisai")
_NAMES: Final = ("a", "b", "agent-cap", "in-grace", "rupiah", "transport", "x1-2-y", "years")
_wholes = st.integers(0, MOST)
_names = st.sampled_from(_NAMES)
_words = st.lists(_names, max_size=3).map(lambda words: tuple(dict.fromkeys(words)))
_some_programmes = st.integers(1, 2 ** len(_PROGRAMMES) - 1).map(
    lambda bits: tuple(p for place, p in enumerate(_PROGRAMMES) if bits >> place & 1)
)
_references = st.sampled_from(("1", "2", "CSR-1", "BDG-1", "a/b:c_d.e-f", "9" * 64))
_refs = st.builds(
    "{}/{}/{}".format,
    st.sampled_from(_PROGRAMMES),
    st.sampled_from((*_NAMES, "agent-cap@51", "agent-cap@banuspa")),
    st.integers(1, 99),
)
_urls = st.sampled_from(("https://example.org/1", "http://a", "https://example.org/?b=%20#c"))
_akn_names = st.sampled_from(
    ("/akn/id/act/2004/40", "/akn/id-jk/act/perda/2015-07-01/44", "/akn/id/doc/a/b.c/2015/1_x")
).map(AknName)
_letters = st.characters(categories=["L", "N"])
_sentences = st.tuples(_letters, st.text(max_size=8)).map("".join)
_notes = st.none() | _sentences


def _month_set(drawn: tuple[list[Months], Month | None]) -> Months:
    runs, endless_from = drawn
    endless = () if endless_from is None else ((endless_from.index, FOREVER),)
    return Months((*(run for each in runs for run in each.runs), *endless))


def _tables(keys: Drawn[Any], cells: Drawn[Any]) -> Drawn[Table]:
    """Draw tables of one kind of cells: with lower bounds in order, and each key once."""
    rows = st.lists(st.tuples(keys, cells), min_size=1, max_size=4)
    return rows.map(lambda pairs: Table.of(dict(sorted(pairs, key=lambda row: row[0]))))


_VALUES: Final[Mapping[Kind, Drawn[Any]]] = MappingProxyType(
    {
        Kind.WHOLE: _wholes,
        Kind.NAMES: _words,
        Kind.TABLE: _tables(_names, _wholes) | _tables(_names, _words),
        Kind.BRACKETS: _tables(_wholes, _wholes) | _tables(_wholes, _words),
    }
)
_BY_FIELD: Final[Mapping[str, Drawn[Any]]] = MappingProxyType(
    {
        "programmes": _some_programmes,
        **dict.fromkeys(("reference", "corrects"), _references),
        **dict.fromkeys(("sponsor", "branch"), st.none() | _references),
        "trigger": _sentences,
    }
)
"""What its type alone does not say of a field."""
_reasons: Final = st.builds(Reason, policy=_names, explanation=_sentences, citation=citations())
_BY_TYPE: Final[Mapping[Any, Drawn[Any]]] = MappingProxyType(
    {
        NoneType: st.none(),
        int: _wholes,
        str: _names,
        date: days(),
        Month: months(),
        Months: st.tuples(st.lists(month_runs(), max_size=3), st.none() | months()).map(_month_set),
        AgentId: agents(),
        ParticipantId: participants(),
        ProgrammeName: st.sampled_from(_PROGRAMMES),
        ProvinceCode: provinces(),
        Region: st.sampled_from(REGIONS),
        RuleRef: _refs,
        Rupiah: rupiah(),
        Word: _names,
        tuple[Word, ...]: _words,
        Url: _urls,
        AknName: _akn_names,
        Sha256: _sentences.map(lambda text: Sha256(sha256(text.encode()).hexdigest())),
        Citation: citations(),
        Reason: _reasons,
        Accepted: st.lists(st.deferred(events), max_size=2).map(lambda each: Accepted(*each)),
        Refused: st.lists(_reasons, min_size=1, max_size=2).map(lambda each: Refused(*each)),
        Table: _VALUES[Kind.TABLE] | _VALUES[Kind.BRACKETS],
        DatedValue: dated_values(),
        Conflict: st.one_of(*map(_conflicts, _VALUES.values())),
    }
)
"""How each type is made, but for those that are made of their fields."""
