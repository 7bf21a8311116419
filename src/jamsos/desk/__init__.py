"""The front desk: a typed method for each command, over anything that answers."""

from typing import TypeAlias

from jamsos.policies.standard import ExtraPolicies

from .face import Answer, Desk, Verbs

GroupCommit: TypeAlias = Desk
"""The desk that `Registry.group_commit` gives: a name that version 0.1 had for its type."""

__all__ = ["Answer", "Desk", "ExtraPolicies", "GroupCommit", "Verbs"]
