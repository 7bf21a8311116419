"""Everything at once, at random: a short piece of the long run."""

import time

import pytest

from tests.faults import long_run
from tests.faults.guarantees import plain_library, promised


@promised(
    "Eight processes that fork, are killed, stopped and interrupted by signals, over a database"
    " that is locked, cut off and restarted: what was acknowledged is recorded, once, and nothing"
    " that was denied is. `make long-run` goes on for 20 minutes."
)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_round_of_the_long_run_keeps_every_word(need_postgres, kind, often, tally):  # noqa: ARG001
    assert long_run.over(kind, seconds=often(0, 60), seed=2018, round_seconds=often(4, 10))

    tally(runs=1)


@plain_library(
    "Eight writers on a file that is locked, of whom some are killed, with the obvious loop around"
    " `save`: what `save` acknowledged is lost."
)
def test_a_plain_round_loses_what_was_acknowledged(theirs, tmp_path, often, tally):
    place, seconds = theirs.file(tmp_path / "perisai.db"), often(3, 30)
    acks = [tmp_path / f"acks-{writer}" for writer in range(long_run.WRITERS)]
    on = long_run.Standing(place, None)
    on.writers = [
        theirs.start(
            "write",
            place=place,
            acks=str(path),
            letters=[f"w{writer}-{n}" for n in range(2_000)],
            errors=1_000,
            env={"SQLITE_LOCK_TIMEOUT": "1"},
        )
        for writer, path in enumerate(acks)
    ]
    begun = time.monotonic()
    for fault in long_run.plan("plain-3", ("kill", "pause", "lock", "lock"), seconds):
        if time.monotonic() > begun + seconds:
            break
        time.sleep(max(0.0, begun + fault.at - time.monotonic()))
        on.strike(fault)
    for writer in on.writers:
        writer.kill()
        writer.wait()

    tally(runs=1)
    assert theirs.harm(place, *acks).lost
