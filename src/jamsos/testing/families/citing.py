"""The citation of ready-made laws that no legal text lays down."""

from __future__ import annotations

from typing import Final, TypeAlias

from jamsos.domain.citation import Citation

Cite: TypeAlias = str | Citation
HOW_IT_WORKS: Final = "how histories are kept, not a law of the land"
"""The citation of a family that no legal text lays down."""
