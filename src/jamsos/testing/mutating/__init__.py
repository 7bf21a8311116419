"""Rules and policies are changed a little, to name the changes that no law would notice."""

from .making import Mutant, mutants
from .noticing import unnoticed

__all__ = ["Mutant", "mutants", "unnoticed"]
