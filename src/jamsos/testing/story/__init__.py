"""Findings and plans told for people: stories of dated sentences, and tables."""

from .reporting import report
from .telling import tell

__all__ = ["report", "tell"]
