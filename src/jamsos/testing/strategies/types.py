"""Every type that Hypothesis is told how to make: events, what they hold, answers."""

from __future__ import annotations

from typing import Any, Final

from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AknName, Citation, Sha256, Url
from jamsos.domain.coverage import Change, Paid, Spell, Standing
from jamsos.domain.decision import Accepted, Reason, Refused
from jamsos.domain.geography import ProvinceCode, Region
from jamsos.domain.identity import AgentId, ParticipantId, ProgrammeName, RuleRef
from jamsos.domain.incentive import Acquired, Received, Rewarded
from jamsos.domain.money import Rupiah
from jamsos.domain.participant import Check
from jamsos.domain.programme import Measures
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Row, Table, Word
from jamsos.store.catalogue import EVENTS

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
