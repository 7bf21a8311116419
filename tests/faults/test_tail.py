"""A reader follows the history while large transactions are slow to commit."""

import psycopg

from tests.faults import evidence
from tests.faults.guarantees import plain_library, promised

SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(random() * 0.004); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow();
"""
"""Lets each commit take some milliseconds for each of its events."""


def slowed(place, table):
    if evidence.is_server(place):
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(SLOW.format(table=table))


def read_while_written(side, place, folder, writers, **tail):
    """Let a reader follow while *writers* write; return the positions that it saw, in order."""
    seen, stop = folder / "seen", folder / "stop"
    reader = side.start("tail", place=place, seen=str(seen), stop=str(stop), **tail)
    children = [side.start("write", place=place, **writer) for writer in writers]
    for child in children:
        child.succeed()
    stop.touch()
    reader.succeed()
    return [int(line) for line in seen.read_text().splitlines()]


@promised("It sees every event, in order, and never steps over one that commits late.")
def test_a_reader_who_follows_sees_every_event_in_order(ours, prepared, tmp_path, often, tally):
    place = prepared(ours)
    slowed(place, "stored_events")
    fat, thin = often((10, 120), (35, 900))
    writers = [
        {"acks": str(tmp_path / "fat"), "many": True, "letters": [f"w0-{n}" for n in range(fat)]},
        *(
            {"acks": str(tmp_path / f"w{w}"), "letters": [f"w{w}-{n}" for n in range(thin)]}
            for w in (1, 2, 3)
        ),
    ]

    seen = read_while_written(ours, place, tmp_path, writers)

    tally(read=len(seen))
    assert len(seen) > 2 * 25 * fat + 3 * 2 * thin
    assert seen == list(range(1, len(seen) + 1))
    assert seen[-1] == ours.module.last_position(place)


@plain_library("The same: its recorder locks the table, so that positions appear in order.")
def test_a_plain_reader_who_follows_sees_every_event_too(theirs, prepared, tmp_path, often, tally):
    place = prepared(theirs)
    slowed(place, "scheme_events")
    env = {"CREATE_TABLE": "n"}
    writers = [
        {
            "acks": str(tmp_path / f"w{w}"),
            "letters": [f"w{w}-{n}" for n in range(often(60, 500))],
            "retry": "command",
            "env": env,
        }
        for w in range(3)
    ]

    seen = read_while_written(theirs, place, tmp_path, writers, env=env)

    tally(read=len(seen))
    assert set(theirs.module.positions(place)) == set(seen)
    assert seen == sorted(seen)


@plain_library(
    "With `POSTGRES_ENABLE_DB_FUNCTIONS=y`, which is faster, it takes no lock: the reader steps"
    " over events that commit late and never sees them."
)
def test_a_plain_reader_steps_over_events_where_database_functions_are_enabled(
    theirs, postgres, tmp_path, often, tally
):
    env = {"POSTGRES_ENABLE_DB_FUNCTIONS": "y"}
    place = postgres.new_database()
    theirs.module.prepare(place, **env)
    slowed(place, "scheme_events")
    writers = [
        {
            "acks": str(tmp_path / f"w{w}"),
            "letters": [f"w{w}-{n}" for n in range(often(60, 300))],
            "retry": "command",
            "env": {**env, "CREATE_TABLE": "n"},
        }
        for w in range(4)
    ]

    seen = read_while_written(theirs, place, tmp_path, writers, env={**env, "CREATE_TABLE": "n"})

    tally(read=len(seen))
    assert set(seen) < set(theirs.module.positions(place))
