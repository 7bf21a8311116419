"""
How values stand in a sentence.

A text names a value as ``{name}`` or ``{name:form}``:

| form | the value | in English |
|---|---|---|
| none | anything | as `str` writes it |
| ``n`` | a number | 1,500 |
| ``rp`` | an amount | Rp 1,500 |
| ``rate`` | a rate, in parts per 100,000 | 0.24 % |
| ``seconds`` | a number with decimals | 0.21 |
| ``month/months`` | a number | the one before the slash for 1, the other for any other |
| ``unit of number`` | the name of a unit, said of the value *number* | months |
| ``word`` | a name in the law, or some of them | JKK, the state budget |
| ``day`` | a day | 05 Jan 2018 |
| ``month`` | a month | Jan 2018 |
| ``named-months`` | months | Jan 2018 to Mar 2018 |
| ``months`` | months | 2018-01 to 2018-03 |
| ``at`` | a row, a bracket or None | (from 1,000), with a space before it |
| ``verified`` | a day or None | ; not verified after 2018-01-05 |

Days, months and sets of months are read from the text that `str` gives of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

from .texts import Texts

_PER_CENT: Final = 1_000
"""The rate of 1 %: rates are parts per 100,000."""
_DECIMALS: Final = 3


def filled(text: str, values: Mapping[str, object], texts: Texts) -> str:
    """Return *text* with *values* in it, each in the form that stands beside its name."""
    return "".join(
        before + ("" if name is None else _told(name, form or "", values, texts))
        for before, name, form, _ in Formatter().parse(text)
    )


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each value that *text* names, with its form."""
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            yield name, form or ""


def formed(form: str, value: object, texts: Texts) -> str:
    """Return *value* in *form*."""
    if "/" in form:
        return _picked(form, value)
    return _FORMS[form](value, texts)


def unit(name: object, number: object, texts: Texts) -> str:
    """Return the name of a unit as it is said of *number*; as it is, if it is in no table."""
    key = str(name)
    return _picked(texts.units[key], number) if key in texts.units else _spaced(key)


def known(name: str, table: Mapping[str, str]) -> str:
    """Return *name* as *table* has it; with spaces, if it is not there."""
    return table[name] if name in table else _spaced(name)


def rate_text(rate: int) -> str:
    """
    Return *rate*, in parts per 100,000, as a percentage.

    >>> rate_text(240), rate_text(7500), rate_text(100000)
    ('0.24 %', '7.5 %', '100 %')
    """
    whole, parts = divmod(rate, _PER_CENT)
    decimals = f".{parts:0{_DECIMALS}}".rstrip("0").rstrip(".")
    return f"{whole}{decimals} %"


def _told(name: str, form: str, values: Mapping[str, object], texts: Texts) -> str:
    if form.startswith("unit of "):
        return unit(values[name], values[form.removeprefix("unit of ")], texts)
    return formed(form, values[name], texts)


def _picked(forms: str, number: object) -> str:
    one, _, more = forms.partition("/")
    return one if number == 1 else more or one


def _spaced(name: str) -> str:
    return name.replace("-", " ")


def _digits(text: str, texts: Texts) -> str:
    """Return *text* with the separators of the language: 1,500.5 is 1.500,5 in Indonesian."""
    thousands, decimal = texts.parts["thousands"], texts.parts["decimal"]
    return text.translate({ord(","): thousands, ord("."): decimal})


def _plain(value: object, _: Texts) -> str:
    return str(value)


def _number(value: Any, texts: Texts) -> str:  # noqa: ANN401 - a number
    return _digits(f"{value:,}", texts)


def _rupiah(value: Any, texts: Texts) -> str:  # noqa: ANN401 - a whole number
    return f"Rp {_number(value, texts)}"


def _rate(value: Any, texts: Texts) -> str:  # noqa: ANN401 - a whole number
    return _digits(rate_text(value), texts)


def _seconds(value: Any, texts: Texts) -> str:  # noqa: ANN401 - a number
    return _digits(f"{value:.2f}", texts)


def _word(value: object, texts: Texts) -> str:
    if isinstance(value, tuple):
        return ", ".join(_word(each, texts) for each in value) or texts.parts["none"]
    return known(str(value), texts.names)


def _day(value: object, texts: Texts) -> str:
    month, _, day = str(value).rpartition("-")
    return f"{day} {_month(month, texts)}"


def _month(value: object, texts: Texts) -> str:
    year, _, number = str(value).partition("-")
    return f"{texts.months[int(number) - 1]} {year}"


def _months(value: object, texts: Texts) -> str:
    return _runs(value, _plain, texts)


def _named_months(value: object, texts: Texts) -> str:
    return _runs(value, _month, texts)


def _runs(value: object, month: Callable[[object, Texts], str], texts: Texts) -> str:
    """Return months in their runs, of which the last may have no end; None means no month."""
    told = []
    for run in str(value).split(",") if value else ():
        first, _, last = run.partition("/")
        begins = month(first, texts)
        if first == last:
            told.append(begins)
        elif last == "..":
            told.append(texts.parts["endless"].format(first=begins))
        else:
            told.append(texts.parts["run"].format(first=begins, last=month(last, texts)))
    return ", ".join(told) or texts.parts["none"]


def _at(value: object, texts: Texts) -> str:
    """Return which row or bracket was read, in brackets; nothing for the only value there is."""
    match value:
        case None:
            return ""
        case int():
            return f" ({texts.parts['from'].format(bound=_number(value, texts))})"
        case _:
            return f" ({_word(value, texts)})"


def _verified(value: object, texts: Texts) -> str:
    return "" if value is None else f"; {texts.parts['unverified'].format(day=value)}"


_FORMS: Mapping[str, Callable[[Any, Texts], str]] = MappingProxyType(
    {
        "": _plain,
        "n": _number,
        "rp": _rupiah,
        "rate": _rate,
        "seconds": _seconds,
        "word": _word,
        "day": _day,
        "month": _month,
        "named-months": _named_months,
        "months": _months,
        "at": _at,
        "verified": _verified,
    }
)
