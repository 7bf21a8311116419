"""The texts of jamsos, one file a language, and how values stand in them."""

from __future__ import annotations

from .forms import rate_text
from .tell import Language, command, counted, formed, say, sentence, word
from .texts import Texts

__all__ = [
    "Language",
    "Texts",
    "command",
    "counted",
    "formed",
    "rate_text",
    "say",
    "sentence",
    "word",
]
