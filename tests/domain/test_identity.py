"""The names that histories are kept under, and what may be written into an event."""

from datetime import date, datetime

import attrs
import pytest

from jamsos.domain.identity import (
    agent_id,
    check_agent,
    check_name,
    check_participant,
    day,
    name,
    programme_stream,
    quota_stream,
    reference,
    seat_streams,
)
from jamsos.errors import InputError

UUID = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"


@attrs.frozen
class Fields:
    agent: object = attrs.field(default=f"agent-{UUID}", validator=agent_id)
    name: object = attrs.field(default="agent-cap", validator=name)
    reference: object = attrs.field(default="R1", validator=reference)
    on: object = attrs.field(default=date(2018, 2, 5), validator=day)


def test_streams_are_called_by_the_kind_and_the_name_of_what_they_hold():
    assert programme_stream("perisai") == "programme-perisai"
    assert quota_stream("perisai", "51") == "quota-perisai-51"


def test_an_agent_and_a_participant_are_called_by_a_uuid():
    check_agent(f"agent-{UUID}")
    check_participant(f"participant-{UUID}")


@pytest.mark.parametrize(
    "wrong", ["", UUID, f"agent-{UUID.upper()}", f"agent-{UUID}\n", f"agent-{UUID}0", "agent-1", 7]
)
def test_another_name_is_no_agents(wrong):
    with pytest.raises(InputError, match="is not an agent: it must be agent- and a UUID"):
        check_agent(wrong)
    with pytest.raises(InputError, match="agent is"):
        Fields(agent=wrong)


def test_an_agents_name_is_no_participants():
    with pytest.raises(InputError, match="is not a participant"):
        check_participant(f"agent-{UUID}")
    with pytest.raises(InputError, match="is not an agent"):
        check_agent(f"participant-{UUID}")


@pytest.mark.parametrize("right", ["jkk", "agent-cap", "e1", "cap-2018-evaluation"])
def test_a_name_is_lower_case_words_with_single_hyphens(right):
    check_name(right)

    assert Fields(name=right).name == right


@pytest.mark.parametrize(
    "wrong", ["", "Cap", "agent_cap", "agent--cap", "-cap", "cap-", "1cap", "a b", "é", "cap\n", 1]
)
def test_anything_else_is_no_name(wrong):
    with pytest.raises(InputError, match="is not a name"):
        check_name(wrong)
    with pytest.raises(InputError, match="name is"):
        Fields(name=wrong)


@pytest.mark.parametrize("right", ["a", "7", "JKT-1/2018:x_y.z", "a" * 64])
def test_a_reference_has_1_to_64_letters_digits_and_marks(right):
    assert Fields(reference=right).reference == right


@pytest.mark.parametrize(
    "wrong", ["", "a" * 65, "two words", "-a", "Ibu Made", "a\n", "a,b", "ä", 5]
)
def test_a_reference_can_hold_no_sentence(wrong):
    with pytest.raises(InputError, match=r"reference is .*no spaces"):
        Fields(reference=wrong)


@pytest.mark.parametrize("wrong", [datetime(2018, 2, 5), "2018-02-05", 20180205, None])  # noqa: DTZ001 - any moment will do
def test_a_day_is_a_date_and_no_moment(wrong):
    with pytest.raises(InputError, match=r"on is .*: it must be a day"):
        Fields(on=wrong)


def test_seats_are_decided_on_by_the_programme_and_the_quotas_of_the_nation_and_the_regions():
    of_the_nation = ("programme-perisai", "quota-perisai-national")
    assert seat_streams("perisai") == seat_streams("perisai", "national") == of_the_nation
    assert seat_streams("perisai", "51", "31", "51") == (
        *of_the_nation,
        "quota-perisai-51",
        "quota-perisai-31",
    )
