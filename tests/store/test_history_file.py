"""The history as a file: what it may hold, and that the same bytes come back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from jamsos.domain.agent import AgentAssigned, AgentCertified, AgentTrainingBegun
from jamsos.errors import CorruptHistoryError, InputError, NotFoundError, StoreError
from jamsos.store import history_file
from jamsos.store.event_store import EventStore, entry

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
ANI = "agent-00000000-0000-7000-8000-000000000001"
BUDI = "agent-00000000-0000-7000-8000-000000000002"


def line(
    position: object,
    version: object = 1,
    *,
    stream: object = ANI,
    type_: object = "agent.certified.v1",
    at: object = "2018-02-05T03:04:05.678901Z",
    data: object = None,
    **more: object,
) -> bytes:
    fields = {
        "position": position,
        "stream": stream,
        "version": version,
        "type": type_,
        "recorded_at": at,
        "data": {"on": "2018-02-05"} if data is None else data,
        **more,
    }
    return msgspec.json.encode(fields) + b"\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: bytes) -> Path:
        (tmp_path / "perisai.jsonl").write_bytes(b"".join(lines))
        return tmp_path / "perisai.jsonl"

    return write


def positions(path: Path) -> list[int]:
    return [recorded.position for recorded in history_file.read(path)]


def export(store: Path) -> bytes:
    with EventStore(store, create=False) as opened:
        return b"".join(history_file.lines(opened))


# -- What is read. -----------------------------------------------------------------


def test_a_file_is_read_event_by_event_with_its_place_and_its_moment(write):
    path = write(line(1), line(2, stream=BUDI), line(3, 2, type_="agent.assigned.v1"))

    first, second, third = history_file.read(path)

    assert (first.position, first.stream, first.version) == (1, ANI, 1)
    assert (second.position, second.stream, second.version) == (2, BUDI, 1)
    assert (third.position, third.stream, third.version) == (3, ANI, 2)
    assert (first.event, third.event) == (
        AgentCertified(on=date(2018, 2, 5)),
        AgentAssigned(on=date(2018, 2, 5)),
    )
    assert first.recorded_at == datetime(2018, 2, 5, 3, 4, 5, 678901, tzinfo=UTC)


def test_a_store_and_its_file_are_read_alike(tmp_path):
    history_file.load(GOLDEN, tmp_path / "golden.db")

    assert list(history_file.read(tmp_path / "golden.db")) == list(history_file.read(GOLDEN))


def test_an_empty_file_is_an_empty_history(write, tmp_path):
    path = write()

    assert positions(path) == []
    assert history_file.load(path, tmp_path / "new.db") == 0
    assert positions(tmp_path / "new.db") == []
    assert export(tmp_path / "new.db") == b""


def test_the_last_line_may_end_without_a_line_feed(write):
    assert positions(write(line(1), line(2, 2).rstrip(b"\n"))) == [1, 2]


def test_white_space_and_the_order_of_fields_are_the_writers_choice(write):
    loose = (
        b' { "data": { "on" : "2018-02-05" }, "type": "agent.certified.v1", "version": 1,'
        b' "recorded_at": "2018-02-05T03:04:05Z", "stream": "%s", "position": 1 } \r\n'
    ) % ANI.encode()

    assert positions(write(loose, line(2, 2))) == [1, 2]


@pytest.mark.parametrize(
    "at",
    [
        "2018-02-05T03:04:05Z",
        "2018-02-05T03:04:05+00:00",
        "2018-02-05T10:04:05+07:00",
        "2018-02-05T12:04:05+09:00",
        "2018-02-04T22:34:05-04:30",
        "2018-02-05T03:04:05.000000Z",
    ],
)
def test_a_moment_in_any_time_zone_is_read_and_kept_in_utc(write, tmp_path, at):
    path = write(line(1, at=at))

    (recorded,) = history_file.read(path)
    history_file.load(path, tmp_path / "new.db")

    assert recorded.recorded_at == datetime(2018, 2, 5, 3, 4, 5, tzinfo=UTC)
    assert recorded.recorded_at.utcoffset() == timedelta(0)
    assert export(tmp_path / "new.db") == line(1, at="2018-02-05T03:04:05Z")


# -- What is not. ------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 20, 60, -1, -3])
def test_a_file_that_ends_in_the_middle_of_a_line_says_so(write, length):
    path = write(line(1), line(2, 2).rstrip(b"\n")[:length])

    with pytest.raises(CorruptHistoryError, match="line 2: the file ends in the middle of a line"):
        positions(path)


def test_a_line_that_is_cut_short_before_the_last_is_not_the_end_of_the_file(write):
    path = write(line(1), line(2, 2)[:60] + b"\n", line(3, 3))

    with pytest.raises(CorruptHistoryError, match="line 2: ") as told:
        positions(path)

    assert "the file ends" not in str(told.value)


def test_what_comes_before_a_fault_is_read_and_what_comes_after_it_is_not(write):
    path = write(line(1), line(2, 2), line(3, 3, type_="agent.lost.v1"), line(4, 4))
    history = history_file.read(path)

    read = [recorded.position for recorded in islice(history, 2)]
    with pytest.raises(CorruptHistoryError):
        next(history)

    assert read == [1, 2]
    assert list(history) == []


@pytest.mark.parametrize(
    ("lines", "position", "told"),
    [
        ([line(1), line(1, 2)], 1, "it is there already"),
        ([line(1), line(2, 2), line(1, 3)], 1, "it is there already"),
        ([line(2)], 2, "1 is missing"),
        ([line(1), line(3, 2)], 3, "2 is missing"),
        ([line(1), line(2, 1)], 2, "version 1 after version 1; it must be 2"),
        ([line(1), line(2, 3)], 2, "version 3 after version 1; it must be 2"),
        ([line(1, 2)], 1, "version 2 after version 0; it must be 1"),
        ([line(1), line(2, 2, stream=BUDI)], 2, "version 2 after version 0; it must be 1"),
    ],
    ids=[
        "position twice",
        "position of long before",
        "first position missing",
        "position missing",
        "version twice",
        "version missing",
        "first version missing",
        "version of another stream",
    ],
)
@pytest.mark.parametrize("use", ["read", "load"])
def test_a_history_with_a_gap_or_a_double_is_told_at_the_position(
    write, tmp_path, use, lines, position, told
):
    path = write(*lines)

    with pytest.raises(CorruptHistoryError, match=told) as error:
        positions(path) if use == "read" else history_file.load(path, tmp_path / "new.db")

    assert error.value.position == position


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (b"\n", "line 2"),
        (b"  \n", "line 2"),
        (b"null\n", "line 2"),
        (b"[]\n", "line 2"),
        (b"position,stream,version\n", "line 2"),
        (b"\xff\xfe\n", "line 2"),
        (line(2, 2)[:-1] + line(3, 3), "line 2"),
        (line(0, 2), "position"),
        (line(-1, 2), "position"),
        (line("2", 2), "position"),
        (line(2.0, 2), "position"),
        (line(None, 2), "position"),
        (line(2, 0), "version"),
        (line(2, 2.0), "version"),
        (line(2, version=True), "version"),
        (line(2, 2, whom="x"), "whom"),
        (line(2, 2).replace(b'"version":2', b'"version":2,"version":2'), "version"),
        (line(2, 2).replace(b'"position":2', b'"position":1,"position":2'), "position"),
        (line(2, 2).replace(b'"version":2,', b""), "version"),
        (line(2, 2).replace(b'"data":{"on":"2018-02-05"}', b'"x":1'), "x"),
        (line(2, 2).replace(b',"data":{"on":"2018-02-05"}', b""), "data"),
        (line(2, 2, stream=None), "stream"),
        (line(2, 2, type_=7), "type"),
        (line(2, 2, at="2018-02-05T03:04:05"), "recorded_at"),
        (line(2, 2, at="2018-02-05"), "recorded_at"),
        (line(2, 2, at="2018-13-05T03:04:05Z"), "recorded_at"),
        (line(2, 2, at=1_517_800_000), "recorded_at"),
        (line(2, 2, at=None), "recorded_at"),
        (line(2, 2, at="0001-01-01T00:00:00+07:00"), "line 2"),
        (line(2, 2, at="9999-12-31T23:59:59-07:00"), "line 2"),
    ],
)
def test_a_line_that_is_no_event_is_told_with_its_number_and_the_field(write, broken, told):
    path = write(line(1), broken, line(3, 3))

    with pytest.raises(CorruptHistoryError, match=told) as error:
        positions(path)

    assert "line 2" in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (line(2, 2, type_="agent.lost.v1"), "agent.lost.v1"),
        (line(2, 2, type_="agent.certified.v2"), "agent.certified.v2"),
        (line(2, 2, type_="certified"), "certified"),
        (line(2, 2, type_=""), "cannot stand in"),
        (line(2, 2, type_="quota.taken-back.v1", data={"on": "2018-02-05"}), "cannot stand in"),
        (line(2, 1, stream="quota-perisai-national"), "cannot stand in"),
        (line(2, 1, stream="office-1"), "office-1"),
        (line(2, 1, stream="agent"), "is not a stream"),
        (line(2, 1, stream="agent-"), "is not a stream"),
        (line(2, 1, stream=""), "is not a stream"),
        (line(2, 2, data={}), "on"),
        (line(2, 2, data={"on": "2018-02-05", "name": "x"}), "name"),
        (line(2, 2, data={"on": "2018-13-05"}), "on"),
        (line(2, 2, data={"on": "2018-02-05T00:00:00"}), "on"),
        (line(2, 2, data=[]), "object"),
        (line(2, 2, data="x"), "object"),
        (line(2, 2).replace(b'"on":"2018-02-05"', b'"on":"2018-02-05","on":"2018-02-05"'), "on"),
        (
            line(2, 2).replace(b'"2018-02-05"}', b'"2018-02-05","x":' + b"9" * 5_000 + b"}"),
            "position 2",
        ),
    ],
)
def test_an_event_that_is_not_what_it_claims_to_be_is_told_with_its_position(write, broken, told):
    path = write(line(1), broken)

    with pytest.raises(CorruptHistoryError, match=told) as error:
        positions(path)

    assert "line 2, position 2" in str(error.value)
    assert error.value.position == 2


@pytest.mark.parametrize(
    "stream",
    [
        "agent-Sari",
        "agent-Ibu Sari, Denpasar",
        "agent-00000000-0000-7000-8000-00000000000A",
        "agent-00000000-0000-7000-8000-000000000001 ",
        "agent--00000000-0000-7000-8000-000000000001",
    ],
)
def test_an_event_of_an_agent_who_is_named_otherwise_than_by_an_id_cannot_be_read(write, stream):
    path = write(line(1), line(2, stream=stream))

    with pytest.raises(CorruptHistoryError) as error:
        positions(path)

    assert error.value.position == 2


@pytest.mark.parametrize("at", ["data", "the line"])
def test_a_line_that_is_nested_without_measure_is_told_with_its_number(write, at):
    deep = b"[" * 100_000 + b"]" * 100_000
    if at == "data":
        broken = line(2, 2).replace(b'"2018-02-05"', b'"2018-02-05","x":' + deep)
    else:
        broken = deep + b"\n"
    path = write(line(1), broken)

    with pytest.raises(CorruptHistoryError, match="line 2"):
        positions(path)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match=r"perisai\.jsonl"):
        positions(tmp_path / "perisai.jsonl")


def test_a_folder_cannot_be_read_as_a_history(tmp_path):
    with pytest.raises(StoreError, match="cannot be read"):
        positions(tmp_path)


# -- Load and export. --------------------------------------------------------------


def test_the_same_bytes_come_back(tmp_path):
    count = history_file.load(GOLDEN, tmp_path / "golden.db")

    assert export(tmp_path / "golden.db") == GOLDEN.read_bytes()
    assert count == len(GOLDEN.read_bytes().splitlines())


@pytest.mark.parametrize("size", [9_999, 10_000, 10_001])
def test_the_same_bytes_come_back_whatever_the_length_of_the_history(write, tmp_path, size):
    path = write(line(1), *(line(n, n, type_="agent.assigned.v1") for n in range(2, size + 1)))

    assert history_file.load(path, tmp_path / "new.db") == size
    assert export(tmp_path / "new.db") == path.read_bytes()


def test_what_was_recorded_elsewhere_keeps_its_moment(write, tmp_path):
    path = write(line(1, at="1999-12-31T23:59:59.999999Z"), line(2, 2, at="2018-02-05T03:04:05Z"))

    history_file.load(path, tmp_path / "new.db")

    with EventStore(tmp_path / "new.db", create=False) as store:
        moments = [recorded.recorded_at for recorded in store.history()]
    assert moments == [
        datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2018, 2, 5, 3, 4, 5, tzinfo=UTC),
    ]


def test_a_loaded_history_can_be_continued(write, tmp_path):
    history_file.load(write(line(1), line(2, stream=BUDI)), tmp_path / "new.db")

    with EventStore(tmp_path / "new.db", create=False) as store:
        begun = AgentTrainingBegun(on=date(2018, 2, 6))
        taken = store.append([entry(ANI, 2, begun, datetime(2018, 2, 6, tzinfo=UTC))])

    assert taken == range(3, 4)
    assert positions(tmp_path / "new.db") == [1, 2, 3]


def test_a_history_is_brought_to_one_spelling(write, tmp_path):
    tidy = line(1)
    loose = tidy.replace(b'{"on":', b'{ "on" :').replace(b'"agent-', b'"\\u0061gent-')

    history_file.load(write(loose), tmp_path / "new.db")

    assert loose != tidy
    assert export(tmp_path / "new.db") == tidy


def test_loading_leaves_only_the_store(write, tmp_path):
    history_file.load(write(line(1)), tmp_path / "new.db")

    assert sorted(file.name for file in tmp_path.iterdir()) == ["new.db", "perisai.jsonl"]


@pytest.mark.parametrize(
    "lines",
    [
        [line(1), line(3, 2)],
        [line(1), line(2, 2)[:40]],
        [line(1), line(2, 2, type_="agent.lost.v1")],
        [b"\n"],
        [line(1), *(line(n, n) for n in range(2, 10_002)), line(10_002, 1)],
    ],
    ids=["gap", "cut off", "unknown event", "blank", "in the second ten thousand"],
)
def test_a_history_that_cannot_be_read_to_its_end_leaves_nothing_behind(write, tmp_path, lines):
    path = write(*lines)

    with pytest.raises(CorruptHistoryError):
        history_file.load(path, tmp_path / "new.db")

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir], ids=["file", "folder"])
def test_what_stands_where_the_store_is_to_be_is_left_alone(write, tmp_path, make):
    path = write(line(1))
    make(tmp_path / "new.db")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(InputError, match="exists already"):
        history_file.load(path, tmp_path / "new.db")

    assert sorted(tmp_path.iterdir()) == before


def test_a_store_is_not_loaded_as_if_it_were_a_file(tmp_path):
    history_file.load(GOLDEN, tmp_path / "golden.db")

    with pytest.raises(InputError, match="export it first"):
        history_file.load(tmp_path / "golden.db", tmp_path / "new.db")

    assert [file.name for file in tmp_path.iterdir()] == ["golden.db"]


def test_a_history_is_not_loaded_into_memory_where_it_would_be_lost(write, tmp_path, monkeypatch):
    path = write(line(1))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError):
        history_file.load(path, ":memory:")

    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("path", "error"),
    [("nothing.jsonl", NotFoundError), (".", StoreError)],
    ids=["missing", "folder"],
)
def test_what_cannot_be_read_is_not_loaded(tmp_path, path, error):
    with pytest.raises(error):
        history_file.load(tmp_path / path, tmp_path / "new.db")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["nowhere/new.db", "perisai.jsonl/new.db"])
def test_a_store_cannot_be_made_where_there_is_no_folder(write, tmp_path, place):
    path = write(line(1))

    with pytest.raises(StoreError):
        history_file.load(path, tmp_path / place)

    assert list(tmp_path.iterdir()) == [path]


def test_only_a_database_is_a_store(write, tmp_path):
    history_file.load(GOLDEN, tmp_path / "golden.db")

    assert history_file.is_store(tmp_path / "golden.db")
    assert not history_file.is_store(GOLDEN)
    assert not history_file.is_store(write())
