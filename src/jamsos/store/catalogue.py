"""
The published name of every event, and how old ones are read.

Names and fields are a contract with history: a name is added, never renamed nor reused. An
event that must say more gets a new version; the old one stays readable through an upcaster,
and in the golden files.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from jamsos.domain import agent, participant, programme, quota
from jamsos.domain.codec import Codec, Upcaster

from .old_events import contributions_v1, incentives_v1, memberships_v1, rules_v1, rules_v2

EVENTS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "agent.recruited.v1": agent.AgentRecruited,
        "agent.training-begun.v1": agent.AgentTrainingBegun,
        "agent.certified.v1": agent.AgentCertified,
        "agent.assigned.v1": agent.AgentAssigned,
        "agent.deactivated.v1": agent.AgentDeactivated,
        "agent.reactivated.v1": agent.AgentReactivated,
        "agent.reseated.v1": agent.AgentReseated,
        "agent.resigned.v1": agent.AgentResigned,
        "agent.terminated.v1": agent.AgentTerminated,
        "agent.fact-voided.v1": agent.AgentFactVoided,
        "agent.incentive-awarded.v2": agent.AgentIncentiveAwarded,
        "agent.incentive-clawed-back.v2": agent.AgentIncentiveClawedBack,
        "participant.registered.v1": participant.ParticipantRegistered,
        "participant.contribution-paid.v2": participant.ParticipantContributionPaid,
        "participant.contribution-corrected.v1": participant.ParticipantContributionCorrected,
        "participant.difference-paid.v1": participant.ParticipantDifferencePaid,
        "participant.contribution-refunded.v1": participant.ParticipantContributionRefunded,
        "participant.moved.v2": participant.ParticipantMoved,
        "participant.transferred.v1": participant.ParticipantTransferred,
        "participant.left.v2": participant.ParticipantLeft,
        "participant.came-back.v1": participant.ParticipantCameBack,
        "participant.fact-voided.v1": participant.ParticipantFactVoided,
        "programme.established.v1": programme.ProgrammeEstablished,
        "programme.rule-enacted.v3": programme.ProgrammeRuleEnacted,
        "programme.rule-amended.v3": programme.ProgrammeRuleAmended,
        "programme.rule-ended.v3": programme.ProgrammeRuleEnded,
        "programme.evaluation-opened.v1": programme.ProgrammeEvaluationOpened,
        "programme.evaluation-concluded.v1": programme.ProgrammeEvaluationConcluded,
        "quota.allotted.v1": quota.QuotaAllotted,
        "quota.seat-taken.v1": quota.QuotaSeatTaken,
        "quota.seat-released.v1": quota.QuotaSeatReleased,
        "quota.taken-back.v1": quota.QuotaTakenBack,
    }
)

UPCASTERS: Mapping[str, Upcaster] = MappingProxyType(
    {
        "agent.incentive-awarded.v1": ("agent.incentive-awarded.v2", incentives_v1.settled),
        "agent.incentive-clawed-back.v1": (
            "agent.incentive-clawed-back.v2",
            incentives_v1.settled,
        ),
        "participant.contribution-paid.v1": (
            "participant.contribution-paid.v2",
            contributions_v1.paid,
        ),
        "participant.moved.v1": ("participant.moved.v2", memberships_v1.as_told),
        "participant.left.v1": ("participant.left.v2", memberships_v1.as_told),
        "programme.rule-enacted.v1": ("programme.rule-enacted.v2", rules_v1.enacted),
        "programme.rule-amended.v1": ("programme.rule-amended.v2", rules_v1.amended),
        "programme.rule-ended.v1": ("programme.rule-ended.v2", rules_v1.ended),
        "programme.rule-enacted.v2": ("programme.rule-enacted.v3", rules_v2.enacted),
        "programme.rule-amended.v2": ("programme.rule-amended.v3", rules_v2.amended),
        "programme.rule-ended.v2": ("programme.rule-ended.v3", rules_v2.ended),
    }
)
"""For each old name: the name it is read as, and what its data become."""

OLD_SHAPES: Mapping[str, type[Any]] = MappingProxyType(
    {
        "agent.incentive-awarded.v1": incentives_v1.AgentIncentiveAwardedV1,
        "agent.incentive-clawed-back.v1": incentives_v1.AgentIncentiveClawedBackV1,
        "participant.contribution-paid.v1": contributions_v1.ParticipantContributionPaidV1,
        "participant.moved.v1": memberships_v1.ParticipantMovedV1,
        "participant.left.v1": memberships_v1.ParticipantLeftV1,
        "programme.rule-enacted.v1": rules_v1.ProgrammeRuleEnactedV1,
        "programme.rule-amended.v1": rules_v1.ProgrammeRuleAmendedV1,
        "programme.rule-ended.v1": rules_v1.ProgrammeRuleEndedV1,
        "programme.rule-enacted.v2": rules_v2.ProgrammeRuleEnactedV2,
        "programme.rule-amended.v2": rules_v2.ProgrammeRuleAmendedV2,
        "programme.rule-ended.v2": rules_v2.ProgrammeRuleEndedV2,
    }
)
"""For each old name: what its data look like as they are stored."""

CODEC: Final = Codec(EVENTS, UPCASTERS)

NAMES: Final = CODEC.names(EVENTS.values())
"""Every name, of today or older, under which an event may be stored."""
