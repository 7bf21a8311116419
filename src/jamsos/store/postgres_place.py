"""Where a PostgreSQL store is: the address that was given, and the schema that it leads to."""

from __future__ import annotations

import os
import re
from typing import Final

import attrs
import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from psycopg.sql import Identifier

from jamsos.errors import InputError, StoreError

_SECRETS: Final = (
    "password",
    "sslpassword",
    "oauth_client_secret",
    "scram_client_key",
    "scram_server_key",
)
_PUBLIC: Final = "public"
_PORT: Final = 5432
_WHERE: Final = """
SELECT current_database()::text, current_schema()::text, current_setting('search_path'),
    current_user::text, current_setting('server_encoding'),
    current_setting('default_transaction_isolation'),
    EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = current_user)
"""
_NAME: Final = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)')
_OPTION: Final = re.compile(r"(?:-c\s*|--)search[_-]path=((?:\\.|\S)*)", re.IGNORECASE)
OWN_SCHEMA: Final = (
    "give jamsos a schema of its own: CREATE SCHEMA jamsos, and"
    " ?options=-csearch_path%3Djamsos at the end of the address"
)


@attrs.frozen
class Address:
    """
    The address of a database as `libpq` takes it, and as people may see it.

    *secrets* are the words that nobody may read: the password, in the address or beside it.
    """

    url: str = attrs.field(repr=False)
    place: str
    host: str | None = attrs.field(repr=False)
    with_port: bool = attrs.field(repr=False)
    search_path: str | None = attrs.field(repr=False)
    secrets: frozenset[str] = attrs.field(repr=False)
    patient: bool = attrs.field(repr=False)
    """Whether it says itself for how long a connection is waited for."""


@attrs.frozen
class Where:
    """The database and the schema that an address has led to, under the settings of a role."""

    place: str
    schema: str
    role: str
    isolated: bool
    """Whether a statement alone is of the isolation that an append needs."""

    @property
    def named(self) -> str:
        """The schema as it stands in a statement."""
        return Identifier(self.schema).as_string()

    @property
    def quoted(self) -> str:
        """The schema as it stands in a statement with parameters."""
        return self.named.replace("%", "%%")


def address_of(url: str) -> Address:
    """
    Return what *url* says. Raises `InputError` if it cannot be read, without a word of it.

    >>> address_of("postgresql://office:secret@db.example/perisai").place
    'postgresql://office@db.example/perisai'
    """
    fault = _fault(url)
    parts = {} if fault else _parts(url)
    fault = fault or _fault_of_port(str(parts.get("port") or ""))
    if fault:
        msg = f"this is not an address of a PostgreSQL database: {fault}"
        raise InputError(msg)
    host = parts.get("host")
    options = str(parts.get("options") or os.environ.get("PGOPTIONS") or "")
    asked = _OPTION.findall(options)
    known = {str(parts[name]) for name in _SECRETS if parts.get(name)}
    return Address(
        url=url,
        place=_place(parts),
        host=None if host is None or parts.get("hostaddr") else str(host),
        with_port=bool(parts.get("port")),
        search_path=re.sub(r"\\(.)", r"\1", asked[-1]) if asked else None,
        secrets=frozenset(known | {os.environ.get("PGPASSWORD", "")} - {""}) | _coded(url),
        patient="connect_timeout" in parts or "PGCONNECT_TIMEOUT" in os.environ,
    )


