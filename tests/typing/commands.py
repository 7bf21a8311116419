"""The type of the answer to every command, asked as a value, alone or with others. Never run."""

from collections.abc import Iterable
from datetime import date
from typing import assert_type

import jamsos
from jamsos import Decision
from jamsos.commands.agents import (
    Assign,
    BeginTraining,
    Certify,
    Deactivate,
    Reactivate,
    Recruit,
    Reseat,
    Resign,
    Terminate,
)
from jamsos.commands.command import Command
from jamsos.commands.contributions import Correct, Pay, PayDifference, Refund
from jamsos.commands.incentives import AwardIncentive
from jamsos.commands.participants import ComeBack, Leave, Move, Register, Transfer
from jamsos.commands.programmes import (
    Adopt,
    Amend,
    ConcludeEvaluation,
    Enact,
    EndRule,
    OpenEvaluation,
)
from jamsos.commands.seats import Allot, FitToCap, MoveSeats, ShareOut
from jamsos.desk import Desk, Verbs
from jamsos.domain.agent import (
    AgentAssigned,
    AgentCertified,
    AgentDeactivated,
    AgentFactVoided,
    AgentIncentiveAwarded,
    AgentIncentiveClawedBack,
    AgentReactivated,
    AgentRecruited,
    AgentReseated,
    AgentResigned,
    AgentTerminated,
    AgentTrainingBegun,
    TerminationCause,
)
from jamsos.domain.aggregate import Event
from jamsos.domain.identity import AgentId
from jamsos.domain.participant import (
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
)
from jamsos.domain.programme import (
    Outcome,
    ProgrammeEstablished,
    ProgrammeEvaluationConcluded,
    ProgrammeEvaluationOpened,
    ProgrammeRuleAmended,
    ProgrammeRuleEnacted,
    ProgrammeRuleEnded,
)
from jamsos.domain.quota import QuotaAllotted, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack

DAY = date(2018, 1, 9)
MONTH = jamsos.Month(2018, 1)
MONTHS = jamsos.Months.between(MONTH, MONTH)
CITED = jamsos.Citation("Example 1/2018")
VALUE = jamsos.DatedValue(value=7, in_force=DAY, citation=CITED, status=jamsos.Status.ASSUMED)


def as_a_value(desk: Verbs, agent: str, participant: str) -> None:
    assert_type(
        desk.ask(Recruit(agent, "perisai", province="51", on=DAY)),
        Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(BeginTraining(agent, on=DAY)),
        Decision[AgentTrainingBegun | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Certify(agent, on=DAY)),
        Decision[AgentCertified | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Assign(agent, on=DAY)),
        Decision[AgentAssigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Deactivate(agent, on=DAY)),
        Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Reactivate(agent, on=DAY)),
        Decision[AgentReactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Reseat(agent, region="51", on=DAY)),
        Decision[AgentReseated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Resign(agent, on=DAY)),
        Decision[AgentResigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(Terminate(agent, cause=TerminationCause.FRAUD, on=DAY)),
        Decision[AgentTerminated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.ask(AwardIncentive(agent, MONTH, on=DAY)),
        Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack],
    )
    assert_type(
        desk.ask(Register(participant, province="51", on=DAY)),
        Decision[ParticipantRegistered | ParticipantFactVoided],
    )
    assert_type(
        desk.ask(Pay(participant, reference="F-1", months=MONTHS, income=1, amount=1, on=DAY)),
        Decision[ParticipantContributionPaid],
    )
    assert_type(
        desk.ask(PayDifference(participant, reference="F-2", of="F-1", income=1, amount=1, on=DAY)),
        Decision[ParticipantDifferencePaid],
    )
    assert_type(
        desk.ask(
            Refund(participant, refunds="F-1", claim="jht-claim", claimed=MONTH, amount=1, on=DAY)
        ),
        Decision[ParticipantContributionRefunded],
    )
    assert_type(
        desk.ask(Correct(participant, corrects="F-1", on=DAY)),
        Decision[ParticipantContributionCorrected],
    )
    assert_type(
        desk.ask(Move(participant, province="51", on=DAY)),
        Decision[ParticipantMoved | ParticipantFactVoided],
    )
    assert_type(
        desk.ask(Transfer(participant, on=DAY)),
        Decision[ParticipantTransferred | ParticipantFactVoided],
    )
    assert_type(
        desk.ask(Leave(participant, reason=LeavingReason.OTHER, on=DAY)),
        Decision[ParticipantLeft | ParticipantFactVoided],
    )
    assert_type(
        desk.ask(ComeBack(participant, province="51", on=DAY)),
        Decision[ParticipantCameBack | ParticipantFactVoided],
    )
    assert_type(
        desk.ask(Adopt("perisai", on=DAY)),
        Decision[ProgrammeEstablished | ProgrammeRuleEnacted | ProgrammeRuleAmended],
    )
    assert_type(
        desk.ask(Enact("perisai", "most", unit="agents", values=[VALUE], on=DAY)),
        Decision[ProgrammeEstablished | ProgrammeRuleEnacted],
    )
    assert_type(desk.ask(Amend("perisai", "most", VALUE, on=DAY)), Decision[ProgrammeRuleAmended])
    assert_type(
        desk.ask(EndRule("perisai", "most", last_day=DAY, citation=CITED, on=DAY)),
        Decision[ProgrammeRuleEnded],
    )
    assert_type(
        desk.ask(OpenEvaluation("perisai", "first", trigger="It ends.", on=DAY)),
        Decision[ProgrammeEvaluationOpened],
    )
    assert_type(
        desk.ask(
            ConcludeEvaluation(
                "perisai", "first", outcome=Outcome.RAISE, month=MONTH, after_months=3, on=DAY
            )
        ),
        Decision[ProgrammeEvaluationConcluded],
    )
    assert_type(desk.ask(Allot("perisai", 9, on=DAY)), Decision[QuotaAllotted | QuotaTakenBack])
    assert_type(
        desk.ask(ShareOut("perisai", 9, {"jatim": 3}, on=DAY)),
        Decision[QuotaAllotted | QuotaTakenBack],
    )
    assert_type(
        desk.ask(MoveSeats("perisai", 9, source="jatim", to="jabar", on=DAY)),
        Decision[QuotaAllotted | QuotaTakenBack],
    )
    assert_type(desk.ask(FitToCap("perisai", on=DAY)), Decision[QuotaAllotted | QuotaTakenBack])


