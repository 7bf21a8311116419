"""A store is made out of a file, or copied, while something breaks or others write."""

import json
import shutil
import time
from pathlib import Path
from random import Random

import pytest

import jamsos
from jamsos.domain.decision import Accepted
from jamsos.store import history_file
from jamsos.store.backup import backup
from tests.faults import evidence, plain, running
from tests.faults.guarantees import not_promised, plain_library, promised

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
LENGTH = 500
TOGETHER = 4


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Write a history file of people who are registered, long enough to be interrupted."""
    lines = map(json.loads, GOLDEN.read_bytes().splitlines())
    registered = next(line for line in lines if line["type"] == "participant.registered.v1")
    file = tmp_path_factory.mktemp("source") / "people.jsonl"
    with file.open("w", encoding="utf-8") as told:
        for n in range(1, LENGTH + 1):
            stream = f"participant-00000000-0000-7000-8000-{n:012}"
            told.write(json.dumps({**registered, "position": n, "stream": stream}) + "\n")
    return file


def length(place):
    return sum(1 for _ in history_file.read(place))


@promised(
    "An import that is killed leaves no store under the name, or the whole one; the next is not"
    " hindered. Its own file may stay, and its name says what it is."
)
def test_an_import_that_is_killed_leaves_no_store_or_the_whole_one(
    ours, source, tmp_path, often, tally
):
    dice, rounds, go = Random(17), often(8, 100), tmp_path / "go"
    go.touch()
    for n in range(rounds):
        folder = tmp_path / str(n)
        folder.mkdir()
        place = folder / "new.db"
        child = ours.start(
            "fill", place=str(place), acks=str(tmp_path / "acks"), source=str(source), go=str(go)
        )
        running.wait_until(lambda at=folder: any(at.iterdir()))
        time.sleep(dice.uniform(0, 0.15))
        child.kill()
        child.wait()

        left = {path.name for path in folder.iterdir() if ".importing-" not in path.name}
        if place.exists():  # it may have been killed while it read the number back
            assert left <= {"new.db", "new.db-wal", "new.db-shm"}
            assert length(place) == LENGTH
        else:
            assert left == set()
            assert history_file.load(source, place) == length(place) == LENGTH
    tally(kills=rounds)


@promised(
    "Of several imports into one name at the same moment one is done, and each other is told so"
    " by a `ConflictError` or an `InputError` that names it. Nothing is written over."
)
def test_of_imports_into_one_name_one_is_done_and_the_others_are_told(
    ours, source, tmp_path, often, tally
):
    rounds = often(3, 40)
    for n in range(rounds):
        folder, go = tmp_path / str(n), tmp_path / f"go-{n}"
        folder.mkdir()
        place = str(folder / "new.db")
        acks = [tmp_path / f"acks-{n}-{number}" for number in range(TOGETHER)]
        children = [
            ours.start("fill", place=place, acks=str(path), source=str(source), go=str(go))
            for path in acks
        ]
        for path in acks:
            running.wait_until(path.exists)
        go.touch()
        for child in children:
            child.succeed()
        said = [evidence.told(path) for path in acks]

        assert [each.answers for each in said if each.answers] == [{place: str(LENGTH)}]
        errors = {each.errors[place] for each in said if each.errors}
        assert errors <= {"ConflictError", "InputError"}
        assert length(place) == LENGTH
        assert [path.name for path in folder.iterdir()] == ["new.db"]
    tally(starts=TOGETHER * rounds)


@promised(
    "A backup that is made while others write holds everything that was acknowledged before it"
    " began, whole and once, and answers each command as the store did."
)
def test_a_backup_while_others_write_holds_all_that_was_acknowledged_before_it_began(
    ours, tmp_path, often, tally
):
    place, rounds = ours.file(tmp_path / "perisai.db"), often(4, 40)
    acks = [tmp_path / f"acks-{w}" for w in range(2)]
    letters = [[f"w{w}-{n}" for n in range(400 * rounds)] for w in range(2)]
    children = [
        ours.start("write", place=place, acks=str(path), letters=mine)
        for path, mine in zip(acks, letters, strict=True)
    ]
    copies = []
    for n in range(rounds):
        sizes = [path.stat().st_size if path.exists() else 0 for path in acks]
        for path, size in zip(acks, sizes, strict=True):
            running.wait_until(lambda p=path, s=size: p.exists() and p.stat().st_size > s)
        known = evidence.told(*acks)
        copy = tmp_path / f"copy-{n}.db"
        copies.append((copy, known, backup(place, copy)))
    for child in children:
        child.kill()
        child.wait()

    whole = list(history_file.read(place))
    for copy, known, number in copies:
        assert list(history_file.read(copy)) == whole[:number]
        begun = list(known.answers)
        assert ours.sent_again(str(copy), known, begun) == evidence.Harm()
        assert length(copy) == number
    tally(runs=rounds)


@not_promised(
    "A store and its backup are the same history, under the same identity: where both go on, each"
    " decides for itself, and nothing notices."
)
def test_a_store_and_its_backup_decide_each_for_itself(tmp_path):
    with jamsos.open(tmp_path / "perisai.db") as registry:
        backup(tmp_path / "perisai.db", tmp_path / "copy.db")
        with jamsos.open(tmp_path / "copy.db") as other:
            who = jamsos.new_participant_id()
            for each, province in ((registry, "51"), (other, "32")):
                asked = each.once("letter").register(who, province=province, on=plain.ON)
                assert isinstance(asked, Accepted)


@plain_library(
    "Has no import and no backup: a file that is copied while it is written lacks what stands in"
    " the log beside it, and reads well."
)
def test_a_plain_file_that_is_copied_lacks_what_stands_in_its_log(theirs, tmp_path, tally):
    place = theirs.file(tmp_path / "perisai.db")
    app = plain.application(place)
    before = len(list(app.read()))
    app.save(plain.Leaving(programme="perisai", province="51", region="51", on=plain.ON))
    shutil.copyfile(place, tmp_path / "copy.db")
    copied = len(list(plain.application(str(tmp_path / "copy.db")).read()))
    tally(runs=1)

    assert copied == before < len(list(app.read()))
    app.close()