def where(connection: Connection[TupleRow], address: Address) -> Where:
    """
    Return where *connection* has led to, under all settings of the caller, the role, the database.

    Raises `StoreError` if that is not the schema that these settings name.
    """
    [found] = connection.execute(_WHERE)
    database, schema, path, role, encoding, isolation, own = found
    info = connection.info
    parts: dict[str, object] = {
        "user": info.user,
        "host": info.host,
        "port": info.port if address.with_port or info.port != _PORT else None,
        "dbname": database,
    }
    place = _place(parts)
    named = names_of(path)
    if encoding != "UTF8":
        msg = f"{place} is in {encoding}: jamsos needs a database in UTF8"
        raise StoreError(msg)
    if address.search_path is not None and names_of(address.search_path) != named:
        msg = (
            f"{place} has not taken the search_path of the address ({address.search_path}), but"
            f" {path}: a pooler between may ignore options; name the schema by ALTER ROLE ..."
            f" SET search_path"
        )
        raise StoreError(msg)
    first = next((name for name in named if name != "$user" or own), None)
    first = role if first == "$user" else first
    if schema is None or schema != first or schema.startswith("pg_"):
        told = "no schema" if first is None else f"schema {first}"
        msg = (
            f"{place}: its search_path ({path}) selects {told}, which is not there or may not be"
            f" used by {role}: create it, or grant USAGE on it, or name another"
        )
        if first is not None and first.startswith("pg_"):
            msg = f"{place}: {first} is of PostgreSQL itself; {OWN_SCHEMA}"
        raise StoreError(msg)
    if schema != _PUBLIC:
        place = f"{place} (schema {schema})"
    return Where(place, schema, role, isolation == "read committed")


def names_of(path: str) -> list[str]:
    """
    Return the schemas that a search_path names.

    >>> names_of('"$user", Office_B,"Office C"')
    ['$user', 'office_b', 'Office C']
    """
    found = []
    for quoted, plain in _NAME.findall(path):
        if quoted or plain:
            found.append(quoted.replace('""', '"') if quoted else plain.lower())
    return found


def _place(parts: dict[str, object]) -> str:
    user, host, port = (parts.get(part) for part in ("user", "host", "port"))
    if not host or str(host).startswith("/"):
        host = "localhost"
    where = f"{host}{f':{port}' if port else ''}"
    return f"postgresql://{f'{user}@' if user else ''}{where}/{parts.get('dbname') or ''}"


def _parts(url: str) -> dict[str, object]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.Error:
        pass  # its words quote the address
    unknown = re.search(r"[?&]([a-z_]+)=", _without_known(url))
    told = "its settings cannot be read"
    if unknown and "password" not in url and "@" not in url:
        told = f"there is no setting {unknown[1]}"
    msg = (
        f"this is not an address of a PostgreSQL database: {told}; & = % and spaces in a value are"
        f" written as %26 %3D %25 %20"
    )
    raise InputError(msg)


def _without_known(url: str) -> str:
    """Return *url* without those of its settings that `libpq` knows."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    return re.sub(
        r"([?&])([a-z_]+)=[^&]*",
        lambda found: found[1] if found[2] in known else found[0],
        url,
    )


def _fault(url: str) -> str | None:
    """Return what is wrong with the characters of *url*; its parts may not be what they seem."""
    if "\x00" in url:
        return "it holds a character that no address may have"
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", url) and "://" in url:
        return "after % stand two hexadecimal digits; % itself is written as %25"
    _, scheme, body = url.partition("://")
    if not scheme:
        return None
    end = re.search(r"[@/]", body)
    rest = body[end.end() :] if end and end[0] == "@" else body
    if "@" in rest.partition("?")[0]:
        return "in a password, the characters @ / : % are written as %40 %2F %3A %25"
    return None


def _fault_of_port(ports: str) -> str | None:
    for port in filter(None, ports.split(",")):
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 2**16):
            return (
                "its port is no number from 1 to 65535; if it is a part of the password, write the"
                " characters @ / : % of that as %40 %2F %3A %25"
            )
    return None


def _coded(url: str) -> frozenset[str]:
    """Return the password as it stands in *url*."""
    body = url.partition("://")[2]
    end = re.search(r"[@/]", body)
    if not (end and end[0] == "@"):
        return frozenset()
    return frozenset({body[: end.start()].partition(":")[2]} - {""})
