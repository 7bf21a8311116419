"""The tables of a PostgreSQL database, and the function by which a history is appended to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs
from psycopg import Connection
from psycopg.rows import TupleRow

from jamsos.errors import StoreError

from .postgres_place import OWN_SCHEMA, Where

VERSION: Final = 4
"""The layout of these tables."""

TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "stored_events": {
            "originator_id": "text",
            "originator_version": "bigint",
            "topic": "text",
            "state": "bytea",
            "notification_id": "bigint",
        },
        "commands": {
            "command": "text",
            "request": "text",
            "position": "bigint",
            "events": "bigint",
            "answer": "bytea",
        },
        "concerns": {"stream": "text", "position": "bigint"},
        "tallies": {
            "generation": "bigint",
            "name": "text",
            "version": "integer",
            "live": "boolean",
            "position": "bigint",
        },
        "tally_cells": {
            "generation": "bigint",
            "heading": "text",
            "cell": "text",
            "month": "integer",
            "number": "bigint",
        },
        "jamsos_snapshots": {
            "stream": "text",
            "version": "bigint",
            "maker": "text",
            "digest": "text",
            "state": "bytea",
        },
        "jamsos_layout": {"version": "integer"},
        "jamsos_store": {"identity": "uuid"},
    }
)
"""The tables, and what each of their columns holds."""

INDEX: Final = "stored_events_notification_id_idx"
"""By which no position is taken twice."""

_MADE_AGAIN: Final = ("concerns", "tallies", "tally_cells", "jamsos_snapshots")
"""Tables that can be made again out of the history."""
_SINCE: Final = {
    "tallies": 2,
    "tally_cells": 2,
    "concerns": 3,
    "jamsos_store": 4,
    "jamsos_snapshots": 4,
}
"""The layout in which a table has come; the others were there from the first on."""

# The first table is laid out as `eventsourcing` does it. Its numbers come from us, and not from
# a sequence: a sequence leaves a gap if a transaction is rolled back.
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS {schema}.stored_events (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx
    ON {schema}.stored_events (notification_id);
CREATE TABLE IF NOT EXISTS {schema}.commands (
    command text PRIMARY KEY,
    request text,
    position bigint NOT NULL,
    events bigint NOT NULL,
    answer bytea
);
CREATE TABLE IF NOT EXISTS {schema}.concerns (
    stream text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (stream, position)
);
CREATE TABLE IF NOT EXISTS {schema}.tallies (
    generation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    live boolean NOT NULL,
    position bigint NOT NULL,
    UNIQUE (name, version, live)
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS {schema}.tally_cells (
    generation bigint NOT NULL,
    heading text NOT NULL,
    cell text NOT NULL,
    month integer NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (generation, heading, cell, month)
) WITH (fillfactor = 70);
CREATE TABLE IF NOT EXISTS {schema}.jamsos_snapshots (
    stream text PRIMARY KEY,
    version bigint NOT NULL,
    maker text NOT NULL,
    digest text NOT NULL,
    state bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS {schema}.jamsos_store (
    one boolean PRIMARY KEY DEFAULT TRUE CHECK (one),
    identity uuid NOT NULL
);
CREATE TABLE IF NOT EXISTS {schema}.jamsos_layout (version integer PRIMARY KEY);
"""

