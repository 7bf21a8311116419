"""The catalogue: every event, under a name that is published for ever."""

import re
from typing import get_args

import attrs
import pytest

from jamsos.domain.agent import AgentEvent
from jamsos.domain.aggregate import AGGREGATES
from jamsos.domain.codec import Codec
from jamsos.domain.participant import ParticipantEvent
from jamsos.domain.programme import ProgrammeEvent
from jamsos.domain.quota import QuotaEvent
from jamsos.errors import InputError
from jamsos.store.catalogue import EVENTS, UPCASTERS

UNIONS = (AgentEvent, ParticipantEvent, ProgrammeEvent, QuotaEvent)
CLASSES = [event for union in UNIONS for event in get_args(union)]


@attrs.frozen
class DoorOpened:
    width: int


def same(data):
    return data


def test_every_event_of_every_aggregate_is_in_the_catalogue_exactly_once():
    named = sorted(event.__name__ for event in EVENTS.values())

    assert named == sorted(event.__name__ for event in CLASSES)
    assert len(set(EVENTS.values())) == len(EVENTS)


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_a_stored_name_is_the_aggregate_and_a_past_participle_with_a_version(name, event):
    assert re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*", name)

    aggregate, participle, _ = name.split(".")
    words = [aggregate, *participle.split("-")]
    assert event.__name__ == "".join(word.capitalize() for word in words)


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_the_first_word_of_a_stored_name_is_the_kind_of_stream_that_the_event_stands_in(
    name, event
):
    aggregate = name.partition(".")[0]

    assert aggregate in AGGREGATES
    assert event in get_args(dict(zip(AGGREGATES, UNIONS, strict=True))[aggregate])


@pytest.mark.parametrize(("name", "event"), EVENTS.items())
def test_an_event_is_frozen_and_each_of_its_fields_is_given_by_keyword(name, event):
    """Only what nobody tells may be left out: *as_told* is of old events alone."""
    fields = attrs.fields(event)

    assert event.__setattr__ is not object.__setattr__, name
    assert all(field.kw_only for field in fields)
    assert {field.name for field in fields if field.default is not attrs.NOTHING} <= {"as_told"}


def test_an_old_name_is_not_used_for_a_new_event():
    assert not set(UPCASTERS) & set(EVENTS)


def test_the_catalogue_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        EVENTS["agent.forgotten.v1"] = DoorOpened

    assert "agent.forgotten.v1" not in EVENTS


@pytest.mark.parametrize(
    "upcasters",
    [
        {"door.opened.v1": ("door.opened.v2", same)},
        {
            "door.opened.v1": ("door.opened.v2", same),
            "door.opened.v2": ("door.opened.v3", same),
        },
    ],
    ids=["one step", "two steps"],
)
def test_an_upcaster_may_lead_to_an_event_over_any_number_of_steps(upcasters):
    newest = f"door.opened.v{len(upcasters) + 1}"

    codec = Codec({newest: DoorOpened}, upcasters)

    assert codec.decode("door.opened.v1", b'{"width":7}') == DoorOpened(7)


@pytest.mark.parametrize(
    ("upcasters", "told"),
    [
        ({"door.opened.v1": ("door.opened.v2", same)}, "door.opened.v2"),
        (
            {
                "door.opened.v1": ("door.opened.v3", same),
                "door.ajar.v1": ("door.opened.v2", same),
            },
            "door.opened.v2",
        ),
        ({"door.opened.v1": ("door.opened.v1", same)}, "in a circle"),
        (
            {
                "door.opened.v1": ("door.opened.v2", same),
                "door.opened.v2": ("door.opened.v1", same),
            },
            "in a circle",
        ),
        (
            {
                "door.ajar.v1": ("door.opened.v1", same),
                "door.opened.v1": ("door.opened.v2", same),
                "door.opened.v2": ("door.opened.v1", same),
            },
            "in a circle",
        ),
        ({"door.opened.v3": ("door.opened.v3", same)}, "door.opened.v3"),
        ({"door.opened.v3": ("door.closed.v1", same)}, "door.opened.v3"),
    ],
    ids=[
        "leads nowhere",
        "gap",
        "circle of one",
        "circle of two",
        "leads into a circle",
        "from an event to itself",
        "from an event",
    ],
)
def test_an_upcaster_that_leads_to_no_event_is_an_input_error_at_once(upcasters, told):
    with pytest.raises(InputError, match=re.escape(told)):
        Codec({"door.opened.v3": DoorOpened, "door.closed.v1": DoorOpened}, upcasters)
