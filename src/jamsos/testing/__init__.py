"""What jamsos is tested with, for those who build on it and for those who test rules of theirs."""

from .checking import Broken, Held, LawBrokenError, LawNotExercisedError, check, examine
from .stating import History, Law, law, only_if
from .world import Step, World, setting

__all__ = [
    "Broken",
    "Held",
    "History",
    "Law",
    "LawBrokenError",
    "LawNotExercisedError",
    "Step",
    "World",
    "check",
    "examine",
    "law",
    "only_if",
    "setting",
]
