"""The order of events, and of commands of different participants, does not matter to the sums."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from hypothesis import given

from jamsos.engine.world import Asked, Plan
from jamsos.projections.active_participants import ActiveParticipants
from jamsos.projections.recount import Recount
from tests.laws.drawing import PARTICIPANTS, PEOPLE, SEEDS, plans, tries
from tests.laws.playing import PAIRS, months_of, played, subject, sums


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_any_order_of_the_same_events_gives_the_same_sums(plan, seed):
    history = played(plan)
    months = months_of(history)
    shuffled = Random(seed).sample(history, len(history))

    assert sums(shuffled, months) == sums(history, months)


@given(plan=plans(), seed=SEEDS)
@tries(40)
def test_the_sums_over_two_parts_merge_into_the_sum_over_both(plan, seed):
    history = played(plan)
    upto = months_of(history)[-1]
    dice = Random(seed)
    here = {recorded.position for recorded in history if dice.randrange(2)}
    for pair in PAIRS:
        whole, one, other = (ActiveParticipants(*pair) for _ in range(3))
        for recorded in history:
            whole.apply(recorded)
            (one if recorded.position in here else other).apply(recorded)

        one.merge(other)

        assert one.table(upto) == whole.table(upto)


def _interleaved(plan: Plan, dice: Random) -> Plan:
    """Return *plan* in another order, in which each participant's commands keep theirs."""
    queues: defaultdict[str, list[Asked]] = defaultdict(list)
    for asked in reversed(plan):
        queues[subject(asked)].append(asked)
    order = [subject(asked) for asked in plan]
    dice.shuffle(order)
    return tuple(queues[who].pop() for who in order)


@given(plan=plans(PARTICIPANTS), seed=SEEDS)
@tries(40)
def test_the_order_between_commands_of_different_participants_does_not_matter(plan, seed):
    one, other = played(plan), played(_interleaved(plan, Random(seed)))
    months = months_of(one)
    pairs = PAIRS[:3]

    for stream in PEOPLE:
        assert [r.event for r in one if r.stream == stream] == [
            r.event for r in other if r.stream == stream
        ]
    assert sums(one, months) == sums(other, months)
    recounts = Recount(), Recount()
    for recount, history in zip(recounts, (one, other), strict=True):
        for recorded in history:
            recount.apply(recorded)
    assert recounts[0].count(pairs, upto=months[-1]) == recounts[1].count(pairs, upto=months[-1])