# It runs under the rights of its owner, with every name in full: whoever may do nothing else
# can append by it, and nothing of theirs is taken for ours. Who holds the row of the store
# alone appends, until they have committed: so positions appear in their order. A lock of the
# table would do as well, and would wait for a VACUUM; an advisory one could be held by anybody.
_FUNCTIONS: Final = """
CREATE OR REPLACE FUNCTION {schema}.jamsos_append(
    store uuid, patience integer,
    streams text[], versions bigint[], names text[], states bytea[],
    expected text[], newest bigint[], after_position bigint,
    unconcerned text[], known bigint[],
    asked text[], requests text[], firsts bigint[], numbers bigint[], answers bytea[],
    concerned text[], places bigint[]
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE last bigint; added bigint := cardinality(streams); changed text;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'an append must be READ COMMITTED';
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', patience::text, TRUE);
    END IF;
    PERFORM FROM {schema}.jamsos_store WHERE identity = store FOR UPDATE;
    IF NOT FOUND THEN
        RAISE division_by_zero USING MESSAGE = 'this is another store';
    END IF;
    SELECT coalesce(max(notification_id), 0) INTO last FROM {schema}.stored_events;
    IF after_position <> last THEN
        RAISE serialization_failure
            USING MESSAGE = format('something was recorded after position %s', after_position);
    END IF;
    SELECT s INTO changed FROM unnest(expected, newest) AS t (s, v)
        WHERE v <> coalesce((
            SELECT max(originator_version) FROM {schema}.stored_events WHERE originator_id = s
        ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE serialization_failure
            USING MESSAGE = format('%s has changed since it was read', changed);
    END IF;
    SELECT s INTO changed FROM unnest(unconcerned, known) AS t (s, k)
        WHERE k < coalesce((
            SELECT max(position) FROM {schema}.concerns WHERE stream = s AND position <= last
        ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE serialization_failure
            USING MESSAGE = format('something that concerns %s was recorded since', changed);
    END IF;
    SELECT s INTO changed FROM (
        SELECT DISTINCT s, v - row_number() OVER (PARTITION BY s ORDER BY place) AS before
        FROM unnest(streams, versions) WITH ORDINALITY AS t (s, v, place)
    ) AS following WHERE before <> coalesce((
        SELECT max(originator_version) FROM {schema}.stored_events WHERE originator_id = s
    ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE serialization_failure
            USING MESSAGE = format('%s has changed since it was read', changed);
    END IF;
    INSERT INTO {schema}.stored_events (
        originator_id, originator_version, topic, state, notification_id
    ) SELECT s, v, n, d, last + place
        FROM unnest(streams, versions, names, states) WITH ORDINALITY AS t (s, v, n, d, place);
    IF EXISTS (
        SELECT FROM unnest(firsts, numbers) AS t (f, e) WHERE e < 0 OR e > 0 AND f + e > added
        UNION ALL SELECT FROM unnest(places) AS t (p) WHERE p >= added
        UNION ALL SELECT FROM (
            SELECT f FROM unnest(firsts, numbers) AS t (f, e) WHERE e > 0 AND f < 0
            UNION ALL SELECT p FROM unnest(places) AS t (p) WHERE p < 0
        ) AS t (f) WHERE NOT EXISTS (
            SELECT FROM {schema}.stored_events
            WHERE notification_id = last + 1 + f AND xmin = pg_current_xact_id()::xid
        )
    ) THEN
        RAISE invalid_parameter_value
            USING MESSAGE = 'answers and concerns are of events of the same transaction';
    END IF;
    INSERT INTO {schema}.commands (command, request, position, events, answer)
        SELECT c, r, CASE WHEN e = 0 THEN 0 ELSE last + 1 + f END, e, a
        FROM unnest(asked, requests, firsts, numbers, answers) AS t (c, r, f, e, a);
    INSERT INTO {schema}.concerns (stream, position)
        SELECT s, last + 1 + p FROM unnest(concerned, places) AS t (s, p)
        ON CONFLICT DO NOTHING;
    RETURN last;
END $$;
REVOKE ALL ON FUNCTION {schema}.jamsos_append FROM PUBLIC;
"""
_OF_ANSWERS: Final = "text[], text[], bigint[], bigint[], bytea[]"
_OF_EVENTS: Final = "text[], bigint[], text[], bytea[], text[], bigint[], bigint"
_ARGUMENTS: Final = (
    f"uuid, integer, {_OF_EVENTS}, text[], bigint[], {_OF_ANSWERS}, text[], bigint[]"
)
_OLD: Final = {
    "jamsos_append": (
        f"{_OF_EVENTS}, {_OF_ANSWERS}",
        f"{_OF_EVENTS}, text[], bigint[], {_OF_ANSWERS}, text[], bigint[]",
    ),
    "jamsos_check": (
        "text[], bigint[], bigint",
        "text[], bigint[], bigint, text[], bigint[]",
    ),
}
"""The functions of older layouts."""

_RELATIONS: Final = """
SELECT c.relname::text, c.relkind::text, coalesce(
    array_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod))
    FILTER (WHERE a.attname IS NOT NULL), ARRAY[]::text[]
) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute AS a
ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = %s AND c.relname = ANY(%s) GROUP BY c.oid, c.relname, c.relkind
"""
_TYPES: Final = """
SELECT t.typname::text FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE n.nspname = %s AND t.typname = ANY(%s) AND t.typrelid = 0
"""
_PROCEDURES: Final = """
SELECT p.proname::text, ARRAY(
    SELECT pg_catalog.format_type(a.t, NULL)
    FROM unnest(p.proargtypes) WITH ORDINALITY AS a (t, place) ORDER BY place
), p.prosecdef, p.prosrc, pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = %s AND p.proname IN ('jamsos_append', 'jamsos_check')
"""
_ELSEWHERE: Final = """
SELECT n.nspname::text FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = 'jamsos_layout' AND n.nspname <> %s AND n.nspname = ANY(current_schemas(FALSE))
LIMIT 1
"""


