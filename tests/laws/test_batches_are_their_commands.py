"""A batch is its commands one by one, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.drawing import SEEDS, STEPS, plans, tries
from tests.laws.playing import (
    LOOK_AT_ALL,
    ask,
    in_batches,
    once_in,
    open_,
    played,
    states,
    what_happened,
)

CUTS = st.integers(0, STEPS)


class _PowerCut(Exception):  # noqa: N818 - no error of ours
    pass


@given(plan=plans(), cut=CUTS, more=st.sampled_from(range(12)))
@tries(40)
def test_a_batch_that_raises_records_nothing_and_what_follows_goes_on_as_if_it_never_was(
    plan, cut, more
):
    with open_() as registry, open_() as other:
        for asked in plan[:cut]:
            assert repr(ask(registry, asked)) == repr(ask(other, asked))
        position, before = registry.last_position(), states(registry)
        with pytest.raises(_PowerCut), registry.batch() as desk:  # noqa: PT012 - where it is cut
            for asked in plan[cut : cut + more]:
                ask(desk, asked)
            raise _PowerCut

        assert registry.last_position() == position
        assert states(registry) == before
        for asked in plan[cut:]:
            assert repr(ask(registry, asked)) == repr(ask(other, asked))


@given(plan=plans(), seed=SEEDS)
@tries(60)
def test_commands_in_batches_make_the_history_that_they_make_one_by_one(plan, seed):
    batched, _ = in_batches(plan, seed, opening=LOOK_AT_ALL)

    assert what_happened(batched) == what_happened(played(plan))


@given(plan=plans(), seed=SEEDS)
@tries(100)
def test_an_evaluation_in_a_batch_knows_what_the_batch_has_decided_or_is_turned_down(plan, seed):
    batched, meant = in_batches(plan, seed)

    assert what_happened(batched) == what_happened(played(meant))


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_batches_and_single_commands_can_take_turns(plan, seed):
    with open_() as registry:
        for asked in plan:
            if once_in(2, seed, asked):
                with registry.batch() as desk:
                    ask(desk, asked)
            else:
                ask(registry, asked)

        assert what_happened(list(registry.history())) == what_happened(played(plan))
