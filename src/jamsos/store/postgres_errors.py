"""The errors of a PostgreSQL database as those of jamsos: which of them pass, and which last."""

from __future__ import annotations

import os
import re
import select
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from jamsos.errors import (
    ConflictError,
    InputError,
    JamsosError,
    OutcomeUnknownError,
    StoreError,
    UnavailableError,
)

from .postgres_place import Address

ANOTHER_STORE: Final = "22012"
"""Dividing by the number of stores of our identity: there is none."""

_NEVER_SENT: Final = ("57P05", "25P03")
"""The session had been ended, for standing idle, before the statement came."""
_IN_WORDS: Final = (
    ("28P01", r"authentication failed|no password supplied"),
    ("3D000", r'database ".*" does not exist|no such database'),
    ("28000", r'role ".*" does not exist|no pg_hba\.conf entry|no such user|not permitted to log'),
    ("53300", r"too many (clients|connections)|remaining connection slots|no more connections"),
    ("57P03", r"the database system is (starting up|shutting down|in recovery|not yet accepting)"),
    ("options", r"unsupported startup parameter"),
    ("input", r"invalid (\S+ )?(value|port number|connection option)|bad value for"),
    (
        "here",
        r"certificate|SSL|GSS|service file|definition of service|channel binding|required auth",
    ),
)
"""Errors of a connection that never came, which libpq tells in words alone."""
_A_MOMENT: Final = 3.0
_TIMED_OUT: Final = {
    "57014": "was ended by the server (statement_timeout, or an administrator)",
    "57P05": "had ended the session for standing idle (idle_session_timeout)",
    "25P03": "has ended a transaction that stood idle (idle_in_transaction_session_timeout)",
    "25P04": "has ended a transaction that took too long (transaction_timeout)",
}
_AGAIN: Final = "nothing was recorded, ask again"
_ROLES: Final = "see docs/how-to/give-roles-in-postgresql.md for what each role needs"
_LASTING: Final = {
    "28P01": "the password is wrong or missing",
    "28000": "the server lets this role not in",
    "3D000": "there is no such database",
    "42501": f"this role may not do that; {_ROLES}",
    "25006": (
        "it can only be read (a standby, or default_transaction_read_only): record in the server"
        " that leads, or open it to be read only"
    ),
    "53100": "the disk of the server is full",
    "options": (
        "a pooler stands between and takes no options: name the schema by ALTER ROLE ... SET"
        " search_path instead of in the address"
    ),
}


@contextmanager
def errors_of(place: str) -> Iterator[None]:
    """Turn the errors of the database at *place* into ours."""
    try:
        yield
    except psycopg.Error as error:
        raise ours(error, place) from error


@contextmanager
def commit_of(place: str) -> Iterator[None]:
    """Tell an error that says no from a connection that was lost before the answer came."""
    try:
        yield
    except psycopg.OperationalError as error:
        state = error.sqlstate
        if state is not None and (state in _NEVER_SENT or not state.startswith(("08", "57P"))):
            raise
        msg = (
            f"{place} was lost at the commit ({first_line(error)}); it may be recorded or not,"
            f" send the same command again"
        )
        raise OutcomeUnknownError(msg) from error


def ours(error: psycopg.Error, place: str) -> JamsosError:
    """Return *error*, of a connection that stood, as one of ours."""
    state, line = error.sqlstate, first_line(error)
    if state in {"40001", "40P01"}:
        return ConflictError(f"{line}; {_AGAIN}")
    if isinstance(error, psycopg.IntegrityError):
        msg = f"another writer has recorded in {place} first; {_AGAIN}"
        return ConflictError(msg)
    if state == "55P03":
        msg = f"{place} is locked by another writer; {_AGAIN}"
        return UnavailableError(msg)
    if state in _TIMED_OUT:
        msg = f"{place} {_TIMED_OUT[state]}: {line}; {_AGAIN}"
        if state == "57014":
            msg = f"a statement in {place} {_TIMED_OUT[state]}: {line}; {_AGAIN}"
        return UnavailableError(msg)
    if state == ANOTHER_STORE:
        msg = f"{place} holds another store now than when it was opened: open it again"
        return StoreError(msg)
    if state in {"3F000", "42P01", "42883"}:
        msg = (
            f"the tables of {place} are gone or of another version than when it was opened"
            f" ({line}): open it again"
        )
        return StoreError(msg)
    if state in _LASTING:
        return StoreError(f"{place} refuses: {_LASTING[state]} ({line})")
    if isinstance(error, psycopg.OperationalError) and _passes(state):
        return UnavailableError(f"{place} cannot be reached: {line}; {_AGAIN}")
    return StoreError(f"{place} cannot be read or written: {line}")


