"""A participant (*peserta*): in which segments they are covered, and what they have paid for."""

from .care import Transfer, move, transfer
from .difference import Difference, pay_difference
from .events import (
    Channel,
    Check,
    Fact,
    LeavingReason,
    ParticipantCameBack,
    ParticipantContributionCorrected,
    ParticipantContributionPaid,
    ParticipantContributionRefunded,
    ParticipantDifferencePaid,
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
from .refunding import Repayment, refund
from .state import Participant, Payment, Refunded, evolve
from .voiding import retell, void

__all__ = [
    "Channel",
    "Check",
    "Contribution",
    "Difference",
    "Enrolment",
    "Fact",
    "LeavingReason",
    "Life",
    "Participant",
    "ParticipantCameBack",
    "ParticipantContributionCorrected",
    "ParticipantContributionPaid",
    "ParticipantContributionRefunded",
    "ParticipantDifferencePaid",
    "ParticipantEvent",
    "ParticipantFactVoided",
    "ParticipantLeft",
    "ParticipantMoved",
    "ParticipantRegistered",
    "ParticipantTransferred",
    "Payer",
    "Payment",
    "Refunded",
    "Repayment",
    "Stay",
    "Told",
    "Transfer",
    "come_back",
    "correct",
    "evolve",
    "leave",
    "move",
    "pay",
    "pay_difference",
    "refund",
    "register",
    "retell",
    "transfer",
    "void",
]
