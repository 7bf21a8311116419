"""A right recorder in lists, the smallest that there is; those over the same lists agree."""

from collections import defaultdict
from contextlib import contextmanager
from threading import Lock

import attrs

from jamsos.errors import ConflictError, StoreError


@attrs.define
class Database:
    """What recorders share."""

    rows: list = attrs.field(factory=list)
    streams: dict = attrs.field(factory=lambda: defaultdict(list))
    concerns: dict = attrs.field(factory=lambda: defaultdict(list))
    answered: dict = attrs.field(factory=dict)
    lock: Lock = attrs.field(factory=Lock)


def refuse(why):
    msg = f"{why}; nothing was recorded, ask again"
    raise ConflictError(msg)


class MemoryRecorder:
    """A `Recorder` over a database in memory; faulty ones are made of it by changing one step."""

    place = "memory"

    def __init__(self, database):
        self.db = database
        self.closed = False

    @contextmanager
    def open(self):
        if self.closed:
            msg = f"{self.place} cannot be read or written: it is closed"
            raise StoreError(msg)
        with self.db.lock:
            yield self.db

    def append(self, rows, *, expected, after, answered, concerns, unconcerned):
        with self.open():
            self.check(expected, after, unconcerned)
            return self.store(list(rows), list(answered), list(concerns))

    def check(self, expected, after, unconcerned):
        if after is not None and after != self.last():
            refuse(f"something was recorded after {after}")
        for stream, version in expected.items():
            if version != self.version(stream):
                refuse(f"{stream} has changed")
        for stream, position in unconcerned.items():
            if position < self.concerned(stream):
                refuse(f"something concerns {stream}")

    def store(self, rows, answered, concerns):
        new = {(self.stream_key(stream), version) for stream, version, *_ in rows}
        if len(new) < len(rows) or any(self.taken(*each) for each in new):
            refuse("a version is taken")
        commands = {self.command_key(a.command) for a in answered}
        if len(commands) < len(answered) or not commands.isdisjoint(self.db.answered):
            refuse("a command is answered")
        return self.put(rows, answered, concerns)

    def put(self, rows, answered, concerns):
        last = self.last()
        for position, row in enumerate(map(self.kept_row, rows), start=last + 1):
            self.db.rows.append((position, *row))
            self.db.streams[self.stream_key(row[0])].append(self.db.rows[-1])
        for a in answered:
            first = a.first + last + 1 if a.events else 0
            kept = self.kept_answered(attrs.evolve(a, first=first))
            self.db.answered[self.command_key(a.command)] = kept
        for stream, place in concerns:
            self.db.concerns[self.stream_key(stream)].append((place + last + 1, stream))
        return last

    def load(self, rows, answered, concerns):
        with self.open():
            if self.db.rows:
                refuse(f"{self.place} is not empty")
            rows = list(rows)
            answered = [attrs.evolve(a, first=a.first - 1) for a in answered]
            self.put(rows, answered, [(stream, at - 1) for stream, at in concerns])
            return len(rows)

    def news(self, versions):
        with self.open():
            found = {r[0]: r for s, v in versions.items() for r in self.follow(s, v)}
            return [self.given_row(found[position]) for position in sorted(found)]

    def concerning(self, streams):
        with self.open() as db:
            found = [
                (at, stream, self.given_row(db.rows[at - 1]))
                for asked, after in streams.items()
                for at, stream in db.concerns.get(self.stream_key(asked), ())
                if at > after
            ]
            return [(stream, row) for at, stream, row in sorted(found)]

    def page(self, after, upto, names):
        names = {self.name_key(name) for name in names}
        with self.open() as db:
            rows = db.rows[after:upto]
            rows = [r for r in rows if not names or self.name_key(r[3]) in names]
            return [self.given_row(row) for row in rows]

    def answers(self, commands):
        with self.open() as db:
            keys = dict.fromkeys(map(self.command_key, commands))
            return [self.given_answered(db.answered[key]) for key in keys if key in db.answered]

    def last_position(self):
        with self.open():
            return self.last()

    def close(self):
        self.closed = True

    # -- The steps, one of which a faulty recorder changes. --------------------------

    def last(self):
        return len(self.db.rows)

    def version(self, stream):
        rows = self.db.streams.get(self.stream_key(stream), ())
        return rows[-1][2] if rows else 0

    def taken(self, key, version):
        return version <= len(self.db.streams.get(key, ()))

    def concerned(self, stream):
        concerns = self.db.concerns.get(self.stream_key(stream), ())
        return concerns[-1][0] if concerns else 0

    def follow(self, stream, version):
        return self.db.streams.get(self.stream_key(stream), ())[version:]

    def stream_key(self, stream):
        return stream

    def name_key(self, name):
        return name

    def command_key(self, command):
        return command

    def kept_row(self, row):
        return row

    def kept_answered(self, answered):
        return answered

    def given_row(self, row):
        return row

    def given_answered(self, answered):
        return answered
