"""
The golden file ``tests/golden/v6-facts.jsonl``: facts told late, voided, and told otherwise.

`make_facts` made it, when a fact got its day and could be put right: moves and leavings of version
2, and voids. This file writes it to the standard output when it is run. The tests of every golden
file are in ``test_golden.py``.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

import jamsos
from jamsos.cli.story import sentence
from jamsos.domain.aggregate import state
from jamsos.domain.participant import (
    LeavingReason,
    ParticipantFactVoided,
    ParticipantLeft,
    ParticipantMoved,
)
from jamsos.store import history_file
from jamsos.store.event_store import EventStore

GOLDEN = Path(__file__).parents[1] / "golden"
V6_FACTS = GOLDEN / "v6-facts.jsonl"
V1 = GOLDEN / "v1.jsonl"

ANI, BUDI = (f"agent-00000000-0000-7000-8000-{number:012}" for number in (1, 2))
FISHER, SEWER, NURSE = (f"participant-00000000-0000-7000-8000-{number:012}" for number in (1, 2, 4))
BPU, PU = jamsos.Segment.NON_WAGE_EARNER, jamsos.Segment.WAGE_EARNER


def make_facts(folder: Path | str) -> bytes:
    """Tell facts out of order, void one of each kind, and tell one otherwise; with fixed ids."""
    path = Path(folder) / "facts.db"
    with jamsos.open(path, clock=lambda: datetime(2019, 1, 7, 2, tzinfo=UTC)) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        registry.allot("perisai", 2, on=date(2017, 11, 20)).or_raise()
        for each in (ANI, BUDI):
            registry.recruit(each, "perisai", province="51", on=date(2017, 11, 24)).or_raise()
            registry.begin_training(each, on=date(2017, 11, 27)).or_raise()
            registry.certify(each, on=date(2017, 11, 30)).or_raise()
            registry.assign(each, on=date(2017, 12, 4)).or_raise()
        _late(registry)
        _voided(registry)
        _otherwise(registry)
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def _late(registry: jamsos.Registry) -> None:
    registry.register(FISHER, province="51", on=date(2018, 1, 9), agent=ANI).or_raise()
    registry.move(FISHER, province="32", on=date(2018, 6, 4)).or_raise()
    registry.move(FISHER, province="52", on=date(2018, 3, 12)).or_raise()
    registry.register(FISHER, province="51", segment=PU, on=date(2018, 2, 1)).or_raise()
    registry.leave(FISHER, reason=LeavingReason.OTHER, on=date(2018, 9, 3)).or_raise()
    registry.leave(
        FISHER, segment=PU, reason=LeavingReason.LEFT_WORK, on=date(2018, 5, 7)
    ).or_raise()
    registry.transfer(FISHER, branch="N03", on=date(2018, 4, 2)).or_raise()


def _voided(registry: jamsos.Registry) -> None:
    on = date(2019, 1, 7)
    registry.register(SEWER, province="35", on=date(2018, 1, 9)).or_raise()
    registry.pay(
        SEWER,
        reference="S-1",
        months=jamsos.Months.parse("2018-01/2018-02"),
        income=1_000_000,
        amount=33_600,
        on=date(2018, 1, 9),
    ).or_raise()
    registry.move(SEWER, province="51", on=date(2018, 2, 5)).or_raise()
    registry.transfer(SEWER, agent=BUDI, on=date(2018, 2, 6)).or_raise()
    registry.leave(SEWER, reason=LeavingReason.LEFT_WORK, on=date(2018, 5, 7)).or_raise()
    registry.come_back(SEWER, province="35", agent=ANI, on=date(2018, 7, 2)).or_raise()
    registry.leave(SEWER, reason=LeavingReason.DEATH, on=date(2018, 9, 3)).or_raise()
    registry.void(SEWER, version=7, reason="wrong-person", on=on).or_raise()
    registry.void(SEWER, version=6, on=on).or_raise()
    registry.void(SEWER, version=5, on=on).or_raise()
    registry.void(SEWER, version=4, on=on).or_raise()
    registry.void(SEWER, version=2, on=on).or_raise()


def _otherwise(registry: jamsos.Registry) -> None:
    registry.register(NURSE, province="51", on=date(2018, 3, 15), agent=ANI).or_raise()
    registry.register(
        NURSE, province="52", on=date(2018, 3, 14), agent=BUDI, instead_of=1
    ).or_raise()


def test_the_facts_of_v6_are_made_in_the_same_bytes_again(tmp_path):
    assert make_facts(tmp_path) == V6_FACTS.read_bytes()


def _of(who):
    return state(who, [r.event for r in history_file.read(V6_FACTS) if r.stream == who])


def test_the_facts_of_v6_make_the_lives_that_they_are_known_to_make():
    fisher, sewer, nurse = map(_of, (FISHER, SEWER, NURSE))

    def spells(who, segment=BPU):
        return [(str(s.months), s.province, s.agent) for s in who.standing(segment).spells]

    assert spells(fisher) == [
        ("2018-01/2018-02", "51", ANI),
        ("2018-03/2018-03", "52", ANI),
        ("2018-04/2018-05", "52", None),
        ("2018-06/2018-08", "32", None),
    ]
    assert spells(fisher, PU) == [("2018-02/2018-02", "51", None), ("2018-03/2018-04", "52", None)]
    assert spells(sewer) == [("2018-01/2018-01", "35", None), ("2018-02/..", "51", None)]
    assert (sewer.died_on, sewer.payments["S-1"].corrected) == (None, True)
    assert {version: str(void.fact) for version, void in sewer.voids.items()} == {
        7: "left",
        6: "came-back",
        5: "left",
        4: "transferred",
    }
    assert spells(nurse) == [("2018-03/..", "52", BUDI)]
    assert [(void.fact_on, void.agent, void.reason) for void in nurse.voids.values()] == [
        (date(2018, 3, 15), ANI, "retold")
    ]


def test_what_is_recorded_of_each_life_of_v6_is_what_its_facts_make():
    for who in map(_of, (FISHER, SEWER, NURSE)):
        assert who.recorded == who.standings


def test_a_void_of_v6_reads_as_a_sentence():
    events = [recorded.event for recorded in history_file.read(V6_FACTS)]

    told = [sentence(each) for each in events if isinstance(each, ParticipantFactVoided)]
    assert told == [
        "version 7 voided (wrong-person): left on 2018-09-03, counts for nothing",
        (
            f"version 6 voided (mistake): came-back on 2018-07-02 of segment bpu, {ANI}, counts"
            " for nothing"
        ),
        "version 5 voided (mistake): left on 2018-05-07, counts for nothing",
        (
            f"version 4 voided (mistake): transferred on 2018-02-06 of segment bpu, {BUDI}, counts"
            " for nothing"
        ),
        (
            f"version 1 voided (retold): registered on 2018-03-15 of segment bpu, {ANI}, counts"
            " for nothing"
        ),
    ]


def test_moves_and_leavings_of_v6_are_told_of_no_segments_by_name():
    events = [recorded.event for recorded in history_file.read(V6_FACTS)]

    told = [each for each in events if isinstance(each, ParticipantLeft | ParticipantMoved)]
    assert len(told) == 7
    assert all(each.as_told is None for each in told)


def test_moves_and_leavings_of_v1_read_with_the_segments_of_their_changes():
    stored = [msgspec.json.decode(line) for line in V1.read_bytes().splitlines()]
    old = [each for each in stored if each["type"].endswith((".moved.v1", ".left.v1"))]
    events = [recorded.event for recorded in history_file.read(V1)]
    read = [each for each in events if isinstance(each, ParticipantLeft | ParticipantMoved)]

    assert len(old) == len(read) == 4
    for line, event in zip(old, read, strict=True):
        assert "as_told" not in line["data"]
        segments = [change["segment"] for change in line["data"]["changes"]]
        assert [str(each) for each in event.as_told] == segments


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.buffer.write(make_facts(folder))
