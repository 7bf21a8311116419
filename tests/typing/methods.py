"""The type of the answer to every command, asked by its method. Never run."""

from datetime import date
from typing import assert_type

import jamsos
from jamsos import Decision
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


def by_its_method(desk: Verbs, agent: str, participant: str) -> None:
    assert_type(
        desk.recruit(agent, "perisai", province="51", on=DAY),
        Decision[AgentRecruited | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.begin_training(agent, on=DAY),
        Decision[AgentTrainingBegun | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.certify(agent, on=DAY),
        Decision[AgentCertified | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.assign(agent, on=DAY),
        Decision[AgentAssigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.deactivate(agent, on=DAY),
        Decision[AgentDeactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.reactivate(agent, on=DAY),
        Decision[AgentReactivated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.reseat(agent, region="51", on=DAY),
        Decision[AgentReseated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.resign(agent, on=DAY),
        Decision[AgentResigned | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.terminate(agent, cause=TerminationCause.FRAUD, on=DAY),
        Decision[AgentTerminated | AgentFactVoided | QuotaSeatTaken | QuotaSeatReleased],
    )
    assert_type(
        desk.award_incentive(agent, MONTH, on=DAY),
        Decision[AgentIncentiveAwarded | AgentIncentiveClawedBack],
    )
    assert_type(
        desk.register(participant, province="51", on=DAY),
        Decision[ParticipantRegistered | ParticipantFactVoided],
    )
    assert_type(
        desk.pay(participant, reference="F-1", months=MONTHS, income=1, amount=1, on=DAY),
        Decision[ParticipantContributionPaid],
    )
    assert_type(
        desk.pay_difference(participant, reference="F-2", of="F-1", income=1, amount=1, on=DAY),
        Decision[ParticipantDifferencePaid],
    )
    assert_type(
        desk.refund(participant, refunds="F-1", claim="jht-claim", claimed=MONTH, amount=1, on=DAY),
        Decision[ParticipantContributionRefunded],
    )
    assert_type(
        desk.correct(participant, corrects="F-1", on=DAY),
        Decision[ParticipantContributionCorrected],
    )
    assert_type(
        desk.move(participant, province="51", on=DAY),
        Decision[ParticipantMoved | ParticipantFactVoided],
    )
    assert_type(
        desk.transfer(participant, on=DAY), Decision[ParticipantTransferred | ParticipantFactVoided]
    )
    assert_type(
        desk.leave(participant, reason=LeavingReason.OTHER, on=DAY),
        Decision[ParticipantLeft | ParticipantFactVoided],
    )
    assert_type(
        desk.come_back(participant, province="51", on=DAY),
        Decision[ParticipantCameBack | ParticipantFactVoided],
    )
    assert_type(
        desk.adopt("perisai", on=DAY),
        Decision[ProgrammeEstablished | ProgrammeRuleEnacted | ProgrammeRuleAmended],
    )
    assert_type(
        desk.enact("perisai", "most", unit="agents", values=[VALUE], on=DAY),
        Decision[ProgrammeEstablished | ProgrammeRuleEnacted],
    )
    assert_type(desk.amend("perisai", "most", VALUE, on=DAY), Decision[ProgrammeRuleAmended])
    assert_type(
        desk.end_rule("perisai", "most", last_day=DAY, citation=CITED, on=DAY),
        Decision[ProgrammeRuleEnded],
    )
    assert_type(
        desk.open_evaluation("perisai", "first", trigger="It ends.", on=DAY),
        Decision[ProgrammeEvaluationOpened],
    )
    assert_type(
        desk.conclude_evaluation(
            "perisai", "first", outcome=Outcome.RAISE, month=MONTH, after_months=3, on=DAY
        ),
        Decision[ProgrammeEvaluationConcluded],
    )
    assert_type(desk.allot("perisai", 9, on=DAY), Decision[QuotaAllotted | QuotaTakenBack])
    assert_type(
        desk.share_out("perisai", 9, {"jatim": 3}, on=DAY), Decision[QuotaAllotted | QuotaTakenBack]
    )
    assert_type(
        desk.move_seats("perisai", 9, source="jatim", to="jabar", on=DAY),
        Decision[QuotaAllotted | QuotaTakenBack],
    )
    assert_type(desk.fit_to_cap("perisai", on=DAY), Decision[QuotaAllotted | QuotaTakenBack])


def every_way(registry: jamsos.Registry, agent: str, participant: str) -> None:
    assert_type(registry.once("letter-1"), Verbs)
    assert_type(registry.trial(), Desk)
    with registry.batch() as batch, registry.group_commit() as group:
        assert_type(batch, Desk)
        assert_type(batch.once("letter-1"), Verbs)
        assert_type(group, Desk)
        for desk in (registry, registry.once("letter-1"), registry.trial(), batch, group):
            by_its_method(desk, agent, participant)


def what_no_command_takes(registry: jamsos.Registry, agent: str) -> None:
    registry.resign(agent)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    registry.resign(agent, on="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    registry.resign(agent, DAY)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    registry.resign(agent, on=DAY, at=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def what_an_answer_holds(registry: jamsos.Registry) -> int:
    [event, *_] = registry.allot("perisai", 9, on=DAY).or_raise().events
    return event.seats
