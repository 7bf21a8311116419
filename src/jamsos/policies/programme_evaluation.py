"""The cap may be raised only after an evaluation of the programme."""

from __future__ import annotations

from typing import Final

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Reason
from jamsos.domain.programme import Amendment, Outcome

from . import agent_cap

POLICY: Final = "programme-evaluation"
CITATION: Final = Citation(
    "Statement of the president director, Bisnis.com and Kompas, 5-6 February 2018",
    "agents are capped so that the programme is evaluated first",
    source="S00, S25",
)


def raised_only_after_evaluation(case: Amendment) -> Reason | None:
    """
    Refuse a higher ``agent-cap`` unless an evaluation concluded by the day says to raise it.

    *Higher* is measured against the value in force on the first day of the new one, or else
    the last one before it, or else the highest ever enacted. A lower cap, or another rule,
    needs no evaluation.
    """
    if case.rule != agent_cap.RULE:
        return None
    versions = case.programme.rules.get((case.rule, case.scope), ())
    last = case.programme.last_before(case.rule, case.value.in_force, scope=case.scope)
    known = max((v.value for v in versions), default=0) if last is None else last.value
    if case.value.whole <= known:
        return None
    raised = f"The cap may be raised from {known:,} to {case.value.whole:,} only after an"
    if case.evaluation is None:
        return Reason(POLICY, f"{raised} evaluation: name one that is concluded.", CITATION)
    evaluation = case.programme.evaluations.get(case.evaluation)
    if evaluation is None or evaluation.concluded_on is None or evaluation.concluded_on > case.on:
        return Reason(
            POLICY,
            f"{raised} evaluation: '{case.evaluation}' is not concluded on {case.on}.",
            CITATION,
        )
    if evaluation.outcome is not Outcome.RAISE:
        return Reason(
            POLICY,
            f"{raised} evaluation that says so: '{case.evaluation}' says {evaluation.outcome}.",
            CITATION,
        )
    return None