def many_together(desk: Verbs, agent: str, participant: str) -> None:
    assert_type(
        desk.ask_all([Recruit(agent, "perisai", province="51", on=DAY)]),
        list[Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([BeginTraining(agent, on=DAY)]),
        list[Decision[AgentTrainingBegun | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Certify(agent, on=DAY)]),
        list[Decision[AgentCertified | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Assign(agent, on=DAY)]),
        list[Decision[AgentAssigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Deactivate(agent, on=DAY)]),
        list[Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Reactivate(agent, on=DAY)]),
        list[Decision[AgentReactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Reseat(agent, region="51", on=DAY)]),
        list[Decision[AgentReseated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Resign(agent, on=DAY)]),
        list[Decision[AgentResigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([Terminate(agent, cause=TerminationCause.FRAUD, on=DAY)]),
        list[Decision[AgentTerminated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.ask_all([AwardIncentive(agent, MONTH, on=DAY)]),
        list[Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack]],
    )
    assert_type(
        desk.ask_all([Register(participant, province="51", on=DAY)]),
        list[Decision[ParticipantRegistered | ParticipantFactVoided]],
    )
    assert_type(
        desk.ask_all(
            [Pay(participant, reference="F-1", months=MONTHS, income=1, amount=1, on=DAY)]
        ),
        list[Decision[ParticipantContributionPaid]],
    )
    assert_type(
        desk.ask_all(
            [PayDifference(participant, reference="F-2", of="F-1", income=1, amount=1, on=DAY)]
        ),
        list[Decision[ParticipantDifferencePaid]],
    )
    assert_type(
        desk.ask_all(
            [Refund(participant, refunds="F-1", claim="jht-claim", claimed=MONTH, amount=1, on=DAY)]
        ),
        list[Decision[ParticipantContributionRefunded]],
    )
    assert_type(
        desk.ask_all([Correct(participant, corrects="F-1", on=DAY)]),
        list[Decision[ParticipantContributionCorrected]],
    )
    assert_type(
        desk.ask_all([Move(participant, province="51", on=DAY)]),
        list[Decision[ParticipantMoved | ParticipantFactVoided]],
    )
    assert_type(
        desk.ask_all([Transfer(participant, on=DAY)]),
        list[Decision[ParticipantTransferred | ParticipantFactVoided]],
    )
    assert_type(
        desk.ask_all([Leave(participant, reason=LeavingReason.OTHER, on=DAY)]),
        list[Decision[ParticipantLeft | ParticipantFactVoided]],
    )
    assert_type(
        desk.ask_all([ComeBack(participant, province="51", on=DAY)]),
        list[Decision[ParticipantCameBack | ParticipantFactVoided]],
    )
    assert_type(
        desk.ask_all([Adopt("perisai", on=DAY)]),
        list[Decision[ProgrammeEstablished | ProgrammeRuleEnacted | ProgrammeRuleAmended]],
    )
    assert_type(
        desk.ask_all([Enact("perisai", "most", unit="agents", values=[VALUE], on=DAY)]),
        list[Decision[ProgrammeEstablished | ProgrammeRuleEnacted]],
    )
    assert_type(
        desk.ask_all([Amend("perisai", "most", VALUE, on=DAY)]),
        list[Decision[ProgrammeRuleAmended]],
    )
    assert_type(
        desk.ask_all([EndRule("perisai", "most", last_day=DAY, citation=CITED, on=DAY)]),
        list[Decision[ProgrammeRuleEnded]],
    )
    assert_type(
        desk.ask_all([OpenEvaluation("perisai", "first", trigger="It ends.", on=DAY)]),
        list[Decision[ProgrammeEvaluationOpened]],
    )
    assert_type(
        desk.ask_all(
            [
                ConcludeEvaluation(
                    "perisai", "first", outcome=Outcome.RAISE, month=MONTH, after_months=3, on=DAY
                )
            ]
        ),
        list[Decision[ProgrammeEvaluationConcluded]],
    )
    assert_type(
        desk.ask_all([Allot("perisai", 9, on=DAY)]), list[Decision[QuotaAllotted | QuotaTakenBack]]
    )
    assert_type(
        desk.ask_all([ShareOut("perisai", 9, {"jatim": 3}, on=DAY)]),
        list[Decision[QuotaAllotted | QuotaTakenBack]],
    )
    assert_type(
        desk.ask_all([MoveSeats("perisai", 9, source="jatim", to="jabar", on=DAY)]),
        list[Decision[QuotaAllotted | QuotaTakenBack]],
    )
    assert_type(
        desk.ask_all([FitToCap("perisai", on=DAY)]), list[Decision[QuotaAllotted | QuotaTakenBack]]
    )


def many_of_one_type(desk: Verbs, agent: str, participant: str) -> None:
    recruit = Recruit(agent, "perisai", province="51", on=DAY)
    row = {"agent": agent, "programme": "perisai", "province": "51", "on": DAY}
    assert_type(
        desk.recruit_many([recruit]),
        list[Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    assert_type(
        desk.recruit_many([row]),
        list[Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased]],
    )
    register = Register(participant, province="51", on=DAY)
    assert_type(
        desk.register_many([register]),
        list[Decision[ParticipantRegistered | ParticipantFactVoided]],
    )
    pay = Pay(participant, reference="1", months=MONTHS, income=1, amount=1, on=DAY)
    assert_type(desk.pay_many([pay]), list[Decision[ParticipantContributionPaid]])


def many_of_several_types(desk: Verbs, agent: str, letter: Iterable[Command[Event]]) -> None:
    answers: list[Decision[Event]] = desk.ask_all([Assign(agent, on=DAY), Resign(agent, on=DAY)])
    assert_type(desk.ask_all(letter), list[Decision[Event]])
    del answers


def what_stands_for_many(desk: Desk) -> None:
    evaluated = desk.evaluate_agents("perisai", on=DAY)
    assert_type(
        evaluated,
        dict[
            AgentId,
            Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
        ],
    )
    awarded = desk.award_incentives("perisai", MONTH, on=DAY)
    assert_type(awarded, dict[AgentId, Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack]])


def what_has_no_command_id(registry: jamsos.Registry) -> None:
    once = registry.once("letter-1")
    once.evaluate_agents("perisai", on=DAY)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    once.award_incentives("perisai", MONTH, on=DAY)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    once.once("letter-2")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    once.ask("letter-2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def every_way(registry: jamsos.Registry, agent: str, participant: str) -> None:
    with registry.batch() as batch, registry.group_commit() as group:
        for desk in (registry, registry.once("letter-1"), registry.trial(), batch, group):
            as_a_value(desk, agent, participant)
            many_together(desk, agent, participant)
            many_of_one_type(desk, agent, participant)
        for desk in (registry, registry.trial(), batch, group):
            what_stands_for_many(desk)
