"""The tools that jamsos is tested with, for its authors and for authors of rules and stores."""

from jamsos.engine.setting import setting
from jamsos.engine.world import Step, World

from . import families
from .agreeing import Agreed, DisagreementError, agree
from .cases import given
from .checking import check
from .comparing import Difference, Same, compare
from .failing import LawBrokenError, LawNotExercisedError
from .keeping import plan_of, recheck, save
from .laws.history import History
from .laws.holding import Breach, Holding, hold
from .laws.stating import Law, law, only_if
from .mutating import Mutant, mutants, unnoticed
from .search.examining import examine
from .search.findings import Broken, Held, NotExercised
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
