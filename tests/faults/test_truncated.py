"""The file of the database is cut off."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from eventsourcing.persistence import PersistenceError

import jamsos
from jamsos import cli
from jamsos.cli import exit_codes
from jamsos.errors import CorruptHistoryError, StoreError
from jamsos.store.event_store import EventStore
from tests.faults import evidence, plain, programs
from tests.faults.guarantees import not_promised, plain_library, promised

LETTERS = [f"w0-{number}" for number in range(30)]
PAGE = 4_096


@pytest.fixture
def written(ours, tmp_path):
    """Give the path of a store that was written and closed."""
    place = ours.file(tmp_path / "perisai.db")
    with jamsos.open(place) as registry:
        for letter in LETTERS:
            programs.answer(registry, letter).or_raise()
    return Path(place)


def read(path):
    with EventStore(path, create=False) as store:
        return list(store.history())


def lengths(size, often):
    """Return lengths that lack a page at least."""
    most = size - PAGE
    usual = [1, 15, 16, 99, 100, 512, PAGE - 1, PAGE, PAGE + 1, size // 2, most - 1, most]
    return often(usual, sorted({*usual, *range(1, most, 97), *range(PAGE, most, PAGE)}))


@promised("If a page or more is missing, it cannot be read: a part is never taken for all.")
def test_a_file_that_lacks_a_page_is_never_read_as_if_it_were_whole(written, often, tally):
    content, cut = written.read_bytes(), written.with_name("cut.db")
    tried = lengths(len(content), often)
    for length in tried:
        cut.write_bytes(content[:length])

        with pytest.raises((StoreError, CorruptHistoryError)):
            read(cut)
        with pytest.raises((StoreError, CorruptHistoryError)), jamsos.open(cut) as registry:
            list(registry.history())
        assert cut.read_bytes() == content[:length], length
    tally(cuts=len(tried))


@promised("If only a part of the last page is missing, neither.")
@pytest.mark.parametrize("missing", [1_000, 2_000, 4_000])
def test_a_file_that_lacks_a_part_of_a_page_is_never_read_as_if_it_were_whole(
    written, tally, missing
):
    cut = written.with_name("cut.db")
    for number in range(15):
        with jamsos.open(written) as registry:
            for letter in range(3):
                programs.answer(registry, f"w1-{number}-{letter}").or_raise()
        for leftover in cut.parent.glob("cut.db*"):
            leftover.unlink()
        cut.write_bytes(written.read_bytes()[:-missing])
        try:
            assert read(cut) == read(written), "a part was taken for the whole"
        except (StoreError, CorruptHistoryError):
            tally(cuts=1)


@not_promised(
    "Cut to nothing: an empty file is an empty history. `jamsos.open` makes a new store of it;"
    " `jamsos replay` and `jamsos count` say that there is nothing to compare, and end with 1."
)
def test_an_empty_file_is_an_empty_history(written):
    written.write_bytes(b"")

    with pytest.raises(StoreError):
        read(written)
    assert cli.main(["replay", str(written)]) == exit_codes.FINDINGS
    with jamsos.open(written) as registry:
        assert registry.last_position() == 0


@not_promised(
    "After a crash the newest decisions stand in the `-wal` file beside it. If that file is"
    " cut or deleted they are gone, and reading does not notice: keep the files together."
)
@pytest.mark.parametrize("deleted", [False, True])
def test_what_is_cut_off_the_wal_file_is_gone_without_a_word(ours, tmp_path, deleted):
    place, acks = ours.file(tmp_path / "perisai.db"), tmp_path / "acks"
    ours.start(
        "write",
        place=place,
        acks=str(acks),
        letters=LETTERS,
        unanswered=LETTERS[-1],
    ).wait()
    wal = Path(f"{place}-wal")
    copy = tmp_path / "copy.db"
    shutil.copyfile(place, copy)
    if not deleted:
        Path(f"{copy}-wal").write_bytes(wal.read_bytes()[: wal.stat().st_size // 2])

    kept = read(copy)

    assert [recorded.position for recorded in kept] == list(range(1, len(kept) + 1))
    assert len(kept) < len(read(place)) == ours.module.last_position(place)
    assert evidence.damage_of(str(copy)) == ()


@plain_library("Says so too if a page is missing; an empty file becomes a new database.")
def test_a_plain_application_says_so_too(theirs, tmp_path, often, tally):
    content = Path(theirs.file(tmp_path / "perisai.db")).read_bytes()

    def events_of_a_part(length):
        cut = tmp_path / f"{length}.db"
        cut.write_bytes(content[:length])
        return list(plain.application(str(cut)).read())

    tried = [length for length in lengths(len(content), often) if length >= PAGE]
    for length in tried:
        with pytest.raises((PersistenceError, sqlite3.Error)):
            events_of_a_part(length)
    assert events_of_a_part(0) == []
    tally(cuts=len(tried))
