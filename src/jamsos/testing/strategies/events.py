"""Strategies for events, and for whatever has a type that an event holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from hashlib import sha256
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import attrs

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AknName, Citation, Sha256, Url
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import REGIONS, ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import (
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
)
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Kind, Table, Word
from jamsos.errors import InputError
from jamsos.store.catalogue import EVENTS

from .drawn import A, Drawn, st
from .rules import VALUES, conflicts, dated_values
from .values import (
    agents,
    citations,
    days,
    month_runs,
    month_set,
    months,
    participants,
    provinces,
    rupiah,
)
from .words import (
    PROGRAMMES,
    akn_names,
    names,
    references,
    refs,
    sentences,
    some_programmes,
    urls,
    wholes,
    words,
)


def events(*types: type[A]) -> Drawn[A]:
    """
    Draw events of *types*, or of every type there is; each can be stored and read back.

    >>> from hypothesis import find
    >>> from jamsos.domain.agent import AgentReactivated
    >>> find(events(AgentReactivated), lambda event: event.region != "national")
    AgentReactivated(region='11', rules=(), on=datetime.date(2015, 7, 1))

    Each field is one that such an event may hold, whether or not commands can lead to it:
    draw `histories` where that matters. Raises `InputError` for a type that is no event's.
    """
    known = tuple(EVENTS.values())
    for type_ in types:
        if type_ not in known:
            msg = f"{type_!r} is no type of events: choose from {', '.join(_names_of(known))}"
            raise InputError(msg)
    return st.one_of(*map(of_type, types or known))


def of_type(asked: Any) -> Drawn[Any]:  # noqa: ANN401 - a type, or a union of some
    """Return a strategy for what passes the validators of *asked*, and can be stored."""
    if asked in _BY_TYPE:
        return _BY_TYPE[asked]
    arguments = get_args(asked)
    if get_origin(asked) is tuple:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    if get_origin(asked) in {Union, UnionType}:  # what is simplest comes first: nothing
        return st.one_of(*map(of_type, sorted(arguments, key=lambda a: a is not NoneType)))
    return _built(asked) if attrs.has(asked) else st.sampled_from(asked)


def _built(class_: type[A]) -> Drawn[A]:
    hints = get_type_hints(class_)
    fields: dict[str, Drawn[Any]] = {
        name: _BY_FIELD[name] if name in _BY_FIELD else of_type(hints[name])
        for name in (field.name for field in attrs.fields(class_))  # type: ignore[arg-type]
    }
    if class_ in _OF_ONE_RUN:
        fields["months"] = month_runs()
    return st.builds(class_, **fields)


def _names_of(types: Collection[type]) -> list[str]:
    return [type_.__name__ for type_ in types]


_OF_ONE_RUN: Final = (
    ParticipantContributionPaid,
    ParticipantDifferencePaid,
    ParticipantContributionRefunded,
)
"""Events that are about one unbroken run of months."""
_BY_FIELD: Final[Mapping[str, Drawn[Any]]] = MappingProxyType(
    {
        "programmes": some_programmes,
        **dict.fromkeys(("reference", "corrects", "of", "refunds"), references),
        **dict.fromkeys(("sponsor", "branch"), st.none() | references),
        "trigger": sentences,
    }
)
"""Fields of which the type alone does not say enough."""

_reasons: Final = st.builds(Reason, policy=names, explanation=sentences, citation=citations())
_BY_TYPE: Final[Mapping[Any, Drawn[Any]]] = MappingProxyType(
    {
        NoneType: st.none(),
        int: wholes,
        str: names,
        date: days(),
        Month: months(),
        Months: st.tuples(st.lists(month_runs(), max_size=3), st.none() | months()).map(month_set),
        AgentId: agents(),
        ParticipantId: participants(),
        ProgrammeName: st.sampled_from(PROGRAMMES),
        ProvinceCode: provinces(),
        Region: st.sampled_from(REGIONS),
        RuleRef: refs,
        Rupiah: rupiah(),
        Word: names,
        tuple[Word, ...]: words,
        Url: urls,
        AknName: akn_names,
        Sha256: sentences.map(lambda text: Sha256(sha256(text.encode()).hexdigest())),
        Citation: citations(),
        Reason: _reasons,
        Accepted: st.lists(st.deferred(events), max_size=2).map(lambda each: Accepted(*each)),
        Refused: st.lists(_reasons, min_size=1, max_size=2).map(lambda each: Refused(*each)),
        Table: VALUES[Kind.TABLE] | VALUES[Kind.BRACKETS],
        DatedValue: dated_values(),
        Conflict: st.one_of(*map(conflicts, VALUES.values())),
    }
)
"""How each type is made, but for those that are made of their fields."""
