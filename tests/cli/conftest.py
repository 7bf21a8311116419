"""A small life, kept as a store and as a file: the tests of the commands start from it."""

import gc
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple

import pytest

import jamsos
from jamsos.cli import main
from jamsos.domain.participant import LeavingReason, Payer
from jamsos.store import history_file
from jamsos.store.catalogue import CODEC
from jamsos.store.event_store import EventStore

PU = jamsos.Segment.WAGE_EARNER


def _agent(number):
    return f"agent-00000000-0000-7000-8000-{number:012}"


def _participant(number):
    return f"participant-00000000-0000-7000-8000-{number:012}"


class Life(NamedTuple):
    """One history of 27 events, as a store and as a history file, and who is in it."""

    store: Any
    file: Any
    ani: str = _agent(1)
    """Of Bali (51), position 6."""
    budi: str = _agent(2)
    """Of Jawa Barat (32), position 11."""
    fisher: str = _participant(1)
    """In BPU through Ani, paid to January; in PU, and nothing paid. Positions 16, 17, 22."""
    sewer: str = _participant(2)
    """In BPU through Budi, paid to February, for JHT too; moves to Bali. Positions 18, 19, 26."""
    clerk: str = _participant(3)
    """In PU without an agent, paid to March; leaves in March. Positions 20, 21, 27."""
    baker: str = _participant(4)
    """In BPU through Ani; the one payment was a mistake. Positions 23, 24, 25."""
    length: int = 27

    def told(self):
        """Return the stream and the event of each position, from 1."""
        return [(recorded.stream, recorded.event) for recorded in history_file.read(self.file)]

    def lines(self):
        """Return the lines of the file as JSON has them."""
        return [json.loads(line) for line in self.file.read_bytes().splitlines()]


class Answer(NamedTuple):
    """The answer of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(scope="session")
def life(tmp_path_factory):
    """Live a small lawful life, once, and keep it as a store and as a history file."""
    folder = tmp_path_factory.mktemp("life")
    lived = Life(folder / "life.db", folder / "life.jsonl")
    seconds = count()
    start = datetime(2018, 3, 6, 2, tzinfo=UTC)
    clock = lambda: start + timedelta(seconds=next(seconds))  # noqa: E731
    with jamsos.open(lived.store, clock=clock) as registry:
        _recruit(registry, lived)
        _enrol(registry, lived)
    with EventStore(lived.store, create=False) as store:
        lived.file.write_bytes(b"".join(history_file.lines(store)))
    return lived


def _recruit(registry, lived):
    registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
    registry.allot("perisai", 1_200, on=date(2017, 11, 20)).or_raise()
    for agent, province in ((lived.ani, "51"), (lived.budi, "32")):
        registry.recruit(agent, "perisai", province=province, on=date(2017, 11, 21)).or_raise()
        registry.begin_training(agent, on=date(2017, 11, 22)).or_raise()
        registry.certify(agent, on=date(2017, 11, 24)).or_raise()
        registry.assign(agent, on=date(2017, 12, 1)).or_raise()


def _enrol(registry, lived):
    def pay(participant, months, on, **more):
        registry.pay(
            participant,
            reference="1",
            months=jamsos.Months.parse(months),
            income=1_000_000,
            amount=16_800,
            on=on,
            **more,
        ).or_raise()

    registry.register(lived.fisher, province="51", agent=lived.ani, on=date(2017, 12, 5)).or_raise()
    pay(lived.fisher, "2017-12/2018-01", date(2017, 12, 5))
    registry.register(
        lived.sewer, province="32", agent=lived.budi, on=date(2017, 12, 12)
    ).or_raise()
    pay(lived.sewer, "2017-12/2018-02", date(2017, 12, 12), programmes=("jht", "jkk", "jkm"))
    registry.register(lived.clerk, province="32", segment=PU, on=date(2018, 1, 8)).or_raise()
    pay(lived.clerk, "2018-01/2018-03", date(2018, 1, 8), segment=PU, payer=Payer.EMPLOYER)
    registry.register(lived.fisher, province="51", segment=PU, on=date(2018, 1, 9)).or_raise()
    registry.register(lived.baker, province="51", agent=lived.ani, on=date(2018, 1, 10)).or_raise()
    pay(lived.baker, "2018-01/2018-01", date(2018, 1, 10))
    registry.correct(lived.baker, corrects="1", on=date(2018, 1, 11)).or_raise()
    registry.move(lived.sewer, province="51", on=date(2018, 2, 5)).or_raise()
    registry.leave(lived.clerk, reason=LeavingReason.LEFT_WORK, on=date(2018, 3, 5)).or_raise()


@pytest.fixture
def run(capsys):
    """Give a function that runs one command in this process, and returns what it answered."""

    def command(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        finally:
            gc.enable()
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def retold(tmp_path):
    """Give a function that writes streams and events as a history without a gap."""

    def write(told):
        versions = Counter()
        lines = []
        for position, (stream, event) in enumerate(told, start=1):
            versions[stream] += 1
            lines.append(
                {
                    "position": position,
                    "stream": stream,
                    "version": versions[stream],
                    "type": CODEC.name(event),
                    "recorded_at": "2018-03-06T02:00:00Z",
                    "data": json.loads(CODEC.encode(event)),
                }
            )
        return _written(tmp_path / "retold.jsonl", lines)

    return write


@pytest.fixture
def written(tmp_path):
    """Give a function that writes lines as a history file, whatever they hold."""

    def write(lines, name="written.jsonl"):
        return _written(tmp_path / name, lines)

    return write


def _written(path, lines):
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    return path
