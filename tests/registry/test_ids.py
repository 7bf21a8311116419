"""New ids."""

import re
import time

import pytest

import jamsos


@pytest.mark.parametrize(
    ("new", "kind"),
    [(jamsos.new_agent_id, "agent"), (jamsos.new_participant_id, "participant")],
)
def test_an_id_is_its_kind_and_a_uuid_of_version_7(new, kind):
    uuid7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

    assert all(re.fullmatch(f"{kind}-{uuid7}", new()) for _ in range(200))


@pytest.mark.parametrize("new", [jamsos.new_agent_id, jamsos.new_participant_id])
def test_an_id_is_never_given_twice(new):
    assert len({new() for _ in range(20_000)}) == 20_000


def test_ids_sort_by_the_millisecond_in_which_they_were_made():
    made = []
    for _ in range(5):
        made.append(jamsos.new_participant_id())
        time.sleep(0.002)

    assert made == sorted(made)


def test_an_id_tells_the_moment_of_its_making_and_nothing_else():
    before = time.time_ns() // 1_000_000
    made = [jamsos.new_participant_id().removeprefix("participant-") for _ in range(2)]
    after = time.time_ns() // 1_000_000

    moments = [int(text.replace("-", "")[:12], 16) for text in made]
    assert all(before <= moment <= after for moment in moments)
    assert made[0][-12:] != made[1][-12:]
