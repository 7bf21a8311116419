"""What jamsos is tested with, for those who build on it and for those who test rules of theirs."""

from jamsos.engine.setting import setting
from jamsos.engine.world import Step, World

from . import families
from .agreeing import Agreed, DisagreementError, agree
from .cases import given
from .checking import (
    Broken,
    Held,
    LawBrokenError,
    LawNotExercisedError,
    NotExercised,
    check,
    examine,
)
from .comparing import Difference, Same, compare
from .holding import Breach, Holding, hold
from .keeping import plan_of, recheck, save
from .mutating import Mutant, mutants, unnoticed
from .stating import History, Law, law, only_if
from .story import report

__all__ = [
    "Agreed",
    "Breach",
    "Broken",
    "Difference",
    "DisagreementError",
    "Held",
    "History",
    "Holding",
    "Law",
    "LawBrokenError",
    "LawNotExercisedError",
    "Mutant",
    "NotExercised",
    "Same",
    "Step",
    "World",
    "agree",
    "check",
    "compare",
    "examine",
    "families",
    "given",
    "hold",
    "law",
    "mutants",
    "only_if",
    "plan_of",
    "recheck",
    "report",
    "save",
    "setting",
    "unnoticed",
]
