"""
The golden file ``tests/golden/v5-proof.jsonl``: rules whose citations say what was read.

`make_proof` made it, when citations began to keep a passage, its SHA-256, the day of reading and
the Akoma Ntoso name; this file writes it to the standard output when it is run. The tests of
every golden file are in ``test_golden.py``.
"""

import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

import jamsos
from jamsos.domain.aggregate import state
from jamsos.domain.codec import UnreadableEventError
from jamsos.domain.rule import Conflict
from jamsos.store import history_file
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore

V5_PROOF = Path(__file__).parents[1] / "golden" / "v5-proof.jsonl"

PASSAGE = 'Pasal 1\n"Iuran" sebesar 1 % – dibayar peserta.'
OTHER = "Iuran dua persen."


def proven(passage: str, number: int) -> jamsos.Citation:
    """Make a citation that says all that can be said."""
    return jamsos.Citation(
        f"Example {number}/2026",
        "article 1",
        source="tests/golden",
        url=f"https://example.org/{number}/2026",
        passage=passage,
        passage_sha256=sha256(passage.encode()).hexdigest(),
        read_on=date(2026, 1, number),
        akn=f"/akn/id/act/example/2026/{number}",
    )


def make_proof(folder: Path | str) -> bytes:
    """Enact, amend and end a rule, each with proof, and with a part of it; with a fixed clock."""
    path = Path(folder) / "proof.db"
    with jamsos.open(path, clock=lambda: datetime(2026, 1, 5, 2, tzinfo=UTC)) as registry:
        registry.enact(
            "jkk",
            "rate",
            unit="per-100000",
            values=[
                jamsos.DatedValue(
                    value=1_000,
                    in_force=date(2026, 1, 1),
                    until=date(2026, 1, 31),
                    citation=proven(PASSAGE, 1),
                    status=jamsos.Status.ENACTED,
                    conflicts=(
                        Conflict(2_000, proven(OTHER, 2), "It says another."),
                        Conflict(3_000, jamsos.Citation("Example 3/2026")),
                    ),
                ),
                jamsos.DatedValue(
                    value=1_100,
                    in_force=date(2026, 2, 1),
                    citation=jamsos.Citation("Example 4/2026", passage=OTHER),
                    status=jamsos.Status.REPORTED,
                ),
            ],
            on=date(2026, 1, 5),
        ).or_raise()
        registry.amend(
            "jkk",
            "rate",
            jamsos.DatedValue(
                value=1_200,
                in_force=date(2026, 3, 1),
                citation=proven(OTHER, 5),
                status=jamsos.Status.ENACTED,
                conflicts=(
                    Conflict(
                        1_300,
                        jamsos.Citation(
                            "Example 6/2026", passage_sha256=sha256(OTHER.encode()).hexdigest()
                        ),
                    ),
                ),
            ),
            on=date(2026, 1, 6),
        ).or_raise()
        registry.end_rule(
            "jkk",
            "rate",
            last_day=date(2026, 12, 31),
            citation=proven(PASSAGE, 7),
            on=date(2026, 1, 7),
        ).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def test_the_proof_of_v5_is_made_in_the_same_bytes_again(tmp_path):
    assert make_proof(tmp_path) == V5_PROOF.read_bytes()


def test_the_proof_of_v5_makes_the_law_that_it_is_known_to_make():
    events = [recorded.event for recorded in history_file.read(V5_PROOF)]
    law = state("programme-jkk", events)
    january, february, march = (law.rule("rate", date(2026, month, 1)) for month in (1, 2, 3))

    assert [rule.value for rule in (january, february, march)] == [1_000, 1_100, 1_200]
    assert january.citation == proven(PASSAGE, 1)
    assert january.citation.read_on == date(2026, 1, 1)
    assert january.citation.akn == "/akn/id/act/example/2026/1"
    assert january.citation.passage_sha256 == (
        "c3d620d4bfefba169c2e9a0138216536f7b3a7a395df59f95821219fa6d0a4d6"
    )
    assert [c.citation for c in january.dated.conflicts] == [
        proven(OTHER, 2),
        jamsos.Citation("Example 3/2026"),
    ]
    assert (february.citation.passage, february.citation.passage_sha256) == (OTHER, None)
    assert march.citation == proven(OTHER, 5)
    assert march.dated.conflicts[0].citation.passage is None
    assert march.until == date(2026, 12, 31)
    assert events[-1].citation == proven(PASSAGE, 7)


def test_a_passage_that_was_changed_in_the_store_cannot_be_read():
    lines = [line for line in V5_PROOF.read_bytes().splitlines() if b"dua persen" in line]

    assert len(lines) == 2
    for line in lines:
        stored = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        name, data = msgspec.json.decode(stored["type"]), bytes(stored["data"])
        with pytest.raises(UnreadableEventError, match="that of its passage is"):
            CODEC.decode(name, data.replace(b"dua persen", b"tiga persen"))


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.buffer.write(make_proof(folder))
