"""The texts of a language by their keys, in a few tables by purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Texts(NamedTuple):
    """
    All texts of one language.

    Every language has the same keys. Under a key every text names the same values in braces,
    each with the form in which it stands there; `forms` lists the forms.
    """

    explanations: Mapping[str, str]
    """The steps of an explanation, each a sentence, by the key of the step."""
    commands: Mapping[str, str]
    """
    A sentence for each command, by its published name without the version.

    A clause in square brackets is left out if each value in it is as usual.
    """
    phrases: Mapping[str, str]
    """Phrases around the sentences of commands, and beside them."""
    names: Mapping[str, str]
    """Names in the law, as an explanation says them."""
    words: Mapping[str, str]
    """Words of the domain, as a sentence about a command says them."""
    units: Mapping[str, str]
    """Units of whole numbers, as ``month/months``: of one and of more; or one for both."""
    parts: Mapping[str, str]
    """Parts of values as they are written: separators of numbers, runs of months, days, bounds."""
    months: tuple[str, ...]
    """The short names of the twelve months, from January on."""
