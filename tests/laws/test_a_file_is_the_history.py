"""Written to a file or a disk and read back, a history is the same."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos import Months, Recorded
from jamsos.domain.aggregate import Event
from jamsos.domain.history import in_order
from jamsos.errors import CorruptHistoryError, InputError
from jamsos.store.event_store import EventStore
from jamsos.store.history_file import lines, load
from tests.laws.drawing import PEOPLE, SEEDS, STEPS, plans, tries
from tests.laws.playing import ask, months_of, open_, played, states, sums


@given(plan=plans())
@tries(25)
def test_an_imported_history_exports_the_same_bytes_and_gives_the_same_counts(plan):
    with TemporaryDirectory() as folder, open_() as registry:
        file, new = Path(folder, "history.jsonl"), Path(folder, "new.db")
        for asked in plan:
            ask(registry, asked)
        written = b"".join(lines(registry._store))
        months = months_of(list(registry.history()))
        file.write_bytes(written)

        number = load(file, new)

        with EventStore(new, create=False) as store:
            assert number == registry.last_position() == store.last_position()
            assert b"".join(lines(store)) == written
            assert list(store.history()) == list(registry.history())
            assert sums(in_order(store.history()), months) == sums(registry.history(), months)


@given(plan=plans(), cut=st.integers(0, STEPS))
@tries(8)
def test_an_imported_history_goes_on_as_the_one_it_was_exported_from(plan, cut):
    with TemporaryDirectory() as folder:
        old, file, new = (Path(folder, name) for name in ("old.db", "history.jsonl", "new.db"))
        with open_(old) as registry:
            for asked in plan[:cut]:
                ask(registry, asked)
            file.write_bytes(b"".join(lines(registry._store)))
            load(file, new)
            with open_(new) as other:
                answers = [(repr(ask(registry, r)), repr(ask(other, r))) for r in plan[cut:]]

                assert all(one == same for one, same in answers)
                assert states(other) == states(registry)


@given(plan=plans())
@tries(8)
def test_a_history_on_disk_is_the_one_in_memory(plan):
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.db")

        assert played(plan, path) == played(plan)
        with open_(path) as reopened, open_() as registry:
            for asked in plan:
                ask(registry, asked)
            assert states(reopened) == states(registry)


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_a_history_with_an_event_left_out_or_told_before_its_time_is_not_read(plan, seed):
    history = played(plan)
    later = [
        number
        for number, recorded in enumerate(history)
        if any(recorded.stream == other.stream for other in history[number + 1 :])
    ]
    if not later:
        return
    number = Random(seed).choice(later)
    stream = history[number].stream
    follower = next(n for n in range(number + 1, len(history)) if history[n].stream == stream)
    without = [*history[:number], *history[number + 1 :]]
    swapped = list(history)
    swapped[number], swapped[follower] = history[follower], history[number]

    for broken in (without, swapped, _numbered(without), _numbered(swapped)):
        with pytest.raises(CorruptHistoryError):
            list(in_order(broken))


def _numbered(history: Iterable[Recorded[Event]]) -> list[Recorded[Event]]:
    """Return *history* with its positions in order, so that only versions can be wrong."""
    return [attrs.evolve(r, position=number) for number, r in enumerate(history, start=1)]


@given(
    runs=st.lists(st.tuples(st.integers(24_214, 24_218), st.integers(24_214, 24_218)), max_size=2)
)
@tries(60)
def test_the_history_can_be_read_after_payments_for_any_months(runs):
    on = date(2017, 11, 6)
    with open_() as registry:
        registry.register(PEOPLE[0], province="51", on=on).or_raise()
        with suppress(InputError):
            registry.pay(PEOPLE[0], reference="1", months=Months(runs), income=1, amount=1, on=on)

        assert len(list(registry.history())) == registry.last_position()
