"""The cap may be raised only after an evaluation of the programme."""

from __future__ import annotations

from typing import Final

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.programme import Amendment

from . import agent_cap

POLICY: Final = "programme-evaluation"
CITATION: Final = Citation(
    "Statement of the president director, Bisnis.com and Kompas, 5-6 February 2018",
    "agents are capped so that the programme is evaluated first",
    source="S00, S25",
)


def raised_only_after_evaluation(case: Amendment) -> Reason | None:
    """
    Refuse a higher ``agent-cap`` that names no evaluation concluded by the day.

    *Higher* is measured against the value in force on the first day of the new one, or
    the last one before it. A lower cap, or another rule, needs no evaluation.
    """
    if case.rule != agent_cap.RULE:
        return None
    last = case.programme.last_before(case.rule, case.value.in_force, scope=case.scope)
    if last is None or case.value.value <= last.value:
        return None
    raised = f"The cap may be raised from {last.value:,} to {case.value.value:,} only after an"
    if case.evaluation is None:
        return Reason(POLICY, f"{raised} evaluation: name one that is concluded.", CITATION)
    concluded = case.programme.evaluations.get(case.evaluation)
    if concluded is None or concluded > case.on:
        return Reason(
            POLICY,
            f"{raised} evaluation: '{case.evaluation}' is not concluded on {case.on}.",
            CITATION,
        )
    return None
