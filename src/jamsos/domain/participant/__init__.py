"""A participant (*peserta*): in which segments they are covered, and what they have paid for."""

from .care import Transfer, move, transfer
from .events import (
    Channel,
    Check,
    Fact,
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantEvent,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
    ParticipantRegistered,
    ParticipantTransferred,
    Payer,
)
from .life import Life, Stay, Told
from .membership import Enrolment, come_back, leave, register
from .payment import Contribution, correct, pay
from .state import Participant, Payment, evolve
from .voiding import retell, void

__all__ = [
    "Channel",
    "Check",
    "Contribution",
    "Enrolment",
    "Fact",
    "LeavingReason",
    "Life",
    "Participant",
    "ParticipantCameBack",
    "ParticipantContributionCorrected",
    "ParticipantContributionPaid",
    "ParticipantEvent",
    "ParticipantFactVoided",
    "ParticipantLeft",
    "ParticipantMoved",
    "ParticipantRegistered",
    "ParticipantTransferred",
    "Payer",
    "Payment",
    "Stay",
    "Told",
    "Transfer",
    "come_back",
    "correct",
    "evolve",
    "leave",
    "move",
    "pay",
    "register",
    "retell",
    "transfer",
    "void",
]
