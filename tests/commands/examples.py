"""An example of each command and expansion: with every field spelled, and with as few as may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jamsos.commands import (
    agents,
    contributions,
    facts,
    incentives,
    participants,
    programmes,
    seats,
)
from jamsos.domain.agent import DeactivationReason, TerminationCause
from jamsos.domain.calendar import Month, Months
from jamsos.domain.citation import AknName, Citation, Sha256, Status, Url
from jamsos.domain.coverage import Segment
from jamsos.domain.geography import Region
from jamsos.domain.identity import ProgrammeName
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.domain.programme import Outcome
from jamsos.domain.rule import Conflict, DatedValue
from jamsos.domain.value import Table, Word
from jamsos.rulebook import RuleFile

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "commands-v1.jsonl"

AGENT: Final = "agent-00000000-0000-7000-8000-000000000001"
PARTICIPANT: Final = "participant-00000000-0000-7000-8000-000000000001"
DAY: Final = date(2018, 1, 9)
PASSAGE: Final = "Paling banyak 1.200 agen – di seluruh Indonesia."

BARE: Final = Citation("Example 1/2018")
CITED: Final = Citation(
    "Example 1/2018",
    "article 1",
    "S1",
    Url("https://example.org/1"),
    PASSAGE,
    Sha256(sha256(PASSAGE.encode()).hexdigest()),
    date(2026, 1, 5),
    AknName("/akn/id/act/pp/2015/44"),
)


def dated(value: Any, **more: Any) -> DatedValue:
    return DatedValue(value=value, in_force=DAY, citation=BARE, status=Status.ASSUMED, **more)


def told(value: Any, other: Any) -> DatedValue:
    """Return *value* with everything that can be said of it."""
    return DatedValue(
        value=value,
        in_force=DAY,
        until=date(2018, 12, 31),
        citation=CITED,
        status=Status.ENACTED,
        published=date(2017, 12, 29),
        note="“Read” twice.",
        conflicts=(Conflict(other, CITED, "Another."), Conflict(other, BARE)),
        verified_until=date(2018, 6, 30),
    )


RULES: Final = (
    RuleFile(
        programme=ProgrammeName("house"),
        rule="rates",
        means="The rate by class.",
        unit="per-100000",
        scope=Region("51"),
        values=(told(Table.of({"low": 540, "high": 1_270}), Table.of({"low": 1})),),
    ),
    RuleFile(
        programme=ProgrammeName("house"),
        rule="agents-most",
        means="The most agents.",
        unit="agents",
        scope=Region("national"),
        values=(dated(7),),
    ),
)
KINDS: Final = (
    told(2**63 - 1, 0),
    dated((Word("jht"), Word("jkk"))),
    dated(()),
    dated(Table.of({"employer": ("jht", "jkk"), "pupil": ()})),
    dated(Table.of({0: 1_000_000, 1_100_000: 1_200_000})),
)
"""A value of each kind."""


def examples() -> Iterator[Any]:
    """
    Yield the examples, in the order of the catalogue.

    The one with every field comes first; one with a field that came later comes last.
    """
    yield agents.Recruit(AGENT, "perisai", province="51", on=DAY, region="51")
    yield agents.Recruit(AGENT, "perisai", province="51", on=DAY)
    yield agents.Recruit(AGENT, "perisai", province="51", on=DAY, region="51", instead_of=1)
    yield agents.BeginTraining(AGENT, on=DAY)
    yield agents.BeginTraining(AGENT, on=DAY, instead_of=2)
    yield agents.Certify(AGENT, on=DAY)
    yield agents.Certify(AGENT, on=DAY, instead_of=2)
    yield agents.Assign(AGENT, on=DAY)
    yield agents.Assign(AGENT, on=DAY, instead_of=2)
    yield agents.Deactivate(AGENT, on=DAY, reason=DeactivationReason.OFFICE)
    yield agents.Deactivate(AGENT, on=DAY)
    yield agents.Deactivate(AGENT, on=DAY, reason=DeactivationReason.OFFICE, instead_of=5)
    yield agents.Reactivate(AGENT, on=DAY, region="51")
    yield agents.Reactivate(AGENT, on=DAY)
    yield agents.Reactivate(AGENT, on=DAY, region="51", instead_of=6)
    yield agents.Reseat(AGENT, region="51", on=DAY)
    yield agents.Reseat(AGENT, region="51", on=DAY, instead_of=5)
    yield agents.Resign(AGENT, on=DAY)
    yield agents.Resign(AGENT, on=DAY, instead_of=2)
    yield agents.Terminate(AGENT, cause=TerminationCause.FRAUD, on=DAY)
    yield agents.Terminate(AGENT, cause=TerminationCause.FRAUD, on=DAY, instead_of=7)
    yield incentives.AwardIncentive(AGENT, Month(2018, 1), on=DAY)
    yield from _of_participants()
    yield from _of_programmes()
    yield seats.Allot("perisai", 40, on=DAY, region="51")
    yield seats.Allot("perisai", 0, on=DAY)
    yield seats.ShareOut("perisai", 100, {"jatim": 3, "jabar": 2}, on=DAY)
    yield seats.MoveSeats("perisai", 5, source="jatim", to="national", on=DAY)
    yield seats.FitToCap("perisai", on=DAY)
    yield agents.EvaluateAgents("perisai", on=DAY)
    yield incentives.AwardIncentives("perisai", Month(2018, 1), on=DAY)


def _of_participants() -> Iterator[Any]:
    migrant = Segment.MIGRANT
    yield participants.Register(
        PARTICIPANT, province="51", on=DAY, segment=migrant, agent=AGENT, sponsor="BUMDES:17/2018"
    )
    yield participants.Register(PARTICIPANT, province="51", on=DAY)
    yield participants.Register(
        PARTICIPANT,
        province="51",
        on=DAY,
        segment=migrant,
        agent=AGENT,
        sponsor="BUMDES:17/2018",
        instead_of=1,
    )
    payment: dict[str, Any] = {
        "reference": "F-1",
        "months": Months.parse("2018-01/2018-03"),
        "income": 1_000_000,
        "amount": 9_007_199_254_740_993,  # no float holds it
        "on": DAY,
    }
    yield contributions.Pay(
        PARTICIPANT,
        **payment,
        programmes=("jkm", "jht", "jkk"),
        segment=migrant,
        payer=Payer.AGENT,
        sector="transport",
        budget="regional",
    )
    yield contributions.Pay(PARTICIPANT, **payment)
    more: dict[str, Any] = {"reference": "F-2", "of": "F-1", "income": 2_000_000, "amount": 12_000}
    yield contributions.PayDifference(PARTICIPANT, **more, on=DAY, payer=Payer.EMPLOYER)
    yield contributions.PayDifference(PARTICIPANT, **more, on=DAY)
    yield contributions.Refund(
        PARTICIPANT,
        refunds="F-1",
        claim="jht-claim",
        claimed=Month(2018, 1),
        amount=33_600,
        on=DAY,
    )
    yield contributions.Correct(PARTICIPANT, corrects="F-1", on=DAY, reason="paid-twice")
    yield contributions.Correct(PARTICIPANT, corrects="F-1", on=DAY)
    yield participants.Move(PARTICIPANT, province="52", on=DAY)
    yield participants.Move(PARTICIPANT, province="52", on=DAY, instead_of=2)
    care: dict[str, Any] = {"on": DAY, "agent": AGENT, "branch": "N03", "segment": migrant}
    yield participants.Transfer(PARTICIPANT, **care)
    yield participants.Transfer(PARTICIPANT, on=DAY)
    yield participants.Transfer(PARTICIPANT, **care, instead_of=2)
    death: dict[str, Any] = {"reason": LeavingReason.DEATH, "on": DAY, "segment": migrant}
    yield participants.Leave(PARTICIPANT, **death)
    yield participants.Leave(PARTICIPANT, reason=LeavingReason.LEFT_WORK, on=DAY)
    yield participants.Leave(PARTICIPANT, **death, instead_of=2)
    entry: dict[str, Any] = {"province": "51", "on": DAY, "segment": migrant, "agent": AGENT}
    yield participants.ComeBack(PARTICIPANT, **entry)
    yield participants.ComeBack(PARTICIPANT, province="51", on=DAY)
    yield participants.ComeBack(PARTICIPANT, **entry, instead_of=3)
    yield facts.Void(PARTICIPANT, version=2, on=DAY, reason="wrong-person")
    yield facts.Void(PARTICIPANT, version=2, on=DAY)


def _of_programmes() -> Iterator[Any]:
    yield programmes.Adopt("house", on=DAY, evaluation="first-year", rules=RULES)
    yield programmes.Adopt("perisai", on=DAY)
    yield programmes.Enact("perisai", "rates", unit="agents", values=KINDS, on=DAY, scope="51")
    yield programmes.Enact("perisai", "most", unit="agents", values=(), on=DAY)
    yield programmes.Amend("perisai", "most", told(9, 7), on=DAY, evaluation="first", scope="51")
    yield programmes.Amend("perisai", "most", dated(9), on=DAY)
    last = date(2018, 12, 31)
    yield programmes.EndRule("perisai", "most", last_day=last, citation=CITED, on=DAY, scope="51")
    yield programmes.EndRule("perisai", "most", last_day=last, citation=BARE, on=DAY)
    yield programmes.OpenEvaluation("perisai", "first-year", trigger="The cap – ends.", on=DAY)
    yield programmes.ConcludeEvaluation(
        "perisai",
        "first-year",
        outcome=Outcome.RAISE,
        month=Month(2018, 11),
        after_months=3,
        on=DAY,
    )


EXAMPLES: Final = tuple(examples())
