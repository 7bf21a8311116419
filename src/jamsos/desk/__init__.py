"""The front desk: a typed method for each command, over anything that answers."""

from jamsos.policies.standard import ExtraPolicies

from .face import Answer, Desk, Verbs

__all__ = ["Answer", "Desk", "ExtraPolicies", "Verbs"]
