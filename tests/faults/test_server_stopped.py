"""The server is stopped at once, as if its power failed, and started again."""

import time
from random import Random

import pytest

from tests import postgres as servers
from tests.faults import evidence
from tests.faults.guarantees import plain_library, promised

WRITERS = 3


@pytest.fixture(scope="module")
def stoppable(need_postgres):  # noqa: ARG001 - it comes first
    """Start a server that only these tests use: they stop it."""
    with servers.server() as opened:
        yield opened


def stopped_again_and_again(side, place, server, folder, *, times, each, **how):
    """Let three write while the server goes down and comes up; return what they were told."""
    dice = Random(5)
    acks = [folder / f"acks-{writer}" for writer in range(WRITERS)]
    letters = [[f"w{w}-{n}" for n in range(each)] for w in range(WRITERS)]
    writers = [
        side.start("write", place=place, acks=str(path), letters=mine, errors=each, **how)
        for path, mine in zip(acks, letters, strict=True)
    ]
    for _ in range(times):
        time.sleep(dice.uniform(0.3, 0.8))
        server.stop("immediate")
        server.start()
    for writer in writers:
        writer.succeed()
    return acks, [le for mine in letters for le in mine]


@promised("Writers wait until it is back, and go on; nothing is lost and nothing is there twice.")
@pytest.mark.parametrize("threads", [1, 8])
def test_writers_go_on_when_the_server_is_back_and_nothing_is_lost(
    ours, stoppable, tmp_path, often, tally, threads
):
    place, times = stoppable.new_database(), often(1, 8)
    ours.module.prepare(place)

    acks, letters = stopped_again_and_again(
        ours,
        place,
        stoppable,
        tmp_path,
        times=times,
        each=often(100, 800),
        threads=threads,
        patience=60,
    )

    said = evidence.told(*acks)
    tally(stops=times)
    assert ours.harm(place, *acks) == evidence.Harm()
    assert len(said.answers) == len(letters), said.errors
    assert ours.sent_again(place, said, letters) == evidence.Harm()


@promised("If it stays down, only an `OutcomeUnknownError` may be recorded.")
def test_a_server_that_stays_down_is_an_error_that_says_what_may_be_recorded(
    ours, stoppable, tmp_path, often, tally
):
    place, times = stoppable.new_database(), often(1, 6)
    ours.module.prepare(place)
    acks = tmp_path / "acks"
    tried = []
    for number in range(times):
        letters = [f"w{number}-{letter}" for letter in range(2_000)]
        writer = ours.start(
            "write", place=place, acks=str(acks), letters=letters, patience=0.2, errors=1
        )
        time.sleep(0.5)
        stoppable.stop("immediate")
        writer.succeed()
        stoppable.start()
        said = evidence.told(acks)
        tried += [le for le in letters if le in said.answers or le in said.errors]

    tally(stops=times)
    assert said.errors
    assert ours.harm(place, acks) == evidence.Harm()
    assert ours.sent_again(place, said, tried) == evidence.Harm()


@plain_library(
    "All that `save` acknowledged is there. A `save` that failed may be recorded too, and there is"
    " no way to ask."
)
def test_a_plain_writer_goes_on_too_and_what_was_acknowledged_is_there(
    theirs, stoppable, tmp_path, often, tally
):
    place, times = stoppable.new_database(), often(1, 8)
    theirs.module.prepare(place)
    plainly = {"retry": "never", "env": {"CREATE_TABLE": "n"}}

    acks, _ = stopped_again_and_again(
        theirs, place, stoppable, tmp_path, times=times, each=often(100, 600), **plainly
    )

    tally(stops=times)
    found = theirs.harm(place, *acks)
    assert (found.lost, found.torn, found.gaps, found.unreadable) == ((), (), (), ())
