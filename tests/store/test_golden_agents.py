"""
The golden file ``tests/golden/v7-agents.jsonl``: facts about agents voided, and told otherwise.

`make_agents` made it, when any fact about an agent could be put right, and an agent could go on
with a seat of another region. This file writes it to the standard output when it is run. The tests
of every golden file are in ``test_golden.py``.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import jamsos
from jamsos.cli.story import sentence
from jamsos.domain.agent import AgentFactVoided, AgentReseated, Held
from jamsos.domain.aggregate import state
from jamsos.store import history_file
from jamsos.store.event_store import EventStore

V7_AGENTS = Path(__file__).parents[1] / "golden" / "v7-agents.jsonl"

ANI, BUDI = (f"agent-00000000-0000-7000-8000-{number:012}" for number in (1, 2))
HIRED, WORK = date(2017, 11, 24), date(2017, 12, 4)


def make_agents(folder: Path | str) -> bytes:
    """Move one to a seat elsewhere, tell facts otherwise, and void one; with fixed ids."""
    path = Path(folder) / "agents.db"
    with jamsos.open(path, clock=lambda: datetime(2019, 1, 7, 2, tzinfo=UTC)) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        registry.allot("perisai", 3, on=date(2017, 11, 20)).or_raise()
        registry.allot("perisai", 1, region="51", on=date(2017, 11, 20)).or_raise()
        for each in (ANI, BUDI):
            registry.recruit(each, "perisai", province="51", on=HIRED).or_raise()
        registry.begin_training(ANI, on=HIRED).or_raise()
        registry.certify(ANI, on=date(2017, 11, 30)).or_raise()
        registry.assign(ANI, on=WORK).or_raise()
        registry.reseat(ANI, region="51", on=date(2018, 3, 1)).or_raise()
        registry.reseat(ANI, region="51", on=date(2018, 2, 1), instead_of=5).or_raise()
        registry.recruit(ANI, "perisai", province="52", on=HIRED, instead_of=1).or_raise()
        registry.resign(BUDI, on=date(2018, 5, 2)).or_raise()
        registry.void(BUDI, version=2, reason="another-person", on=date(2019, 1, 7)).or_raise()
        registry.void(BUDI, version=1, on=date(2019, 1, 7)).or_raise()
    with EventStore(path, create=False) as store:
        return b"".join(history_file.lines(store))


def test_the_agents_of_v7_are_made_in_the_same_bytes_again(tmp_path):
    assert make_agents(tmp_path) == V7_AGENTS.read_bytes()


def test_the_history_of_v7_makes_the_agents_that_it_is_known_to_make():
    history = list(history_file.read(V7_AGENTS))
    ani, budi = (state(who, [r.event for r in history if r.stream == who]) for who in (ANI, BUDI))

    assert ani.seats == (Held("national", HIRED, date(2018, 2, 1)), Held("51", date(2018, 2, 1)))
    assert (ani.active_days, ani.province) == (((WORK, None),), "52")
    assert [stage.version for stage in ani.stages] == [9, 2, 3, 4, 7]
    assert {version: void.reason for version, void in ani.voided.items()} == {
        5: "retold",
        1: "retold",
    }
    assert (budi.stages, budi.programme) == ((), None)
    assert [void.programme for void in budi.voided.values()] == [None, "perisai"]


def test_the_events_of_v7_read_as_sentences():
    events = [recorded.event for recorded in history_file.read(V7_AGENTS)]

    told = [sentence(e) for e in events if isinstance(e, AgentReseated | AgentFactVoided)]
    assert told == [
        "got a seat of region 51 (under perisai/agent-cap/2)",
        "voided (retold): what was told as reseated on 2018-03-01, version 5, never was",
        "got a seat of region 51 (under perisai/agent-cap/2)",
        "voided (retold): what was told as recruited on 2017-11-24, version 1, never was",
        "voided (another-person): what was told as resigned on 2018-05-02, version 2, never was",
        "voided (mistake): what was told as recruited on 2017-11-24, version 1, never was",
    ]


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        sys.stdout.buffer.write(make_agents(folder))