@attrs.frozen
class Found:
    """What of ours there is in a schema: the *version* of its layout, None if there is nothing."""

    version: int | None
    relations: frozenset[str]
    procedures: Mapping[tuple[str, str], tuple[bool, str, bool]]

    @property
    def callable(self) -> bool:
        """Whether this role may append by the function."""
        found = self.procedures.get(("jamsos_append", _ARGUMENTS))
        return found is not None and found[2]


def look(connection: Connection[TupleRow], at: Where) -> Found:
    """
    Return what there is in the schema; raise `StoreError` if it is somebody else's.

    A newer layout is not of this program, and an error too.
    """
    names = [*TABLES, INDEX]
    relations: dict[str, tuple[str, list[str]]] = {
        name: (kind, columns)
        for name, kind, columns in connection.execute(_RELATIONS, [at.schema, names])
    }
    procedures = {
        (name, ", ".join(arguments)): (definer, source, allowed)
        for name, arguments, definer, source, allowed in connection.execute(
            _PROCEDURES, [at.schema]
        )
    }
    types = [name for (name,) in connection.execute(_TYPES, [at.schema, list(TABLES)])]
    for name, (kind, columns) in relations.items():
        _check_ours(at, name, kind, columns)
    for name, arguments in procedures:
        if arguments != _ARGUMENTS and arguments not in _OLD[name]:
            raise _foreign(at, f"the function {name}({arguments})")
    version = None
    if "jamsos_layout" in relations:
        [(version,)] = connection.execute(
            f"SELECT max(version) FROM {at.named}.jamsos_layout"  # noqa: S608 - quoted
        )
    marks = {"jamsos_layout", "jamsos_store" if version and version > VERSION else "commands"}
    if types or version is None or not marks <= set(relations):
        for told in (
            *(f"the type {name}" for name in types),
            *(f"{_kind(kind)} {name}" for name, (kind, _) in sorted(relations.items())),
            *(f"the function {name}" for name, _ in procedures),
        ):
            raise _foreign(at, told)
    elif version > VERSION:
        msg = (
            f"{at.place} has tables of version {version}, and this jamsos knows those up to"
            f" version {VERSION}: upgrade jamsos"
        )
        raise StoreError(msg)
    else:
        for name in TABLES:
            due = _SINCE.get(name, 1) <= version and name not in _MADE_AGAIN
            if due and name not in relations:
                msg = f"{at.place} has lost its table {name}: restore it from a backup"
                raise StoreError(msg)
    return Found(version, frozenset(relations), procedures)


def check(connection: Connection[TupleRow], at: Where) -> Found:
    """Return what there is in the schema; raise `StoreError` unless it is all of our layout."""
    found = look(connection, at)
    needed = (name for name in TABLES if name != "jamsos_snapshots")  # all goes on without them
    missing = [name for name in needed if name not in found.relations]
    if found.version == VERSION and not missing:
        function = found.procedures.get(("jamsos_append", _ARGUMENTS))
        if function is not None and function[:2] == (True, source(at)):
            return found
        told = f"those of version {VERSION} with another function jamsos_append"
    elif found.version == VERSION:
        told = f"those of version {VERSION} without {missing[0]}"
    elif found.version is not None:
        told = f"those of version {found.version}"
    else:
        told = "none"
        for (schema,) in connection.execute(_ELSEWHERE, [at.schema]):
            told = f"none (those in schema {schema} are not looked at)"
    msg = (
        f"{at.place} needs tables of version {VERSION} and has {told}: run 'jamsos migrate' with"
        f" its address first"
    )
    raise StoreError(msg)


def source(at: Where) -> str:
    """Return the text of the function, as it stands in the catalogue."""
    return _filled(_FUNCTIONS, at).split("$$")[1]


def statements(at: Where, found: Found) -> Iterable[str]:
    """Return what makes the layout out of what was *found*."""
    yield _filled(_TABLES, at)
    for name, arguments in found.procedures:
        if arguments in _OLD[name]:
            yield f"DROP FUNCTION {at.named}.{name}({arguments})"
    yield _filled(_FUNCTIONS, at)


def _filled(text: str, at: Where) -> str:
    return text.replace("{schema}", at.named)


def _check_ours(at: Where, name: str, kind: str, columns: list[str]) -> None:
    if name == INDEX:
        if kind not in "iI":
            raise _foreign(at, f"{_kind(kind)} {name}")
        return
    needed = {f"{column} {type_}" for column, type_ in TABLES[name].items()}
    if kind not in "rp" or not needed <= set(columns):
        raise _foreign(at, f"{_kind(kind)} {name}")


def _kind(kind: str) -> str:
    words = {"v": "the view", "m": "the view", "S": "the sequence", "c": "the type"}
    return words.get(kind, "the index" if kind in "iI" else "the table")


def _foreign(at: Where, told: str) -> StoreError:
    return StoreError(f"{told} in {at.place} is not of jamsos: {OWN_SCHEMA}")
