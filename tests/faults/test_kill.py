"""A process is killed while it writes."""

import time
from random import Random

import pytest

from tests.faults import evidence, running
from tests.faults.guarantees import plain_library, promised

WAYS = {
    "one by one": {},
    "by group commit": {"threads": 8},
    "batch after batch": {"many": True},
}


def killed_again_and_again(side, place, folder, *, rounds, writers, **how):
    """Kill *writers* in each round while they write; each goes on where it was not answered."""
    dice = Random(17)
    acks = [folder / f"acks-{writer}" for writer in range(writers)]
    letters = {writer: [f"w{writer}-{n}" for n in range(40 * rounds)] for writer in range(writers)}
    for _ in range(rounds):
        said = evidence.told(*acks)
        waiting = {w: [le for le in mine if le not in said.answers] for w, mine in letters.items()}
        sizes = [path.stat().st_size if path.exists() else 0 for path in acks]
        children = [
            side.start("write", place=place, acks=str(acks[w]), letters=waiting[w], **how)
            for w in range(writers)
        ]
        for path, size in zip(acks, sizes, strict=True):
            running.wait_until(lambda p=path, s=size: p.exists() and p.stat().st_size > s)
        time.sleep(dice.uniform(0, 0.02))
        for child in children:
            child.kill()
        assert {child.wait() for child in children} == {-9}
        assert evidence.damage_of(place) == ()
    return acks, [le for mine in letters.values() for le in mine]


@promised(
    "Every acknowledged decision is there, whole and once; one under way is there whole, or not"
    " at all."
)
@pytest.mark.parametrize("way", WAYS)
def test_a_writer_who_is_killed_again_and_again_loses_nothing(
    ours, prepared, tmp_path, often, tally, way
):
    place, rounds, how = prepared(ours), often(5, 35), WAYS[way]

    acks, letters = killed_again_and_again(ours, place, tmp_path, rounds=rounds, writers=2, **how)

    tally(kills=2 * rounds)
    many = {"many": True} if how.get("many") else {}
    said = evidence.told(*acks)
    begun = letters[: len(said.answers) + 2 * rounds]
    assert len(said.answers) >= rounds
    assert ours.harm(place, *acks, **many) == evidence.Harm()
    assert ours.sent_again(place, said, begun, **many) == evidence.Harm()


@plain_library("Holds as well: all that `save` acknowledged is there, whole.")
def test_a_plain_writer_who_is_killed_loses_nothing_either(
    theirs, prepared, tmp_path, often, tally
):
    place, rounds = prepared(theirs), often(4, 20)

    acks, _ = killed_again_and_again(theirs, place, tmp_path, rounds=rounds, writers=1)

    tally(kills=rounds)
    found = theirs.harm(place, *acks)
    assert (found.lost, found.torn, found.gaps, found.damage) == ((), (), (), ())
