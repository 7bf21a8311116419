"""Recorders each with one fault of those that adapters to databases have; none may pass."""

import json
import re
import sqlite3
import unicodedata
from contextlib import contextmanager
from itertools import chain
from threading import get_ident
from time import sleep

import attrs

from jamsos.errors import ConflictError, StoreError, UnavailableError
from tests.store.faulty.memory import Database, MemoryRecorder, refuse

AWAY = 0.001
"""Seconds until a server has answered."""

FAULTS = {}
"""Each faulty recorder by what is wrong with it: a class, made anew over a database."""


def fault(why, **steps):
    """Keep a recorder that is wrong in so far as *steps* are."""
    FAULTS[why] = type(why.replace(" ", "_"), (MemoryRecorder,), steps)


def faulty(kind):
    """Keep a *kind* of recorder, of which the first line says what is wrong."""
    FAULTS[kind.__doc__] = kind
    return kind


# -- Texts: what a column or a collation makes of them. --------------------------------


def cut_at(length):
    return lambda text: text[:length]


def cut_bytes(length):
    return lambda text: text.encode()[:length].decode(errors="ignore")


def numeric(text):
    """Return what a column of a numeric affinity makes of a number."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


TEXTS = {
    "without case": str.lower,
    "with case folded": str.casefold,
    **{f"cut at {n}": cut_at(n) for n in (8, 20, 32, 36, 50, 64, 100, 128, 191, 255, 256, 500)},
    "cut at 255 bytes": cut_bytes(255),
    "cut at 767 bytes": cut_bytes(767),
    "cut from the front": lambda text: text[-48:],
    "cut at the last /": lambda text: text.rpartition("/")[0] or text,
    "after the last /": lambda text: text.rpartition("/")[2] or text,
    "cut at the first -": lambda text: text.partition("-")[0] or text,
    "after the first -": lambda text: text.partition("-")[2] or text,
    "cut at a .": lambda text: text.partition(".")[0] or text,
    "cut at a :": lambda text: text.partition(":")[0] or text,
    "cut at a blank": lambda text: text.split(" ")[0] or text,
    "trimmed": str.strip,
    "trimmed on the right": str.rstrip,
    "without blanks at the end": lambda text: text.rstrip(" "),
    "padded": lambda text: text.ljust(64),
    "with blanks made one": lambda text: re.sub(r"\s+", " ", text),
    "with line ends made one": lambda text: text.replace("\r\n", "\n"),
    "with _ for -": lambda text: text.replace("-", "_"),
    "without hyphens": lambda text: text.replace("-", ""),
    "with NFC": lambda text: unicodedata.normalize("NFC", text),
    "with NFKC": lambda text: unicodedata.normalize("NFKC", text),
    "with NFD": lambda text: unicodedata.normalize("NFD", text),
    "without accents": lambda text: "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
    ),
    "with non-ASCII lost": lambda text: text.encode("ascii", "ignore").decode(),
    "with non-ASCII asked": lambda text: text.encode("ascii", "replace").decode(),
    "as Latin-1": lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    "of three bytes": lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text),
    "without control characters": lambda text: re.sub(r"[\x00-\x1f\x7f]", "", text),
    "without what is not seen": lambda text: re.sub("[\u00ad\u200b\ufeff]", "", text),
    "as numbers": numeric,
    "without zeros before": lambda text: text.lstrip("0") or text,
    "with escapes read": lambda text: text.replace("\\\\", "\\"),
    "with %-signs read": lambda text: text.replace("%%", "%").replace("%00", ""),
}


def kept_with(column, change):
    """Return a step that changes a *column* of each row when it is stored."""

    def kept_row(self, row):
        return tuple(change(value) if n == column else value for n, value in enumerate(row))

    return kept_row


KEPT = {"cut at 50", "cut at 255", "without case", "cut at the last /", "trimmed", "with NFC"}
KEPT |= {"with non-ASCII lost", "of three bytes", "with escapes read", "as numbers"}
"""Of these, that which comes back is tried too; of all, that under which it is kept."""

for how, change in TEXTS.items():
    keyed = lambda self, text, change=change: change(text)  # noqa: E731
    fault(f"streams {how}", stream_key=keyed)
    fault(f"commands {how}", command_key=keyed)
    if how in KEPT:
        changed = lambda self, a, change=change: attrs.evolve(a, command=change(a.command))  # noqa: E731
        fault(f"names {how}", name_key=keyed)
        fault(f"streams kept {how}", kept_row=kept_with(0, change))
        fault(f"names kept {how}", kept_row=kept_with(2, change))
        fault(f"commands kept {how}", kept_answered=changed)
fault("names cut at 32", name_key=lambda self, text: text[:32])
fault("names kept cut at 32", kept_row=kept_with(2, cut_at(32)))

for length in (32, 40, 64, 128, 255):
    fault(
        f"digests cut at {length}",
        kept_answered=lambda self, a, n=length: attrs.evolve(a, digest=a.digest and a.digest[:n]),
    )


# -- Data: what becomes of bytes. ------------------------------------------------------


def loaded(**options):
    """Return what is left of bytes that are taken for JSON, or of bytes that are not."""

    def change(data):
        try:
            return json.dumps(json.loads(data), **options).encode()
        except ValueError:
            return data

    return change


def in_doubles(data):
    try:
        whole = json.loads(data, parse_int=lambda digits: int(float(digits)))
        json.loads(data, parse_int=lambda d: None if int(float(d)) == int(d) else 1 / 0)
    except ZeroDivisionError:
        return json.dumps(whole).encode()
    except ValueError:
        return data
    return data


DATA = {
    **{f"cut at {n}": cut_at(n) for n in (127, 255, 1_000, 2_000, 4_000, 8_000, 8_192, 32_767)},
    **{f"cut at {n}": cut_at(n) for n in (65_535, 65_536, 2**24)},
    "with integers in doubles": in_doubles,
    "as JSON again": loaded(separators=(",", ":")),
    "as JSON with sorted keys": loaded(sort_keys=True),
    "as JSON with escapes": loaded(ensure_ascii=True),
    "stripped": bytes.strip,
    "stripped on the right": bytes.rstrip,
    "with zeros at the end lost": lambda data: data.rstrip(b"\0"),
    "cut at a zero byte": lambda data: data.partition(b"\0")[0],
    "as UTF-8 where it is": lambda data: data.decode(errors="replace").encode(),
    "as UTF-8 without what is not": lambda data: data.decode(errors="ignore").encode(),
    "as UTF-8 without a mark": lambda data: data.removeprefix(b"\xef\xbb\xbf"),
    "as Latin-1": lambda data: data.decode(errors="surrogateescape").encode("latin-1", "replace"),
    "with non-ASCII lost": lambda data: bytes(c for c in data if c < 0x80),
    "in NFC": lambda data: unicodedata.normalize(
        "NFC", data.decode(errors="surrogateescape")
    ).encode(errors="surrogateescape"),
    "with line ends made one": lambda data: data.replace(b"\r\n", b"\n"),
    "with escapes read": lambda data: data.replace(b"\\\\", b"\\"),
    "with hexadecimal read": lambda data: (
        bytes.fromhex(data[2:].decode()) if re.fullmatch(rb"\\x([0-9a-f]{2})+", data) else data
    ),
    "with nothing for what is empty": lambda data: data or b" ",
    "as a view": memoryview,
    "as an array": bytearray,
    "as text": lambda data: data.decode(errors="replace"),
}

for how, change in DATA.items():
    fault(f"states {how}", kept_row=kept_with(3, change))
    fault(
        f"answers {how}",
        kept_answered=lambda self, a, change=change: attrs.evolve(
            a, answer=None if a.answer is None else change(a.answer)
        ),
    )


@faulty
class _(MemoryRecorder):
    """states cut at 64 KiB only where a few are appended"""

    def put(self, rows, answered, concerns):
        cut = rows if len(rows) > 100 else [(*row[:3], row[3][:65_536]) for row in rows]
        return super().put(cut, answered, concerns)


@faulty
class _(MemoryRecorder):
    """states cut at 64 KiB only where many are appended"""

    def put(self, rows, answered, concerns):
        cut = rows if len(rows) < 1_000 else [(*row[:3], row[3][:65_535]) for row in rows]
        return super().put(cut, answered, concerns)


@faulty
class _(MemoryRecorder):
    """states cut at 64 KiB only where they are loaded"""

    def load(self, rows, answered, concerns):
        return super().load(((*row[:3], row[3][:65_535]) for row in rows), answered, concerns)


@faulty
class _(MemoryRecorder):
    """states as views only where they concern somebody"""

    def concerning(self, streams):
        return [(s, (*row[:4], memoryview(row[4]))) for s, row in super().concerning(streams)]


fault("rows as lists", given_row=lambda self, row: list(row))
fault("positions as text", given_row=lambda self, row: (str(row[0]), *row[1:]))
fault("versions as doubles", given_row=lambda self, row: (*row[:2], float(row[2]), *row[3:]))
fault("answers as tuples", given_answered=lambda self, a: attrs.astuple(a))
fault(
    "positions of answers as doubles",
    given_answered=lambda self, a: attrs.evolve(a, first=float(a.first)),
)
fault(
    "nothing known of an answer told as something",
    given_answered=lambda self, a: attrs.evolve(a, digest=a.digest or "", answer=a.answer or b""),
)
fault("rows one by one", page=lambda self, *a: iter(MemoryRecorder.page(self, *a)))
fault("news one by one", news=lambda self, v: iter(MemoryRecorder.news(self, v)))
fault(
    "the last position as text", last_position=lambda self: str(MemoryRecorder.last_position(self))
)


# -- Numbers: how many at once, and how large. -----------------------------------------


def at_most(most, method, number):
    """Return a *method* that takes no more than so many."""

    def limited(self, *given, **named):
        if number(given, named) > most:
            msg = "too many SQL variables"
            raise sqlite3.OperationalError(msg)
        return getattr(MemoryRecorder, method)(self, *given, **named)

    return {method: limited}


for most in (999, 65_535):
    for method in ("news", "concerning", "answers"):
        fault(f"{most} of {method} at most", **at_most(most, method, lambda g, n: len(g[0])))
    for part in ("expected", "unconcerned"):
        name = f"{most} {part} at most"
        fault(name, **at_most(most, "append", lambda g, n, part=part: len(n[part])))
for most in (999, 13_107):
    answered = at_most(most, "append", lambda g, n: len(n["answered"]))
    fault(f"{most} commands appended at most", **answered)
    fault(f"{most} rows appended at most", **at_most(most, "append", lambda g, n: len(g[0])))
fault("999 names at most", **at_most(999, "page", lambda g, n: len(g[2])))

for most in (100, 10_000):
    fault(f"{most} rows of a page", page=lambda self, *a, n=most: MemoryRecorder.page(self, *a)[:n])
    fault(f"{most} rows of news", news=lambda self, v, n=most: MemoryRecorder.news(self, v)[:n])
    fault(
        f"{most} rows that concern",
        concerning=lambda self, s, n=most: MemoryRecorder.concerning(self, s)[:n],
    )
    fault(f"{most} answers", answers=lambda self, c, n=most: MemoryRecorder.answers(self, c)[:n])
    fault(
        f"{most} commands kept",
        answers=lambda self, c, n=most: MemoryRecorder.answers(
            self, [*{*c} & {*list(self.db.answered)[-n:]}]
        ),
    )


def of_bits(bits, *numbers):
    if any(number >= 2 ** (bits - 1) for number in numbers if number is not None):
        msg = "Python int too large to convert"
        raise OverflowError(msg)


@faulty
class _(MemoryRecorder):
    """positions of 32 bits"""

    def page(self, after, upto, names):
        of_bits(32, after, upto)
        return super().page(after, upto, names)


@faulty
class _(MemoryRecorder):
    """versions of 32 bits"""

    def news(self, versions):
        of_bits(32, *versions.values())
        return super().news(versions)


@faulty
class _(MemoryRecorder):
    """versions of 16 bits"""

    def put(self, rows, answered, concerns):
        of_bits(16, *(version for _, version, *_ in rows))
        return super().put(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """versions of 16 bits that begin again"""

    def version(self, stream):
        return super().version(stream) % 2**15


@faulty
class _(MemoryRecorder):
    """expected versions of 32 bits"""

    def check(self, expected, after, unconcerned):
        of_bits(32, *expected.values())
        super().check(expected, after, unconcerned)


@faulty
class _(MemoryRecorder):
    """the position after which of 32 bits"""

    def check(self, expected, after, unconcerned):
        of_bits(32, after)
        super().check(expected, after, unconcerned)


# -- Reading: bounds, order, names. ----------------------------------------------------

read = MemoryRecorder


fault(
    "a page from its first position on", page=lambda s, a, u, n: read.page(s, max(a - 1, 0), u, n)
)
fault("a page without its last position", page=lambda s, a, u, n: read.page(s, a, max(u - 1, 0), n))
fault("a page one too long", page=lambda s, a, u, n: read.page(s, a, u + 1, n))
fault("a page up to 0 is all", page=lambda s, a, u, n: read.page(s, a, u or 2**62, n))
fault("names are not looked at", page=lambda s, a, u, n: read.page(s, a, u, ()))
fault("only the first of the names", page=lambda s, a, u, n: read.page(s, a, u, n[:1]))
fault("no names are no rows", page=lambda s, a, u, n: read.page(s, a, u, n) if n else [])
fault(
    "a page of names from its first",
    page=lambda s, a, u, n: read.page(s, max(a - bool(n), 0), u, n),
)
fault("a page turned round", page=lambda s, a, u, n: read.page(s, a, u, n)[::-1])
fault(
    "a page ordered by stream",
    page=lambda s, a, u, n: sorted(read.page(s, a, u, n), key=lambda r: r[1]),
)
fault(
    "a page ordered by text",
    page=lambda s, a, u, n: sorted(read.page(s, a, u, n), key=lambda r: str(r[0])),
)
fault(
    "a page ordered by name",
    page=lambda s, a, u, n: (
        sorted(read.page(s, a, u, n), key=lambda r: r[3]) if n else read.page(s, a, u, n)
    ),
)
fault(
    "a page with its positions counted",
    page=lambda s, a, u, n: [(a + i, *r[1:]) for i, r in enumerate(read.page(s, a, u, n), 1)],
)
fault(
    "news from the version on",
    news=lambda s, v: read.news(s, {k: max(n - 1, 0) for k, n in v.items()}),
)
fault(
    "news of a version as text",
    news=lambda s, v: [r for r in read.news(s, dict.fromkeys(v, 0)) if str(r[2]) > str(v[r[1]])],
)
fault("news of the first stream", news=lambda s, v: read.news(s, dict(list(v.items())[:1])))
fault(
    "news of all after the lowest version",
    news=lambda s, v: read.news(s, dict.fromkeys(v, min(v.values(), default=0))),
)
fault("news ordered by stream", news=lambda s, v: sorted(read.news(s, v), key=lambda r: r[1:3]))
fault("news ordered by version", news=lambda s, v: sorted(read.news(s, v), key=lambda r: r[2]))
fault("news ordered by text", news=lambda s, v: sorted(read.news(s, v), key=lambda r: str(r[0])))
fault(
    "news in the order asked",
    news=lambda s, v: [*chain.from_iterable(read.news(s, {k: n}) for k, n in v.items())],
)
fault(
    "news of nothing is all", news=lambda s, v: read.news(s, v) if v else read.page(s, 0, 2**62, ())
)
fault("news without the newest", news=lambda s, v: read.news(s, v)[: -1 if len(v) > 5 else None])
fault(
    "what concerns from the position on",
    concerning=lambda s, v: read.concerning(s, {k: n - 1 for k, n in v.items()}),
)
fault(
    "what concerns is asked after the lowest",
    concerning=lambda s, v: read.concerning(s, dict.fromkeys(v, min(v.values(), default=0))),
)
fault("what concerns ordered by stream", concerning=lambda s, v: sorted(read.concerning(s, v)))
fault(
    "what concerns ordered by text",
    concerning=lambda s, v: sorted(read.concerning(s, v), key=lambda c: str(c[1][0])),
)
fault(
    "what concerns two, once",
    concerning=lambda s, v: list({r[0]: (t, r) for t, r in read.concerning(s, v)}.values()),
)
fault(
    "what concerns, its own stream named",
    concerning=lambda s, v: [(r[1], r) for _, r in read.concerning(s, v)],
)
fault(
    "its own rows concern a stream",
    concerning=lambda s, v: sorted(
        [
            *read.concerning(s, v),
            *((r[1], r) for r in read.news(s, dict.fromkeys(v, 0)) if r[0] > v[r[1]]),
        ],
        key=lambda c: c[1][0],
    ),
)
fault(
    "what concerns a stream forgotten with its own rows",
    concerned=lambda s, t: 0 if s.version(t) else read.concerned(s, t),
)
fault("nothing concerns anybody", concerning=lambda s, v: [])
fault("answers of all", answers=lambda s, c: list(s.db.answered.values()))
fault("answers of the first", answers=lambda s, c: read.answers(s, c[:1]))
fault("no answers of refusals", answers=lambda s, c: [a for a in read.answers(s, c) if a.events])
fault(
    "no answers for no events",
    given_answered=lambda s, a: attrs.evolve(a, answer=a.answer if a.events else None),
)
fault("answers without their digest", given_answered=lambda s, a: attrs.evolve(a, digest=None))
fault("answers one position late", given_answered=lambda s, a: attrs.evolve(a, first=a.first + 1))
fault(
    "answers placed from 0", given_answered=lambda s, a: attrs.evolve(a, first=max(0, a.first - 1))
)
fault("answers of one event", given_answered=lambda s, a: attrs.evolve(a, events=min(a.events, 1)))
fault("the last position counted from 0", last_position=lambda s: max(0, read.last_position(s) - 1))
fault("the last position of nothing is None", last_position=lambda s: read.last_position(s) or None)


@faulty
class _(MemoryRecorder):
    """names are patterns"""

    def page(self, after, upto, names):
        like = [
            re.compile(re.escape(n).replace("%", ".*").replace("_", "."), re.DOTALL) for n in names
        ]
        rows = super().page(after, upto, ())
        return [r for r in rows if not names or any(one.fullmatch(r[3]) for one in like)]


@faulty
class _(MemoryRecorder):
    """names are beginnings"""

    def page(self, after, upto, names):
        rows = super().page(after, upto, ())
        return [r for r in rows if not names or r[3].startswith(tuple(names))]


@faulty
class _(MemoryRecorder):
    """names are joined by commas"""

    def page(self, after, upto, names):
        return super().page(after, upto, ",".join(names).split(",") if names else ())


@faulty
class _(MemoryRecorder):
    """what is handed out is what is kept"""

    def news(self, versions):
        if len(versions) == 1 and set(versions.values()) == {0}:
            return self.db.streams.get(*versions, [])
        return super().news(versions)


# -- Checks: what is compared before anything is stored. -------------------------------


def checking(why, **steps):
    """Keep a recorder whose checks see *steps* in place of what they are given."""

    def check(self, expected, after, unconcerned):
        given = {"expected": expected, "after": after, "unconcerned": unconcerned}
        given.update({name: step(self, given[name]) for name, step in steps.items()})
        MemoryRecorder.check(self, **given)

    fault(why, check=check)


def only(holds):
    """Return a step that keeps those items of a dictionary for which it *holds*."""
    return lambda self, given: {k: v for k, v in given.items() if holds(self, k, v)}


checking("expected is not looked at", expected=lambda s, e: {})
checking("expected 0 is not looked at", expected=only(lambda s, k, v: v))
checking("only the first expected", expected=lambda s, e: dict(list(e.items())[:1]))
checking("only the last expected", expected=lambda s, e: dict(list(e.items())[-1:]))
checking("expected of streams that are there", expected=only(lambda s, k, v: s.version(k)))
checking(
    "expected at least", expected=lambda s, e: {k: v for k, v in e.items() if s.version(k) < v}
)
checking("expected at most", expected=lambda s, e: {k: v for k, v in e.items() if s.version(k) > v})
checking("after is not looked at", after=lambda s, a: None)
checking("after 0 is not looked at", after=lambda s, a: a or None)
checking("after at least", after=lambda s, a: None if a is not None and a >= s.last() else a)
checking("after at most", after=lambda s, a: None if a is not None and a <= s.last() else a)
checking("unconcerned is not looked at", unconcerned=lambda s, u: {})
checking("unconcerned 0 is not looked at", unconcerned=only(lambda s, k, v: v))
checking("unconcerned one too late", unconcerned=lambda s, u: {k: v + 1 for k, v in u.items()})
checking(
    "unconcerned one too early",
    unconcerned=lambda s, u: {k: v - 1 for k, v in u.items() if s.concerned(k)},
)
checking("only the first unconcerned", unconcerned=lambda s, u: dict(list(u.items())[:1]))
checking("only the last unconcerned", unconcerned=lambda s, u: dict(list(u.items())[-1:]))
checking(
    "unconcerned from the latest",
    unconcerned=lambda s, u: dict.fromkeys(u, max(u.values(), default=0)),
)
checking(
    "unconcerned from the earliest",
    unconcerned=lambda s, u: dict.fromkeys(u, min(u.values(), default=0)),
)
checking(
    "unconcerned by the history",
    unconcerned=lambda s, u: {k: -1 if v < s.last() else v for k, v in u.items()},
)


@faulty
class _(MemoryRecorder):
    """expected only of streams that are written"""

    def append(self, rows, *, expected, **rest):
        written = {row[0] for row in rows}
        return super().append(
            rows, expected={s: v for s, v in expected.items() if s in written}, **rest
        )


@faulty
class _(MemoryRecorder):
    """nothing is checked where only a command is answered"""

    def append(self, rows, *, expected, after, unconcerned, **rest):
        if not rows:
            expected, after, unconcerned = {}, None, {}
        return super().append(rows, expected=expected, after=after, unconcerned=unconcerned, **rest)


@faulty
class _(MemoryRecorder):
    """nothing is checked where much is stored"""

    def append(self, rows, *, expected, after, unconcerned, **rest):
        if len(rows) > 1_000:
            expected, after, unconcerned = {}, None, {}
        return super().append(rows, expected=expected, after=after, unconcerned=unconcerned, **rest)


@faulty
class _(MemoryRecorder):
    """what was expected is taken out of what was given"""

    def append(self, rows, *, expected, **rest):
        came = super().append(rows, expected=expected, **rest)
        expected.clear()
        return came


@faulty
class _(MemoryRecorder):
    """versions are compared as text"""

    def version(self, stream):
        rows = self.db.streams.get(self.stream_key(stream), ())
        return max((row[2] for row in rows), key=str, default=0)


@faulty
class _(MemoryRecorder):
    """what concerns is compared as text"""

    def concerned(self, stream):
        concerns = self.db.concerns.get(self.stream_key(stream), ())
        return max((at for at, _ in concerns), key=str, default=0)


# -- Storing: order, places, all or none. ----------------------------------------------


@faulty
class _(MemoryRecorder):
    """rows ordered by stream"""

    def put(self, rows, answered, concerns):
        return super().put(sorted(rows), answered, concerns)


@faulty
class _(MemoryRecorder):
    """rows of one append grouped by stream"""

    def put(self, rows, answered, concerns):
        order = {row[0]: None for row in rows}
        return super().put(
            [r for s in order for r in rows if r[0] == s] if len(order) < 9 else rows,
            answered,
            concerns,
        )


@faulty
class _(MemoryRecorder):
    """the position after in place of the one before"""

    def put(self, rows, answered, concerns):
        return super().put(rows, answered, concerns) + len(rows)


@faulty
class _(MemoryRecorder):
    """an answer without events is of no position"""

    def put(self, rows, answered, concerns):
        return super().put(rows, answered, concerns) if rows else super().put([], answered, []) * 0


@faulty
class _(MemoryRecorder):
    """concerns placed at the first row"""

    def put(self, rows, answered, concerns):
        return super().put(rows, answered, [(stream, min(at, 0)) for stream, at in concerns])


@faulty
class _(MemoryRecorder):
    """one concern of each row"""

    def put(self, rows, answered, concerns):
        return super().put(
            rows, answered, [(s, at) for at, s in {at: s for s, at in concerns}.items()]
        )


@faulty
class _(MemoryRecorder):
    """concerns of loaded rows forgotten"""

    def load(self, rows, answered, concerns):
        return super().load(rows, answered, [])


@faulty
class _(MemoryRecorder):
    """answers of loaded rows forgotten"""

    def load(self, rows, answered, concerns):
        return super().load(rows, [], concerns)


@faulty
class _(MemoryRecorder):
    """answers and concerns asked for before the rows"""

    def load(self, rows, answered, concerns):
        return super().load(rows, list(answered), list(concerns))


@faulty
class _(MemoryRecorder):
    """concerns asked for before the rows"""

    def load(self, rows, answered, concerns):
        return super().load(rows, answered, list(concerns))


@faulty
class _(MemoryRecorder):
    """loaded into what is not empty"""

    def load(self, rows, answered, concerns):
        with self.open():
            number = len(rows := list(rows))
            self.put(rows, list(answered), list(concerns))
            return number


@faulty
class _(MemoryRecorder):
    """loaded in place of what is there"""

    def load(self, rows, answered, concerns):
        with self.open():
            forget(self.db)
        return super().load(rows, answered, concerns)


def forget(db, rows=0):
    """Take out of *db* all that follows its first *rows*."""
    del db.rows[rows:]
    for table in (db.streams, db.concerns):
        for key in list(table):
            table[key] = [each for each in table[key] if each[0] <= rows]


@faulty
class _(MemoryRecorder):
    """half loaded where the rows break off"""

    def load(self, rows, answered, concerns):
        with self.open():
            if self.db.rows:
                refuse("not empty")
            for number, row in enumerate(rows, start=1):
                self.put([row], [], [])
            self.put([], [attrs.evolve(a, first=a.first - 1 - number) for a in answered], [])
            self.put([], [], [(s, at - 1 - number) for s, at in concerns])
            return number


@faulty
class _(MemoryRecorder):
    """loaded in parts of 10,000"""

    def load(self, rows, answered, concerns):
        with self.open():
            if self.db.rows:
                refuse("not empty")
            part = []
            for row in rows:
                part.append(row)
                if len(part) == 10_000:
                    self.put(part, [], [])
                    part = []
            self.put(part, [], [])
            number = len(self.db.rows)
            self.put([], [attrs.evolve(a, first=a.first - 1 - number) for a in answered], [])
            self.put([], [], [(s, at - 1 - number) for s, at in concerns])
            return number


@faulty
class _(MemoryRecorder):
    """loaded rows stay where their concerns break off"""

    def load(self, rows, answered, concerns):
        with self.open():
            if self.db.rows:
                refuse("not empty")
            number = len(rows := list(rows))
            answered = [attrs.evolve(a, first=a.first - 1) for a in answered]
            self.put(rows, answered, [])
            self.put([], [], [(s, at - 1 - number) for s, at in concerns])
            return number


@faulty
class _(MemoryRecorder):
    """an error in the rows of a load comes out as one of the store"""

    def load(self, rows, answered, concerns):
        try:
            return super().load(rows, answered, concerns)
        except ValueError as error:
            raise StoreError(str(error)) from error


@faulty
class _(MemoryRecorder):
    """one too many loaded"""

    def load(self, rows, answered, concerns):
        return super().load(rows, answered, concerns) + 1


@faulty
class _(MemoryRecorder):
    """a taken version is overwritten"""

    def taken(self, key, version):
        return False

    def put(self, rows, answered, concerns):
        for stream, version, *_ in rows:
            kept = self.db.streams.get(stream, [])
            self.db.streams[stream] = [row for row in kept if row[2] != version]
        return super().put(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """a taken version is passed over"""

    def store(self, rows, answered, concerns):
        rows = [row for row in rows if not self.taken(self.stream_key(row[0]), row[1])]
        return super().store(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """a version given twice in one append is stored"""

    def store(self, rows, answered, concerns):
        if any(self.taken(self.stream_key(stream), version) for stream, version, *_ in rows):
            refuse("a version is taken")
        if any(self.command_key(a.command) in self.db.answered for a in answered):
            refuse("a command is answered")
        return self.put(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """an answer is overwritten"""

    def store(self, rows, answered, concerns):
        for a in answered:
            self.db.answered.pop(self.command_key(a.command), None)
        return super().store(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """an answer that is there is passed over"""

    def store(self, rows, answered, concerns):
        answered = [a for a in answered if self.command_key(a.command) not in self.db.answered]
        return super().store(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """answers kept although the rows are refused"""

    def store(self, rows, answered, concerns):
        self.put([], [a for a in answered if a.command not in self.db.answered], [])
        return super().store(rows, [], concerns)


@faulty
class _(MemoryRecorder):
    """rows kept although a command is answered"""

    def store(self, rows, answered, concerns):
        last = super().store(rows, [], concerns)
        super().store([], [attrs.evolve(a, first=a.first - len(rows)) for a in answered], [])
        return last


@faulty
class _(MemoryRecorder):
    """concerns kept although the rows are refused"""

    def store(self, rows, answered, concerns):
        for stream, place in concerns:
            self.db.concerns[stream].append((self.last() + 1 + place, stream))
        return super().store(rows, answered, [])

    def concerned(self, stream):
        return max(
            (at for at, _ in self.db.concerns.get(stream, ()) if at <= self.last()), default=0
        )

    def concerning(self, streams):
        with self.open() as db:
            return sorted(
                (
                    (s, db.rows[at - 1])
                    for s, after in streams.items()
                    for at, _ in set(db.concerns.get(s, ()))
                    if after < at <= self.last()
                ),
                key=lambda c: (c[1][0], c[0]),
            )


@faulty
class _(MemoryRecorder):
    """stored in parts of 1,000"""

    def store(self, rows, answered, concerns):
        last = self.last()
        for place in range(0, len(rows) - 1, 1_000):
            super().store(rows[place : place + 1_000], [], [])
        done = len(rows[: self.last() - last])
        answered = [attrs.evolve(a, first=a.first - done) for a in answered]
        super().store(rows[done:], answered, [(s, at - done) for s, at in concerns])
        return last


@faulty
class _(MemoryRecorder):
    """stored in parts of 20,000"""

    def store(self, rows, answered, concerns):
        if len(rows) <= 20_000:
            return super().store(rows, answered, concerns)
        last = super().store(rows[:20_000], [], [])
        super().store(rows[20_000:], [], [(s, at - 20_000) for s, at in concerns if at >= 20_000])
        self.put([], [], [(s, at - len(rows)) for s, at in concerns if at < 20_000])
        return last


@faulty
class _(MemoryRecorder):
    """positions from a sequence that a conflict moves on"""

    skipped = 0

    def store(self, rows, answered, concerns):
        try:
            return super().store(rows, answered, concerns)
        except ConflictError:
            self.skipped += len(rows)
            raise

    def append(self, rows, **rest):
        return super().append(rows, **rest) + self.skipped


for error, called in (
    (StoreError, "the store"),
    (UnavailableError, "passing"),
    (sqlite3.IntegrityError, "the library"),
):

    @contextmanager
    def opened(self, error=error):
        with MemoryRecorder.open(self) as db:
            try:
                yield db
            except ConflictError as told:
                raise error(str(told)) from told

    fault(f"a conflict as an error of {called}", open=opened)


@faulty
class _(MemoryRecorder):
    """after thirty conflicts there is no connection any more"""

    left = 30

    @contextmanager
    def open(self):
        with super().open() as db:
            if not self.left:
                msg = "no connection is left"
                raise UnavailableError(msg)
            try:
                yield db
            except ConflictError:
                self.left -= 1
                raise


@faulty
class _(MemoryRecorder):
    """a conflict is told as if it was stored"""

    def append(self, rows, **rest):
        try:
            return super().append(rows, **rest)
        except ConflictError:
            return self.last_position()


# -- Others, threads, and later. -------------------------------------------------------


def remembering(method, key=lambda *given: repr(given), forgets=()):
    """Return a *method* that answers again as before, or until this recorder *forgets*."""

    def asked(self, *given):
        kept = self.__dict__.setdefault(f"kept_{method}", {})
        if key(*given) not in kept:
            kept[key(*given)] = getattr(MemoryRecorder, method)(self, *given)
        value = kept[key(*given)]
        return list(value) if isinstance(value, list) else value

    def append(self, *given, **named):
        self.__dict__.pop(f"kept_{method}", None)
        return MemoryRecorder.append(self, *given, **named)

    def load(self, *given):
        self.__dict__.pop(f"kept_{method}", None)
        return MemoryRecorder.load(self, *given)

    return {method: asked, **({"append": append, "load": load} if forgets else {})}


for method in ("news", "concerning", "page", "answers", "last_position"):
    fault(f"{method} remembered for ever", **remembering(method))
    fault(f"{method} remembered until it writes itself", **remembering(method, forgets=("append",)))


@faulty
class _(MemoryRecorder):
    """news of a stream remembered once it was not there"""

    def news(self, versions):
        absent = self.__dict__.setdefault("absent", set())
        found = super().news({s: v for s, v in versions.items() if s not in absent})
        absent.update(s for s in versions if not self.db.streams.get(s))
        return found


@faulty
class _(MemoryRecorder):
    """the newest version of a stream remembered"""

    def version(self, stream):
        kept = self.__dict__.setdefault("versions", {})
        kept.setdefault(stream, super().version(stream))
        return kept[stream]

    def put(self, rows, answered, concerns):
        self.__dict__.setdefault("versions", {}).update({row[0]: row[1] for row in rows})
        return super().put(rows, answered, concerns)


@faulty
class _(MemoryRecorder):
    """what is answered is remembered here only"""

    def __init__(self, database):
        super().__init__(attrs.evolve(database, answered={}))


@faulty
class _(MemoryRecorder):
    """what concerns is remembered here only"""

    def __init__(self, database):
        super().__init__(attrs.evolve(database, concerns=Database().concerns))


@faulty
class _(MemoryRecorder):
    """everything is here only"""

    def __init__(self, _):
        super().__init__(Database())


@faulty
class _(MemoryRecorder):
    """written when it is closed"""

    def __init__(self, database):
        super().__init__(Database())
        self.under = database
        self.before = len(database.rows)
        for name in ("rows", "streams", "concerns", "answered"):
            getattr(self.db, name).__init__(getattr(database, name)) if name in {
                "rows",
                "answered",
            } else [getattr(self.db, name)[k].extend(v) for k, v in getattr(database, name).items()]

    def close(self):
        if not self.closed:
            for name in ("rows", "streams", "concerns", "answered"):
                setattr(self.under, name, getattr(self.db, name))
        super().close()


@faulty
class _(MemoryRecorder):
    """each thread has its own"""

    own: dict

    def __init__(self, database):
        self.__dict__["own"] = {get_ident(): database}
        super().__init__(database)

    @property
    def db(self):
        return self.own.setdefault(get_ident(), Database())

    @db.setter
    def db(self, database):
        self.own[get_ident()] = database


@faulty
class _(MemoryRecorder):
    """only the thread that opened it may use it"""

    def __init__(self, database):
        super().__init__(database)
        self.thread = get_ident()

    @contextmanager
    def open(self):
        if get_ident() != self.thread:
            msg = "SQLite objects created in a thread can only be used in that same thread"
            raise sqlite3.ProgrammingError(msg)
        with super().open() as db:
            yield db


@faulty
class _(MemoryRecorder):
    """closed in one thread it is open in another"""

    def close(self):
        if get_ident() == self.__dict__.setdefault("thread", get_ident()):
            super().close()

    def __init__(self, database):
        super().__init__(database)
        self.thread = get_ident()


@faulty
class _(MemoryRecorder):
    """closed it can be used as before"""

    def close(self):
        pass


@faulty
class _(MemoryRecorder):
    """closed it can still be read"""

    @contextmanager
    def open(self):
        with self.db.lock:
            yield self.db

    def append(self, *given, **named):
        if self.closed:
            msg = "closed"
            raise StoreError(msg)
        return super().append(*given, **named)

    load = MemoryRecorder.load


@faulty
class _(MemoryRecorder):
    """closed it says so in the words of the library"""

    @contextmanager
    def open(self):
        if self.closed:
            msg = "Cannot operate on a closed database."
            raise sqlite3.ProgrammingError(msg)
        with super().open() as db:
            yield db


@faulty
class _(MemoryRecorder):
    """closing it empties the database"""

    def close(self):
        forget(self.db)
        self.db.answered.clear()
        super().close()


@faulty
class _(MemoryRecorder):
    """its place tells the password"""

    place = "mysql://ani:secret@db.example/perisai"


class _CheckedBefore(MemoryRecorder):
    checks: tuple = ()

    def append(self, rows, *, expected, after, unconcerned, answered, concerns):
        early = {"expected": {}, "after": None, "unconcerned": {}}
        late = {"expected": expected, "after": after, "unconcerned": unconcerned}
        for name in self.checks:
            early[name], late[name] = late[name], early[name]
        with self.open():
            self.check(**early)
        sleep(AWAY)
        with self.open():
            self.check(**late)
            return self.store(list(rows), list(answered), list(concerns))


for name in ("expected", "after", "unconcerned"):
    FAULTS[f"{name} checked before it alone may write"] = type(
        name, (_CheckedBefore,), {"checks": (name,)}
    )


@faulty
class _(MemoryRecorder):
    """commands checked before it alone may write"""

    def append(self, rows, *, answered, **rest):
        with self.open() as db:
            if any(a.command in db.answered for a in answered):
                refuse("answered")
        sleep(AWAY)
        with self.open():
            self.check(rest["expected"], rest["after"], rest["unconcerned"])
            new = {(stream, version) for stream, version, *_ in rows}
            if len(new) < len(rows) or any(self.taken(*each) for each in new):
                refuse("a version is taken")
            return self.put(list(rows), answered, rest["concerns"])


@faulty
class _(MemoryRecorder):
    """its last position read before it alone may write"""

    def append(self, rows, *, expected, after, answered, concerns, unconcerned):
        with self.open():
            self.check(expected, after, unconcerned)
            last = self.last()
        sleep(AWAY)
        with self.open():
            self.check(expected, after, unconcerned)
            self.store(list(rows), list(answered), list(concerns))
        return last


@faulty
class _(MemoryRecorder):
    """rows are seen before all are stored"""

    def append(self, rows, *, expected, after, answered, concerns, unconcerned):
        with self.open():
            self.check(expected, after, unconcerned)
        last = None
        for row in rows:
            with self.open():
                before = self.store([row], [], [])
            last = before if last is None else last
        with self.open():
            number = len(rows)
            concerns = [(s, at - number) for s, at in concerns]
            answered = [attrs.evolve(a, first=a.first - number) for a in answered]
            before = self.store([], answered, concerns)
        return before if last is None else last


@faulty
class _(MemoryRecorder):
    """rows are seen while they are loaded"""

    def load(self, rows, answered, concerns):
        with self.open() as db:
            if db.rows:
                refuse("not empty")
        number = 0
        try:
            for number, row in enumerate(rows, start=1):
                with self.open():
                    self.put([row], [], [])
            answered = [attrs.evolve(a, first=a.first - 1 - number) for a in answered]
            concerns = [(s, at - 1 - number) for s, at in concerns]
        except BaseException:
            with self.open() as db:
                forget(db)
            raise
        with self.open():
            self.put([], answered, concerns)
        return number
