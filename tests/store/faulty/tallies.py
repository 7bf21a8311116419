"""Tallies each with one fault of those that adapters to databases have; none may pass."""

import attrs

from jamsos.store.sqlite import SQLiteRecorder

TALLY_FAULTS = {}
"""Each faulty kind of tallies by what is wrong with it: made around right ones."""


class Around:
    """Right tallies; faulty ones are made of it by changing one method."""

    def __init__(self, right):
        self.right = right

    def __getattr__(self, name):
        return getattr(self.right, name)


class Recorder:
    """A right recorder with tallies of a faulty *kind*."""

    def __init__(self, kind):
        self.right = SQLiteRecorder(":memory:", create=True)
        self.tallies = kind(self.right.tallies)

    def __getattr__(self, name):
        return getattr(self.right, name)


def fault(why, **methods):
    """Keep tallies whose *methods* are wrong."""
    TALLY_FAULTS[why] = type(why, (Around,), methods)


def adding(why, change):
    """Keep tallies that *change* what is added."""

    def add(self, sums, *, after, upto):
        new = {g: dict(map(change, numbers.items())) for g, numbers in sums.items()}
        self.right.add(new, after=after, upto=upto)

    fault(why, add=add)


def reading(why, change):
    """Keep tallies that *change* what is asked: name, version, headings, first and last month."""
    fault(why, read=lambda self, *asked: self.right.read(*change(*asked)))


def came(why, change):
    """Keep tallies that *change* the reading that came."""

    def read(self, *asked):
        found = self.right.read(*asked)
        return found and change(found)

    fault(why, read=read)


def placed(change):
    return lambda item: (change(*item[0]), item[1])


def at_most(bits):
    def change(item):
        if abs(item[1]) >= 2 ** (bits - 1):
            msg = "out of range"
            raise OverflowError(msg)
        return item

    return change


adding("numbers of 32 bits", at_most(32))
adding("numbers in doubles", lambda item: (item[0], int(float(item[1]))))
adding("numbers without a sign", lambda item: (item[0], abs(item[1])))
adding("negative numbers are 0", lambda item: (item[0], max(0, item[1])))
adding("numbers that begin again", lambda item: (item[0], item[1] % 2**32))
adding("headings without case", placed(lambda h, c, m: (h.lower(), c, m)))
adding("headings cut at 32", placed(lambda h, c, m: (h[:32], c, m)))
adding("headings trimmed", placed(lambda h, c, m: (h.rstrip(), c, m)))
adding("cells without case", placed(lambda h, c, m: (h, tuple(t and t.lower() for t in c), m)))
adding("cells cut at 64", placed(lambda h, c, m: (h, tuple(t and t[:64] for t in c), m)))
adding("cells with nothing for None", placed(lambda h, c, m: (h, tuple(t or "" for t in c), m)))
adding("cells with None for nothing", placed(lambda h, c, m: (h, tuple(t or None for t in c), m)))
adding("cells in ASCII", placed(lambda h, c, m: (h, tuple(t and ascii(t)[1:-1] for t in c), m)))
adding("months of 16 bits", placed(lambda h, c, m: (h, c, m % 2**15)))
reading("months after the first", lambda n, v, h, f, t: (n, v, h, f + 1, t))
reading("months before the last", lambda n, v, h, f, t: (n, v, h, f, t - 1))
reading("all months", lambda n, v, h, f, t: (n, v, h, 0, 9_999 * 12))
reading("only the first heading", lambda n, v, h, f, t: (n, v, h[:1], f, t))
reading("names cut at 64", lambda n, v, h, f, t: (n[:64], v, h, f, t))
reading("names without case", lambda n, v, h, f, t: (n.lower(), v, h, f, t))
reading("only version 1", lambda n, v, h, f, t: (n, 1, h, f, t))
came("no position", lambda r: attrs.evolve(r, position=0))
came("its position as the last", lambda r: attrs.evolve(r, last=r.position))
came("numbers of 0 are there", lambda r: attrs.evolve(r, numbers={("0",): 0, **r.numbers}))
came("one number missing", lambda r: attrs.evolve(r, numbers=dict(list(r.numbers.items())[1:])))
fault(
    "the live ones only are marked",
    marks=lambda self: [mark for mark in self.right.marks() if mark.live],
)
fault("the newest mark first", marks=lambda self: self.right.marks()[::-1])
fault("nothing is dropped", drop=lambda self, generation: None)
fault("nothing is switched", switch=lambda self, live, rebuilt: False)
fault(
    "nothing differs",
    compare=lambda s, a, b: (c := s.right.compare(a, b)) and attrs.evolve(c, differences=()),
)
fault(
    "every generation is begun live", begin=lambda s, n, v, *, live: s.right.begin(n, v, live=True)
)
fault("versions of 16 bits", begin=lambda s, n, v, *, live: s.right.begin(n, v % 2**15, live=live))


def add_twice(self, sums, *, after, upto):
    self.right.add(sums, after=after, upto=after)
    self.right.add(sums, after=after, upto=upto)


def add_anywhere(self, sums, *, after, upto):
    for mark in self.right.marks():
        if mark.generation in sums:
            self.right.add({mark.generation: sums[mark.generation]}, after=mark.position, upto=upto)


def add_first_only(self, sums, *, after, upto):
    self.right.add(dict(list(sums.items())[:1]), after=after, upto=upto)


def add_in_two(self, sums, *, after, upto):
    self.right.add({g: {} for g in sums}, after=after, upto=upto)
    self.right.add(sums, after=upto, upto=upto)


def drop_the_mark_of_all(self, generation):
    for mark in self.right.marks():
        self.right.drop(mark.generation)


def sweep_what_lives(self):
    for mark in self.right.marks():
        self.right.drop(mark.generation)
    self.right.sweep()


def read_again(self, *asked):
    return self.__dict__.setdefault("kept", {}).setdefault(asked, self.right.read(*asked))


def switch_back(self, live, rebuilt):
    marks = {mark.generation for mark in self.right.marks()}
    if {live, rebuilt} <= marks:
        self.right.drop(live)
        self.right.begin("example", 1, live=True)
        return True
    return False


fault("added twice", add=add_twice)
fault("added wherever it stands", add=add_anywhere)
fault("added to the first only", add=add_first_only)
fault("moved before it is added", add=add_in_two)
fault("all marks are dropped", drop=drop_the_mark_of_all)
fault("what lives is swept", sweep=sweep_what_lives)
fault("what was read is remembered", read=read_again)
fault("switched to nothing", switch=switch_back)
