"""The languages there are, and what is said in one: a text found by its key, with its values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from jamsos.errors import InputError

from . import forms
from .en import TEXTS as ENGLISH
from .id import TEXTS as INDONESIAN
from .texts import Texts

_CLAUSE = re.compile(r"\[(.*?)\]")


class Language(StrEnum):
    """A language in which jamsos tells something."""

    ENGLISH = "en"
    INDONESIAN = "id"

    @property
    def texts(self) -> Texts:
        """All that is said in it."""
        return _TEXTS[self]

    @classmethod
    def of(cls, name: str) -> Language:
        """Return the language called *name*. Raises `InputError` if there is none."""
        try:
            return cls(name)
        except ValueError as error:
            msg = f"there is no language {name!r}: explanations are told in {', '.join(cls)}"
            raise InputError(msg) from error


_TEXTS: Final[Mapping[Language, Texts]] = MappingProxyType(
    {Language.ENGLISH: ENGLISH, Language.INDONESIAN: INDONESIAN}
)


def sentence(key: str, values: Mapping[str, object], language: Language) -> str:
    """
    Return the sentence of an explanation under *key*, in *language*, with *values* in it.

    >>> sentence("share", {"rate": 240, "of": 1_000_000, "result": 2_400}, Language.INDONESIAN)
    '0,24 % dari Rp 1.000.000 adalah Rp 2.400.'
    """
    return forms.filled(language.texts.explanations[key], values, language.texts)


def command(
    key: str, values: Mapping[str, object], language: Language, usual: Collection[str] = ()
) -> str:
    """
    Return the sentence of the command *key*, in *language*, with *values* in it.

    A clause whose values are all among the *usual* ones is left out, and so is one without values.

    >>> values = {"participant": "Ani", "segment": "bpu", "reason": "other"}
    >>> command("participant.leave", values, Language.ENGLISH)
    'Ani leaves segment bpu: other'
    >>> command("participant.leave", values, Language.ENGLISH, usual={"segment"})
    'Ani leaves: other'
    """

    def clause(found: re.Match[str]) -> str:
        names = {name for name, _ in forms.named_in(found[1])}
        return "" if names <= {*usual} or not names <= values.keys() else found[1]

    text = _CLAUSE.sub(clause, language.texts.commands[key])
    said = forms.filled(text, values, language.texts)
    return said[:1].upper() + said[1:]


def say(key: str, language: Language, **values: object) -> str:
    """
    Return the phrase under *key*, in *language*, with *values* in it.

    >>> say("seats", Language.ENGLISH, taken=1, issued=1_200, cap=say("no-cap", Language.ENGLISH))
    'seats 1 of 1,200 taken, no cap'
    """
    return forms.filled(language.texts.phrases[key], values, language.texts)


def word(name: str, language: Language) -> str:
    """
    Return what a word of the domain is called; with spaces, if nobody has named it.

    >>> word("resigned", Language.INDONESIAN), word("house-rule", Language.INDONESIAN)
    ('mengundurkan diri', 'house rule')
    """
    return forms.known(name, language.texts.words)


def formed(form: str, value: object, language: Language) -> str:
    """
    Return *value* in one of the forms that it could have in a sentence.

    >>> formed("rp", 1_500, Language.INDONESIAN), formed("month", "2018-05", Language.INDONESIAN)
    ('Rp 1.500', 'Mei 2018')
    """
    return forms.formed(form, value, language.texts)


def counted(number: int, unit: str, language: Language = Language.ENGLISH) -> str:
    """
    Return *number* with its *unit*.

    >>> counted(1_200, "agents"), counted(1, "agents"), counted(3, "months", Language.INDONESIAN)
    ('1,200 agents', '1 agent', '3 bulan')
    """
    return f"{formed('n', number, language)} {forms.unit(unit, number, language.texts)}"
