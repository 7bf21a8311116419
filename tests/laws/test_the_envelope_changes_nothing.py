"""Whoever asks, and in whatever connection: the answers, the states and the counts are the same."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import attrs
from hypothesis import given

from jamsos.store.event_store import EventStore
from jamsos.store.history_file import lines, load
from tests.laws.drawing import SEEDS, plans, tries
from tests.laws.playing import ask, months_of, open_, states, sums

SAID = [{}, {}, {"by": "clerk-7"}, {"trace": "req:1"}, {"by": "office/51", "trace": "a" * 64}]


@given(plan=plans(), seed=SEEDS)
@tries(8)
def test_a_history_in_envelopes_is_the_one_without_them_and_a_file_keeps_them(plan, seed):
    dice = Random(seed)
    with TemporaryDirectory() as folder, open_() as silent, open_() as told:
        said = [(None, None)] * told.last_position()
        for asked in plan:
            envelope = dice.choice(SAID)
            assert repr(ask(told.asked(**envelope), asked)) == repr(ask(silent, asked))
            new = told.last_position() - len(said)
            said += [(envelope.get("by"), envelope.get("trace"))] * new
        history, months = list(told.history()), months_of(silent.history())

        assert [(r.by, r.trace) for r in history] == said
        assert [attrs.evolve(r, by=None, trace=None) for r in history] == list(silent.history())
        assert states(told) == states(silent)
        assert sums(history, months) == sums(silent.history(), months)
        written = b"".join(lines(told._store))
        Path(folder, "history.jsonl").write_bytes(written)
        load(Path(folder, "history.jsonl"), Path(folder, "new.db"))
        with EventStore(Path(folder, "new.db")) as store:
            assert list(store.history()) == history
            assert b"".join(lines(store)) == written
