"""The law as files: read strictly, found where it ships or where a user keeps their own."""

from .register import instruments, sources
from .rulefile import RuleFile, parse
from .shelf import everything, faults, law, load, rules_of

__all__ = [
    "RuleFile",
    "everything",
    "faults",
    "instruments",
    "law",
    "load",
    "parse",
    "rules_of",
    "sources",
]
