"""Indonesia's employment social security as event-sourced aggregates."""

from jamsos.desk import Desk, ExtraPolicies
from jamsos.domain.active import Definition
from jamsos.domain.agent import DeactivationReason, TerminationCause
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import Citation, Status
from jamsos.domain.coverage import Segment, Standing
from jamsos.domain.decision import Accepted, Decision, Reason, Refused
from jamsos.domain.history import Recorded
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.domain.programme import Outcome
from jamsos.domain.rule import DatedValue
from jamsos.domain.tally import Tally
from jamsos.domain.value import Table
from jamsos.formulas.active import DEFINITIONS, EVER_PAID, IN_GRACE, PAID_UP, REGISTERED
from jamsos.engine.group import GroupCommit
from jamsos.registry import Registry, new_agent_id, new_participant_id
from jamsos.registry import open_registry as open  # noqa: A004 - `jamsos.open(path)` reads so

__all__ = [
    "DEFINITIONS",
    "EVER_PAID",
    "IN_GRACE",
    "PAID_UP",
    "REGISTERED",
    "Accepted",
    "Citation",
    "DatedValue",
    "DeactivationReason",
    "Decision",
    "Definition",
    "Desk",
    "ExtraPolicies",
    "GroupCommit",
    "LeavingReason",
    "Month",
    "Months",
    "Outcome",
    "Payer",
    "Reason",
    "Recorded",
    "Refused",
    "Registry",
    "Segment",
    "Standing",
    "Status",
    "Table",
    "Tally",
    "TerminationCause",
    "new_agent_id",
    "new_participant_id",
    "open",
]
