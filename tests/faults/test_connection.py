"""The connection to the server is cut."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults import evidence, running
from tests.faults.guarantees import plain_library, promised
from tests.faults.proxy import Proxy

LETTERS = 5


@promised(
    "At whichever message it is cut, the command is decided again, and answered; nothing is lost"
    " and nothing is there twice."
)
@pytest.mark.parametrize("direction", ["requests", "answers"])
def test_a_connection_that_is_cut_at_any_message_loses_and_doubles_nothing(
    ours, tmp_path, often, tally, direction
):
    place, cuts = ours.database(), 0
    tried = often((13, 16), range(1, 41))
    for number in tried:
        letters = [f"w{number}-{direction}-{letter}" for letter in range(LETTERS)]
        acks = tmp_path / f"acks-{number}"
        with Proxy(place, direction, number) as proxy:
            ours.start("write", place=proxy.place, acks=str(acks), letters=letters).wait()
            cuts += proxy.has_cut

        said = evidence.told(acks)
        assert ours.harm(place, acks) == evidence.Harm(), number
        assert ours.sent_again(place, said, letters) == evidence.Harm(), number
    assert cuts
    tally(runs=len(tried), cuts=cuts)


@promised(
    "If the server stays away after the cut, only an `OutcomeUnknownError` may be recorded;"
    " after every other error nothing is."
)
@pytest.mark.parametrize("direction", ["requests", "answers"])
def test_after_a_cut_for_good_only_an_unknown_outcome_may_be_recorded(
    ours, tmp_path, often, tally, direction
):
    place = ours.database()
    tried = often(range(14, 24), range(6, 30))
    letters = {n: [f"w{n}-{direction}-{letter}" for letter in range(LETTERS)] for n in tried}
    acks = {number: tmp_path / f"acks-{number}" for number in tried}
    with ExitStack() as together:
        proxies = [
            together.enter_context(Proxy(place, direction, number, for_good=True))
            for number in tried
        ]
        writers = [
            ours.start(
                "write",
                place=proxy.place,
                acks=str(acks[number]),
                letters=letters[number],
                patience=0.2,
                errors=1,
            )
            for number, proxy in zip(tried, proxies, strict=True)
        ]
        for writer in writers:
            writer.wait()
        assert all(proxy.has_cut for proxy in proxies)

    tally(runs=len(tried), cuts=len(tried))
    assert ours.harm(place, *acks.values()) == evidence.Harm()
    said = evidence.told(*acks.values())
    assert any(le in said.errors for le in ours.module.recorded(place)) or direction == "requests"
    assert (
        ours.sent_again(place, said, [le for mine in letters.values() for le in mine])
        == evidence.Harm()
    )


@promised("Cut again and again while four write, they go on; nothing is lost, nothing is twice.")
def test_writers_whose_connections_are_cut_all_the_time_go_on(
    ours, postgres, tmp_path, often, tally
):
    place, cuts = ours.database(), 0
    acks = [tmp_path / f"acks-{writer}" for writer in range(4)]
    letters = [[f"w{w}-{n}" for n in range(often(60, 600))] for w in range(4)]
    writers = [
        ours.start("write", place=place, acks=str(acks[w]), letters=letters[w], patience=60)
        for w in range(4)
    ]
    for path in acks:
        running.wait_until(Path(f"{path}.ready").exists)
    end = time.monotonic() + often(1, 15)
    while time.monotonic() < end:
        cuts += postgres.terminate_connections(place)
        time.sleep(0.1)
    for writer in writers:
        writer.succeed()

    tally(cuts=cuts)
    assert cuts
    assert ours.harm(place, *acks) == evidence.Harm()
    said = evidence.told(*acks)
    assert len(said.answers) == sum(map(len, letters)), said.errors
    assert ours.sent_again(place, said, [le for mine in letters for le in mine]) == evidence.Harm()


@plain_library(
    "Cut once at the commit: the recorder writes again, meets what it has written itself, and"
    " `save` says that it failed. A caller who then asks again has the agent twice."
)
def test_a_plain_save_whose_answer_is_lost_fails_and_is_recorded(theirs, tmp_path, tally):
    place, denied, doubled = theirs.database(), 0, 0
    tried = range(10, 40)
    for number in tried:
        letter = f"w{number}-1"
        acks = tmp_path / f"acks-{number}"
        with Proxy(place, "answers", number) as proxy:
            theirs.start(
                "write",
                place=proxy.place,
                acks=str(acks),
                letters=[letter],
                retry="never",
                env={"CREATE_TABLE": "n"},
            ).wait()
            if not proxy.has_cut:
                break
        said = evidence.told(acks)
        if letter in theirs.harm(place, acks).denied:
            denied += 1
            doubled += letter in theirs.sent_again(place, said, [letter]).doubled
    tally(runs=number - 9, cuts=number - 10)
    assert denied
    assert doubled == denied
