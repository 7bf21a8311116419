"""Given what happened, when something is asked, then that is the answer: one case of a decision."""

from .expecting import Decided
from .giving import Given, given

__all__ = ["Decided", "Given", "given"]
