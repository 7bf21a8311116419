"""Wrong rules of time are found in few histories, whatever the seed; the right ones are not."""

import os

import pytest

from jamsos.testing import Broken, Held, examine
from tests.testing.bugs_of_time import BUGS_OF_TIME
from tests.testing.verbs import verbs

SLOW = os.environ.get("HYPOTHESIS_PROFILE") == "slow"
SEEDS = range(20 if SLOW else 3)
HISTORIES = 20_000 if SLOW else 40
ENOUGH = 1_000
"""In so many histories each wrong rule is found, whatever the seed."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bug", BUGS_OF_TIME, ids=lambda bug: bug.name)
def test_a_wrong_rule_of_time_is_found_and_shown_by_a_short_history(bug, seed):
    found = examine(bug.law, seed=seed, begins=bug.begins(), histories=ENOUGH)
    assert isinstance(found, Broken)
    if bug.shortest is not None:
        assert len(found.plan) == bug.shortest, verbs(found.plan)


@pytest.mark.parametrize("bug", BUGS_OF_TIME, ids=lambda bug: bug.name)
def test_the_right_rule_of_time_passes_every_history(bug):
    held = examine(bug.right, histories=HISTORIES)
    assert isinstance(held, Held), (held.breaking.why, verbs(held.plan))
    assert held.histories == HISTORIES


def test_there_are_at_least_twelve_wrong_rules_of_time():
    assert len({bug.name for bug in BUGS_OF_TIME}) >= 12
