"""A participant (*peserta*): in which segments they are covered, and what they have paid for."""

from .care import Transfer, move, transfer
from .events import (
    Channel,
    Check,
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantEvent,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Payer,
)
from .membership import Enrolment, come_back, leave, register
from .payment import Contribution, correct, pay
from .state import Participant, Payment, evolve

__all__ = [
    "Channel",
    "Check",
    "Contribution",
    "Enrolment",
    "LeavingReason",
    "Participant",
    "ParticipantCameBack",
    "ParticipantContributionCorrected",
    "ParticipantContributionPaid",
    "ParticipantEvent",
    "ParticipantLeft",
    "ParticipantMoved",
    "ParticipantRegistered",
    "ParticipantTransferred",
    "Payer",
    "Payment",
    "Transfer",
    "come_back",
    "correct",
    "evolve",
    "leave",
    "move",
    "pay",
    "register",
    "transfer",
]
