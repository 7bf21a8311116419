"""Twelve wrong rules are found, each in its shortest history; the right ones are not."""

import os

import pytest

from jamsos.testing import Broken, Held, examine
from jamsos.testing.laws.judging import Judge
from tests.testing.bugs import BUGS
from tests.testing.verbs import verbs

SLOW = os.environ.get("HYPOTHESIS_PROFILE") == "slow"
SEEDS = range(20 if SLOW else 3)
HISTORIES = 20_000 if SLOW else 40
ENOUGH = 600
"""In so many histories each wrong rule is found, whatever the seed."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_wrong_rule_is_shown_by_its_shortest_history(bug, seed):
    found = examine(bug.law, seed=seed, begins=bug.begins(), histories=ENOUGH)
    assert isinstance(found, Broken)
    assert len(found.plan) == bug.shortest, verbs(found.plan)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_right_rule_passes_every_history(bug):
    held = examine(bug.right, histories=HISTORIES)
    assert isinstance(held, Held), (held.breaking.why, verbs(held.plan))
    assert held.histories == HISTORIES


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_no_command_of_the_shortest_history_can_be_left_out(bug):
    plan = examine(bug.law, begins=bug.begins(), histories=ENOUGH).plan
    for number in range(len(plan)):
        fewer = (*plan[:number], *plan[number + 1 :])
        assert not _breaks(bug, fewer), f"{number} of {verbs(plan)}"


def _breaks(bug, plan):
    return bool(plan) and Judge(bug.law, bug.begins()).plan(plan) is not None
