"""A quota: the seats of a programme in a region, allotted under its cap."""

from .days import Change
from .events import QuotaAllotted, QuotaEvent, QuotaSeatReleased, QuotaSeatTaken, QuotaTakenBack
from .reallotment import Move, Quotas, Steps, fitted_to, reallot, shared_out
from .seats import Allotment, Seating, allot, release, take, take_back
from .state import Quota, evolve

__all__ = [
    "Allotment",
    "Change",
    "Move",
    "Quota",
    "QuotaAllotted",
    "QuotaEvent",
    "QuotaSeatReleased",
    "QuotaSeatTaken",
    "QuotaTakenBack",
    "Quotas",
    "Seating",
    "Steps",
    "allot",
    "evolve",
    "fitted_to",
    "reallot",
    "release",
    "shared_out",
    "take",
    "take_back",
]
