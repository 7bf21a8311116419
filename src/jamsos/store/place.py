"""Where a store is: a file, memory, or the address of a server; and how people are told of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from jamsos.errors import InputError

_SERVERS: Final = ("postgresql://", "postgres://")
_SCHEME: Final = re.compile(
    r"\s*([A-Za-z][A-Za-z0-9+.-]*://|file:|postgres(ql)?(\+\w*)?:)", re.IGNORECASE
)
_SETTING: Final = re.compile(
    r"\s*(host|hostaddr|port|dbname|user|password|passfile|service|options|sslmode)\s*="
)
_HOST: Final = re.compile(r"(\[[^\]]*\]|[^:]*)(:\d*)?")
_LIKE: Final = "postgresql://user@host:5432/database"


def is_address(place: str | Path) -> bool:
    """Return whether *place* is the address of a server, rather than the name of a file."""
    return isinstance(place, str) and place.startswith(_SERVERS)


def check_place(place: str | Path) -> None:
    """
    Raise `InputError` if *place* is meant as an address, and is none that jamsos knows.

    A `Path` is always the name of a file.

    >>> check_place("host=127.0.0.1 user=office")
    Traceback (most recent call last):
        ...
    jamsos.errors.InputError: 'host=...' is no address of a store: write it as \
postgresql://user@host:5432/database
    """
    if isinstance(place, Path) or is_address(place):
        return
    if not place.strip():  # SQLite would make a file of no name, and remove it at the end
        msg = f"{place!r} is no name of a store: give the path of a file, ':memory:' or an address"
        raise InputError(msg)
    if scheme := _SCHEME.match(place):
        told = f"{scheme[1]}..."
    elif setting := _SETTING.match(place):
        told = f"{setting[1]}=..."
    else:
        return
    msg = f"{told!r} is no address of a store: write it as {_LIKE}"
    if told.lower().startswith("file:"):
        msg = f"{told!r} is no name of a store: give the path itself, or ':memory:'"
    raise InputError(msg)


def shown_place(place: str | Path) -> str:
    """
    Return *place* as people may see it: an address without its password and its settings.

    If it cannot be told where a password ends, nothing of the address is shown.

    >>> shown_place("postgresql://office:se/cr@t@db.example:5432/jamsos?sslmode=require")
    'postgresql://office@db.example:5432/jamsos'
    >>> shown_place("postgresql://office:se?cr@db.example/jamsos")
    'postgresql://...'
    """
    text = str(place)
    if isinstance(place, Path):
        return text
    if _SCHEME.match(text) and "://" in text:
        scheme, _, rest = text.partition("://")
        where, _, settings = rest.partition("?")
        if "@" in settings:
            return f"{scheme}://..."
        who, at, where = where.rpartition("@")
        return f"{scheme}://{who.partition(':')[0]}{at}{_without_words(where)}"
    if begin := _SCHEME.match(text):
        return f"{begin[1]}..."
    if setting := _SETTING.match(text):
        return f"{setting[1]}=..."
    return text


def _without_words(where: str) -> str:
    """Return hosts and a database, without what stands for a port and is no number."""
    hosts, slash, database = where.partition("/")
    told = (_HOST.match(host) for host in hosts.split(","))
    return ",".join(found[0] for found in told if found) + slash + database