def not_connected(error: psycopg.Error, address: Address) -> JamsosError:
    """
    Return the *error* of a connection that never came as one of ours.

    Only those that may pass say that one may ask again; the words of the server are left out
    if a password stands in them.
    """
    line = first_line(error).removeprefix("connection failed: ").removeprefix("connection is bad: ")
    if any(secret in line for secret in address.secrets):
        line = "its own words are not shown, since they hold a password"
    place, state = address.place, None
    if not isinstance(error, psycopg.errors.ConnectionTimeout):
        state = error.sqlstate or _asked_again(address) or _in_words(str(error))
    if state == "input":
        return InputError(f"this is not an address of a PostgreSQL database: {line}")
    if state in _LASTING:
        return StoreError(f"{place} refuses: {_LASTING[state]} ({line})")
    if _unknown_host(address):
        msg = f"{place} cannot be reached: there is no host of the name {address.host} ({line})"
        return StoreError(msg)
    if _passes(state):
        return UnavailableError(f"{place} cannot be reached: {line}; {_AGAIN}")
    return StoreError(f"{place} cannot be opened: {line}")


def first_line(error: BaseException) -> str:
    """Return the first line of what *error* says."""
    return str(error).strip().partition("\n")[0]


def _passes(state: str | None) -> bool:
    return state is None or state.startswith(("08", "57P")) or state in {"53300", "53200", "53000"}


def _in_words(text: str) -> str | None:
    return next((state for state, words in _IN_WORDS if re.search(words, text)), None)


def _asked_again(address: Address) -> str | None:
    """
    Connect once more, and return the code of the error that the server sends, if it sends one.

    `libpq` keeps it to itself, and tells it in the language of the server: it stands in what
    it writes down of the conversation, which no other system than Linux lets it do.
    """
    if sys.platform != "linux":
        return None
    conninfo = make_conninfo(address.url, client_encoding="utf8").encode()
    connection, record = pq.PGconn.connect_start(conninfo), os.memfd_create("jamsos")
    try:
        connection.trace(record)
        connection.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        end = monotonic() + _A_MOMENT
        while connection.status != pq.ConnStatus.BAD and (left := end - monotonic()) > 0:
            polled = connection.connect_poll()
            if polled not in {pq.PollingStatus.READING, pq.PollingStatus.WRITING}:
                break
            waiting = select.poll()
            reading = polled == pq.PollingStatus.READING
            waiting.register(connection.socket, select.POLLIN if reading else select.POLLOUT)
            waiting.poll(left * 1_000)
        connection.untrace()
        written = os.pread(record, 1 << 20, 0)
    except psycopg.Error:
        return None
    finally:
        connection.finish()
        os.close(record)
    found = re.findall(rb'\tErrorResponse\t.*? C "(\w{5})" M "(.*?)"', written)
    if not found:
        return None
    state, words = found[-1]
    told = _in_words(words.decode(errors="replace"))
    return told if state == b"08P01" else str(state.decode())  # all that a pooler ever says


def _unknown_host(address: Address) -> bool:
    """Whether there is no such host; it may be that nobody could be asked, and that passes."""
    hosts = [host for host in (address.host or "").split(",") if host and host[0] not in "/@"]
    for host in hosts:
        try:
            socket.getaddrinfo(host, None)
        except socket.gaierror as error:
            if error.errno != socket.EAI_NONAME:
                return False
        except (OSError, UnicodeError):
            return False
        else:
            return False
    return bool(hosts)
