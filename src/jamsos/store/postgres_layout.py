"""The tables of a PostgreSQL database, and the functions by which a history is appended to."""

from typing import Final

VERSION: Final = 3
"""The layout of these tables."""

# The first table is laid out as `eventsourcing` does it. Its numbers come from us, and not from
# a sequence: a sequence leaves a gap if a transaction is rolled back.
LAYOUT: Final = """
CREATE TABLE IF NOT EXISTS stored_events (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx
    ON stored_events (notification_id);
CREATE TABLE IF NOT EXISTS commands (
    command text PRIMARY KEY,
    request text,
    position bigint NOT NULL,
    events bigint NOT NULL,
    answer bytea
);
CREATE TABLE IF NOT EXISTS concerns (
    stream text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (stream, position)
);
DROP FUNCTION IF EXISTS jamsos_append(
    text[], bigint[], text[], bytea[], text[], bigint[], bigint,
    text[], text[], bigint[], bigint[], bytea[]
);
DROP FUNCTION IF EXISTS jamsos_check(text[], bigint[], bigint);
CREATE OR REPLACE FUNCTION jamsos_append(
    streams text[], versions bigint[], names text[], states bytea[],
    expected text[], newest bigint[], after_position bigint,
    unconcerned text[], known bigint[],
    commands text[], requests text[], firsts bigint[], numbers bigint[], answers bytea[],
    concerned text[], places bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
    last := jamsos_check(expected, newest, after_position, unconcerned, known);
    INSERT INTO stored_events
        SELECT s, v, n, d, last + place
        FROM unnest(streams, versions, names, states) WITH ORDINALITY AS t (s, v, n, d, place);
    INSERT INTO commands
        SELECT c, r, CASE WHEN e = 0 THEN 0 ELSE last + 1 + f END, e, a
        FROM unnest(commands, requests, firsts, numbers, answers) AS t (c, r, f, e, a);
    INSERT INTO concerns
        SELECT s, last + 1 + p FROM unnest(concerned, places) AS t (s, p)
        ON CONFLICT DO NOTHING;
    RETURN last;
END $$;
CREATE OR REPLACE FUNCTION jamsos_check(
    expected text[], newest bigint[], after_position bigint,
    unconcerned text[], known bigint[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bigint; changed text;
BEGIN
    LOCK TABLE stored_events IN EXCLUSIVE MODE;
    SELECT coalesce(max(notification_id), 0) INTO last FROM stored_events;
    IF after_position <> last THEN
        RAISE serialization_failure
            USING MESSAGE = format('something was recorded after position %s', after_position);
    END IF;
    SELECT s INTO changed FROM unnest(expected, newest) AS t (s, v)
        WHERE v <> coalesce((
            SELECT max(originator_version) FROM stored_events WHERE originator_id = s
        ), 0) LIMIT 1;
    IF FOUND THEN
        RAISE serialization_failure
            USING MESSAGE = format('%s has changed since it was read', changed);
    END IF;
    SELECT s INTO changed FROM unnest(unconcerned, known) AS t (s, k)
        WHERE k < coalesce(
            (SELECT max(position) FROM concerns WHERE stream = s AND position <= last), 0
        ) LIMIT 1;
    IF FOUND THEN
        RAISE serialization_failure
            USING MESSAGE = format('something that concerns %s was recorded since', changed);
    END IF;
    RETURN last;
END $$;
CREATE TABLE IF NOT EXISTS jamsos_layout (version integer PRIMARY KEY);
"""
