"""An explanation as JSON has it."""

from __future__ import annotations

from typing import Any

from jamsos.domain.explanation import Explained
from jamsos.language import Language


def told(answer: Explained[Any], language: str) -> dict[str, Any]:
    """Return the explanation of *answer* as JSON has it."""
    return {
        "status": answer.status,
        "rules": answer.rules,
        "steps": [
            {
                "key": step.key,
                "values": {name: _json(value) for name, value in step.values.items()},
                "certainty": step.certainty,
                "rule": step.rule,
                "text": step.text(Language.of(language)),
            }
            for step in answer.steps
        ],
    }


def _json(value: object) -> object:
    return value if isinstance(value, int | tuple | None) else str(value)
