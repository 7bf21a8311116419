"""Indonesia's employment social security as event-sourced aggregates."""

import typing

from jamsos.desk import Desk, ExtraPolicies, GroupCommit
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

if typing.TYPE_CHECKING:
    __version__: str
else:  # a type checker would take it for any name

    def __getattr__(name: str) -> str:
        """Return the version of the package that is installed, read only if it is asked for."""
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415

            return version("jamsos")
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
