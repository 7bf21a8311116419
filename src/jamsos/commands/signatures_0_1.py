"""The arguments of each verb of version 0.1: frozen, whatever fields commands have since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

_TAKEN: Final = {
    "agent.recruit.v1": 'agent programme province on region="national"',
    "agent.begin-training.v1": "agent on",
    "agent.certify.v1": "agent on",
    "agent.assign.v1": "agent on",
    "agent.deactivate.v1": 'agent on reason="idle"',
    "agent.reactivate.v1": 'agent on region="national"',
    "agent.resign.v1": "agent on",
    "agent.terminate.v1": "agent cause on",
    "agent.award-incentive.v1": "agent month on",
    "participant.register.v1": 'participant province on segment="bpu" agent=null sponsor=null',
    "participant.pay.v1": (
        'participant reference months income amount on programmes=["jkk","jkm"] segment="bpu"'
        ' payer="self" sector="other" budget="own"'
    ),
    "participant.correct.v1": 'participant corrects on reason="mistake"',
    "participant.move.v1": "participant province on",
    "participant.transfer.v1": 'participant on agent=null branch=null segment="bpu"',
    "participant.leave.v1": "participant reason on segment=null",
    "participant.come-back.v1": 'participant province on segment="bpu" agent=null',
    "programme.adopt.v1": "programme on evaluation=null rules=null",
    "programme.enact.v1": 'programme rule unit values on scope="national"',
    "programme.amend.v1": 'programme rule value on evaluation=null scope="national"',
    "programme.end-rule.v1": 'programme rule last_day citation on scope="national"',
    "programme.open-evaluation.v1": "programme evaluation trigger on",
    "programme.conclude-evaluation.v1": "programme evaluation outcome month after_months on",
    "quota.allot.v1": 'programme seats on region="national"',
    "quota.share-out.v1": "programme seats weights on",
    "quota.move-seats.v1": "programme seats source to on",
    "quota.fit-to-cap.v1": "programme on",
    "programme.evaluate-agents.v1": "programme on",
    "programme.award-incentives.v1": "programme month on",
}
"""By the published name of today: the arguments in their order, with the JSON of each default."""


@attrs.frozen
class Taken:
    """The name of a verb of version 0.1, its arguments in order, and the defaults of some."""

    verb: str
    arguments: tuple[str, ...]
    usual: Mapping[str, Any]


def _taken(name: str, arguments: str) -> Taken:
    named = [argument.partition("=") for argument in arguments.split()]
    return Taken(
        verb=name.split(".")[1].replace("-", "_"),
        arguments=tuple(argument for argument, _, _ in named),
        usual={argument: json.loads(default) for argument, has, default in named if has},
    )


TAKEN: Final[Mapping[str, Taken]] = MappingProxyType(
    {name: _taken(name, arguments) for name, arguments in _TAKEN.items()}
)
"""The verb that asked for each command, by the published name of the command."""

BATCHES: Final = ("recruit", "register", "pay")
"""The verbs that could be asked for many times at once."""

HELD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Citation": ("instrument", "article", "source", "url"),
        "Conflict": ("value", "citation", "note"),
        "DatedValue": (
            *("value", "in_force", "until", "citation", "status"),
            *("published", "note", "conflicts", "verified_until"),
        ),
        "Row": ("key", "value"),
        "Table": ("rows",),
    }
)
"""The fields that values in arguments had, by the type of the value."""
