"""A system call fails, or the process is killed in it."""

import pytest

from tests.faults import evidence, running
from tests.faults.guarantees import plain_library, promised

LETTERS = [f"w0-{number}" for number in range(6)]


def written_while_it_fails(side, place, folder, call, what, when, **how):
    """Send all letters while a call fails; return what was noted, and whether one did fail."""
    acks, log = folder / f"acks-{call}-{what}-{when}", folder / "trace"
    arguments = {"place": place, "acks": str(acks), "letters": LETTERS, **how}
    under = running.failing(call, what, when, log)
    done = running.start_alone(side.nursery.side, "write", *under, **arguments)
    return acks, running.hits(log), done


@promised(
    "At whichever call it happens, nothing acknowledged is lost or torn, and what an error said"
    " was not recorded is not."
)
@pytest.mark.parametrize(
    ("call", "what", "upto"),
    [
        ("pwrite64", "signal=KILL", 60),
        ("pwrite64", "error=EIO", 40),
        ("pwrite64", "error=ENOSPC", 40),
        ("fdatasync", "signal=KILL", 12),
        ("fdatasync", "error=EIO", 12),
        ("fdatasync", "error=ENOSPC", 12),
    ],
)
@pytest.mark.usefixtures("strace")
def test_whichever_call_to_the_disk_fails_nothing_is_lost_or_denied(
    ours, tmp_path, often, tally, call, what, upto
):
    hit, tried = 0, often([4] if call == "fdatasync" else [23], range(1, upto + 1))
    for when in tried:
        place = ours.file(tmp_path / f"{when}.db")

        acks, hits, _ = written_while_it_fails(ours, place, tmp_path, call, what, when)

        hit += hits
        said = evidence.told(acks)
        assert ours.harm(place, acks) == evidence.Harm(), f"{call} {when}"
        assert ours.sent_again(place, said, LETTERS) == evidence.Harm(), f"{call} {when}"
    assert hit
    tally(runs=len(tried), injected=hit)


@promised("A disk that fails for good is told; a decision kept all the same is answered as it was.")
@pytest.mark.parametrize(("call", "when"), [("fdatasync", "4+"), ("pwrite64", "23+")])
@pytest.mark.parametrize("what", ["error=EIO", "error=ENOSPC"])
@pytest.mark.usefixtures("strace")
def test_a_disk_that_fails_for_good_loses_nothing(ours, tmp_path, tally, call, when, what):
    place = ours.file(tmp_path / "perisai.db")

    acks, hits, _ = written_while_it_fails(
        ours, place, tmp_path, call, what, when, patience=0.5, errors=1, crash=True
    )

    said = evidence.told(acks)
    assert hits
    assert said.errors
    tally(runs=1, injected=hits)
    assert ours.harm(place, acks) == evidence.Harm()
    assert ours.sent_again(place, said, LETTERS) == evidence.Harm()


@promised("Calls to the server likewise.")
@pytest.mark.parametrize(
    ("call", "what", "upto"),
    [
        ("sendto", "signal=KILL", 30),
        ("recvfrom", "signal=KILL", 40),
        ("recvfrom", "error=ECONNRESET", 40),
    ],
)
@pytest.mark.usefixtures("strace")
def test_whichever_call_to_the_server_fails_nothing_is_lost_or_denied(
    ours, tmp_path, often, tally, call, what, upto
):
    place, hit = ours.database(), 0
    tried = often([13], range(1, upto + 1))
    for when in tried:
        letters = [f"w{when}-{number}" for number in range(4)]
        acks, log = tmp_path / f"acks-{when}", tmp_path / "trace"

        running.start_alone(
            "programs",
            "write",
            *running.failing(call, what, when, log),
            place=place,
            acks=str(acks),
            letters=letters,
        )

        hit += running.hits(log)
        said = evidence.told(acks)
        assert ours.harm(place, acks) == evidence.Harm(), f"{call} {when}"
        assert ours.sent_again(place, said, letters) == evidence.Harm(), f"{call} {when}"
    assert hit
    tally(runs=len(tried), injected=hit)


@plain_library(
    "An error at one write, and the obvious loop around `save`: the second `save` returns as if"
    " all were well, and the event is lost."
)
@pytest.mark.usefixtures("strace")
def test_a_plain_save_that_is_tried_again_after_an_error_of_the_disk_loses_the_event(
    theirs, tmp_path, tally
):
    place = theirs.file(tmp_path / "perisai.db")

    acks, hits, done = written_while_it_fails(
        theirs, place, tmp_path, "fdatasync", "error=EIO", 3, retry="save"
    )

    tally(runs=1, injected=hits)
    assert hits == 1
    assert (done.returncode, evidence.told(acks).errors) == (0, {})
    found = theirs.harm(place, acks)
    assert len(found.lost) == 1
    assert found.damage == ()


@plain_library(
    "A disk that fails for good: `save` raises, the event is there after the next start, and"
    " whoever asks again books it twice."
)
@pytest.mark.usefixtures("strace")
def test_a_plain_error_may_have_been_saved_all_the_same(theirs, tmp_path, tally):
    place = theirs.file(tmp_path / "perisai.db")

    acks, hits, _ = written_while_it_fails(
        theirs, place, tmp_path, "fdatasync", "error=EIO", "3+", retry="never", errors=1, crash=True
    )

    tally(runs=1, injected=hits)
    said = evidence.told(acks)
    [letter] = said.errors
    assert theirs.harm(place, acks).denied == (letter,)
    assert theirs.sent_again(place, said, [letter]).doubled == (letter,)
