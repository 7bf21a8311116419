"""Where a history file may come from, how it may be packed, and what is no history file."""

import gzip
import io
import json
import os
import sys
import threading
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest
import zstandard

from jamsos.errors import CorruptHistoryError, InputError, MissingExtraError, StoreError
from jamsos.store import history_file
from jamsos.store.history_input import LONGEST
from tests.faults.guarantees import promised

GOLDEN = Path(__file__).parents[1] / "golden" / "v1.jsonl"
TEXT = GOLDEN.read_bytes()
LINES = TEXT.splitlines()
LENGTH = len(LINES)
MOST = 64 * 2**20
"""Bytes that reading may take at the most, whatever it is given."""


@pytest.fixture
def history(tmp_path):
    def write(content, name="history"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def positions(path):
    return [recorded.position for recorded in history_file.read(path)]


def packed_with_zstd(text, **more):
    return zstandard.ZstdCompressor(**more).compress(text)


@contextmanager
def bounded():
    """Be sure that little memory and little time is taken."""
    begun = perf_counter()
    tracemalloc.start()
    try:
        yield
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < MOST
    assert perf_counter() - begun < 10  # much is left for a machine with other things to do


def refused(path):
    """Return the one sentence with which what is at *path* is refused."""
    with pytest.raises(CorruptHistoryError) as told, bounded():
        positions(path)
    assert len(str(told.value)) < 1_000
    return str(told.value)


# -- What is read. ----------------------------------------------------------------

FORMS = {
    "as it is": TEXT,
    "with a byte order mark": b"\xef\xbb\xbf" + TEXT,
    "with carriage returns and line feeds": TEXT.replace(b"\n", b"\r\n"),
    "with carriage returns alone": TEXT.replace(b"\n", b"\r"),
    "with a blank last line": TEXT + b"\n",
    "with a blank last line of Windows": TEXT.replace(b"\n", b"\r\n") + b"\r\n",
    "with spaces in the last line": TEXT + b"  ",
    "without an end of line at the end": TEXT.rstrip(),
    "gzip": gzip.compress(TEXT),
    "gzip in parts": b"".join(gzip.compress(line + b"\n") for line in LINES),
    "gzip, filled up": gzip.compress(TEXT) + b"\x00" * 1_024,
    "gzip, not packed at all": gzip.compress(TEXT, compresslevel=0),
    "gzip with a byte order mark": gzip.compress(b"\xef\xbb\xbf" + TEXT),
    "zstd": packed_with_zstd(TEXT),
    "zstd in parts": b"".join(packed_with_zstd(line + b"\n") for line in LINES),
    "zstd with a checksum": packed_with_zstd(TEXT, write_checksum=True),
    "zstd after a skipped part": b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + packed_with_zstd(TEXT),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_history_file_is_read_in_every_form_whatever_its_name(history, form):
    assert positions(history(FORMS[form], "history.jsonl")) == [*range(1, LENGTH + 1)]


@pytest.mark.parametrize("form", ["as it is", "gzip", "zstd"])
@pytest.mark.parametrize("first", [1, 3, 100])
def test_a_pipe_is_read_once_in_whatever_pieces_it_comes(tmp_path, form, first):
    content, pipe = FORMS[form], tmp_path / "pipe"
    os.mkfifo(pipe)

    def write():
        with pipe.open("wb", buffering=0) as end:
            end.write(content[:first])
            end.write(content[first:])

    writer = threading.Thread(target=write)
    writer.start()
    told = positions(pipe)
    writer.join()

    assert told == [*range(1, LENGTH + 1)]


@pytest.mark.parametrize("form", ["as it is", "gzip", "zstd", "with a byte order mark"])
def test_the_standard_input_is_read_and_stays_open(monkeypatch, form):
    stdin = io.TextIOWrapper(io.BytesIO(FORMS[form]))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert positions("-") == [*range(1, LENGTH + 1)]
    assert not stdin.buffer.closed


def test_a_pipe_that_does_not_wait_by_itself_is_waited_for(monkeypatch):
    end, begin = os.pipe()
    os.set_blocking(end, False)
    with os.fdopen(end) as stdin, os.fdopen(begin, "wb", buffering=0) as pipe:
        monkeypatch.setattr(sys, "stdin", stdin)

        def write():
            pipe.write(TEXT[:1_000])
            threading.Event().wait(0.1)
            pipe.write(TEXT[1_000:])
            pipe.close()

        writer = threading.Thread(target=write)
        writer.start()
        assert positions("-") == [*range(1, LENGTH + 1)]
        writer.join()


def test_what_nobody_asks_an_event_of_is_closed(history):
    history_file.read(history(TEXT))  # an open file would be a warning, which is an error here


def test_a_closed_standard_input_is_said_to_be_so(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(StoreError, match="the standard input is closed"):
        positions("-")


@pytest.mark.parametrize("way", ["pipe", "standard input"])
def test_a_store_is_not_read_through_a_pipe(tmp_path, monkeypatch, way):
    history_file.load(GOLDEN, tmp_path / "golden.db")
    content = (tmp_path / "golden.db").read_bytes()[:1_000]
    source = tmp_path / "pipe"
    if way == "pipe":
        os.mkfifo(source)
        threading.Thread(target=source.write_bytes, args=(content,), daemon=True).start()
    else:
        source = "-"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    with pytest.raises(InputError, match="give its own name"):
        positions(source)


def test_zstd_without_its_library_is_told_in_one_sentence(history, monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)

    with pytest.raises(MissingExtraError, match=r"install 'jamsos\[cli\]'"):
        positions(history(FORMS["zstd"]))


def test_an_address_with_a_password_is_no_file_and_the_password_is_not_told():
    with pytest.raises(InputError) as told:
        positions("host=127.0.0.1 user=u password=geheim")

    assert "geheim" not in str(told.value)


# -- What is not. -----------------------------------------------------------------

DAMAGED = bytearray(FORMS["gzip"])
DAMAGED[len(DAMAGED) // 2] ^= 0xFF
DAMAGED_ZSTD = bytearray(FORMS["zstd with a checksum"])
DAMAGED_ZSTD[len(DAMAGED_ZSTD) // 2] ^= 0xFF
INDENTED = "\n".join(json.dumps(json.loads(line), indent=2) for line in LINES[:3]).encode()
REFUSED = {
    "UTF-16": (TEXT.decode().encode("utf-16"), "line 1: it is in UTF-16"),
    "UTF-16 without a mark": (TEXT.decode().encode("utf-16-le"), "line 1: it is in UTF-16"),
    "UTF-16, the other way": (TEXT.decode().encode("utf-16-be"), "line 1: it is in UTF-16"),
    "UTF-32": (TEXT.decode().encode("utf-32"), "line 1: it is in UTF-32"),
    "UTF-16 packed": (gzip.compress(TEXT.decode().encode("utf-16")), "it is in UTF-16"),
    "a JSON array": (b"[" + b",".join(LINES) + b"]", "it is a JSON array: a history file is JSON"),
    "a JSON array over lines": (b"[\n" + b",\n".join(LINES) + b"\n]\n", "it is a JSON array"),
    "an empty JSON array": (b"[]", "it is a JSON array"),
    "indented JSON": (INDENTED, "line 1: it is JSON over several lines: a history file is JSON L"),
    "CSV": (b"position,stream,version\r\n1,agent-1,1\r\n", "line 1: it looks like CSV"),
    "CSV with semicolons": (b"position;stream;version\n1;agent-1;1\n", "it looks like CSV"),
    "CSV with tabs": (b"position\tstream\tversion\n", "it looks like CSV"),
    "XML": (b"<?xml version='1.0'?>\n<events/>\n", "it looks like XML"),
    "xz": (b"\xfd7zXZ\x00\x00\x04", "it is packed with xz"),
    "zip": (b"PK\x03\x04\x14\x00", "it is packed with zip"),
    "packed twice": (gzip.compress(FORMS["gzip"]), "it is packed twice"),
    "a store that was packed": (gzip.compress(b"SQLite format 3\x00" * 9), "a store that was pa"),
    "a blank line": (TEXT.replace(b"\n", b"\n\n", 1), "line 2: only the last line may be blank"),
    "two blank lines": (TEXT + b"\n\n", f"line {LENGTH + 1}: only the last line may be blank"),
    "gzip, cut off": (FORMS["gzip"][:-9], "is cut off"),
    "gzip, its end cut off": (FORMS["gzip"][:-1], f"line {LENGTH + 1}: what was packed with gzip"),
    "gzip, damaged": (bytes(DAMAGED), "what was packed with gzip is damaged"),
    "gzip, and something else": (FORMS["gzip"] + b"more", "what was packed with gzip is damaged"),
    "gzip in parts, the last cut off": (FORMS["gzip in parts"][:-1], f"line {LENGTH + 1}: "),
    "gzip, two bytes": (b"\x1f\x8b", "line 1: what was packed with gzip is cut off"),
    "zstd, cut off": (FORMS["zstd"][:-9], "is cut off"),
    "zstd, damaged": (bytes(DAMAGED_ZSTD), "what was packed with zstd is damaged"),
    "zstd, and something else": (FORMS["zstd"] + b"more", "what was packed with zstd is damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_history_file_is_said_to_be_what_it_is(history, kind):
    content, told = REFUSED[kind]

    assert told in refused(history(content))


@pytest.mark.parametrize("kind", ["gzip, cut off", "zstd, cut off", "a JSON array", "a blank line"])
def test_what_is_no_history_file_is_not_imported(history, tmp_path, kind):
    path = history(REFUSED[kind][0])

    with pytest.raises(CorruptHistoryError):
        history_file.load(path, tmp_path / "new.db")

    assert [*tmp_path.iterdir()] == [path]


def event(data):
    """Return a line with *data*, whatever they are."""
    head = (
        b'{"position":1,"stream":"programme-jkk","version":1,"type":"programme.established.v1",'
        b'"recorded_at":"2018-02-05T09:00:00Z","data":'
    )
    return head + data + b"}\n"


def fields(number, *, twice):
    names = [f"field-{n}" for n in range(number)]
    if twice:
        names.append(names[-1])
    more = b",".join(b'"%s":1' % name.encode() for name in names)
    return b'{"on":"2018-02-05","programme":"jkk",' + more + b"}"


HOSTILE = {
    "a text of 10 MB": (event(b'{"on":"%s"}' % (b"x" * 10**7)), "line 1"),
    "a field's name of 10 MB": (event(b'{"%s":1}' % (b"x" * 10**7)), "line 1"),
    "a stream of 10 MB": (event(b"{}").replace(b"programme-jkk", b"x" * 10**7), "line 1"),
    "deep brackets": (event(b"[" * 100_000 + b"]" * 100_000), "line 1"),
    "deep objects": (event(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), "line 1"),
    "deep in a field": (event(b'{"on":%s%s}' % (b"[" * 10**5, b"]" * 10**5)), "line 1"),
    "20,000 fields": (event(fields(20_000, twice=False)), "there is no field"),
    "20,000 fields, the last twice": (event(fields(20_000, twice=True)), "is there twice"),
    "200,000 fields of the line": (fields(200_000, twice=True) + b"\n", "line 1"),
    "a huge exponent": (event(b'{"on":1e999999}'), "line 1"),
    "a huge exponent somewhere": (event(b'{"on":"2018-02-05","programme":1e999999}'), "line 1"),
    "100,000 digits": (event(b'{"on":%s}' % (b"9" * 100_000)), "line 1"),
    "10,000,000 digits": (event(b'{"on":%s}' % (b"9" * 10**7)), "line 1"),
    "100,000 decimals": (event(b'{"on":0.%s}' % (b"3" * 100_000)), "line 1"),
    "half a character": (event(b'{"on":"\\ud800"}'), "line 1"),
    "half a character in a name": (event(b'{"\\udc00":1}'), "line 1"),
    "NUL": (event(b'{"on":"\x00"}'), "line 1"),
    "NUL, written out": (event(b'{"on":"\\u0000"}'), "line 1"),
    "a control character": (event(b'{"on":"\x1b[2J"}'), "line 1"),
    "a command id of NUL": (
        event(b'{"on":"2018-02-05","programme":"jkk"}').replace(
            b',"data"', b',"command":"a\\u0000b","data"'
        ),
        "the command id",
    ),
}


@promised(
    "A history file: a line that is too deep, too long or ambiguous is refused in one"
    " sentence that names it.",
    fault="hostile",
)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_line_is_refused_in_one_sentence(history, kind):
    content, told = HOSTILE[kind]

    assert told in refused(history(content))


def test_an_old_event_with_half_a_character_is_refused_in_one_sentence(history):
    line = event(b'{"on":"\\ud800","rule":"x"}').replace(
        b"programme.established.v1", b"programme.rule-ended.v1"
    )

    assert "line 1" in refused(history(line))


# -- Without an end. --------------------------------------------------------------


def spaces(size):
    """Return the first line, with spaces in it up to *size*, and its end."""
    first = LINES[0]
    return first[:-1] + b" " * (size - len(first) - 1) + first[-1:] + b"\n"


def test_a_line_may_have_16_mib_and_not_a_byte_more(history):
    assert positions(history(spaces(LONGEST))) == [1]
    assert "line 1: it is longer than 16,777,216 bytes" in refused(history(spaces(LONGEST + 1)))


@pytest.mark.parametrize("byte", [b"\x00", b"x", b" "])
def test_a_file_of_gigabytes_without_an_end_of_line_is_not_read_whole(tmp_path, byte):
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(byte * (LONGEST + 1))
        file.truncate(5 * 2**30)  # which takes no room on the disk

    assert "line 1: it is longer than" in refused(path)


@promised(
    "A small file that unpacks to a gigabyte is not unpacked whole.",
    fault="hostile",
)
@pytest.mark.parametrize("packer", ["gzip", "zstd"])
@pytest.mark.parametrize("byte", [b"\x00", b"\n"])
def test_a_small_file_that_unpacks_to_a_gigabyte_is_not_unpacked_whole(history, packer, byte):
    block = byte * 2**20
    if packer == "gzip":
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1) as file:
            for _ in range(64):
                file.write(block)
        content = buffer.getvalue()  # bytes of many parts are unpacked one after the other
        content *= 16
    else:
        pack = zstandard.ZstdCompressor().compressobj()
        content = b"".join([pack.compress(block) for _ in range(1_024)] + [pack.flush()])

    assert "line" in refused(history(content))
