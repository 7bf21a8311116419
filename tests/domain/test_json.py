"""JSON of a history is read strictly, and what is wrong in it is told with its place."""

import pytest

from jamsos.domain.codec import UnreadableEventError, compare, pairs
from jamsos.store.catalogue import CODEC


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"a": 1, "b": 2, "a": 1}', "the field 'a' is there twice"),
        (b'{"a": {"b": 1.5}}', "the field 'b' is 1.5, which is not a whole number"),
        (b'{"a": [1, [2.5]]}', "the field 'a' is 2.5, which is not a whole number"),
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_what_is_wrong_in_json_is_told(data, told):
    with pytest.raises(UnreadableEventError) as raised:
        pairs(data)
    assert str(raised.value) == told


def test_json_that_is_no_object_is_no_old_event():
    with pytest.raises(UnreadableEventError) as raised:
        CODEC.decode("participant.contribution-paid.v1", b"[]")
    assert str(raised.value) == "it is not an object"


@pytest.mark.parametrize(
    ("read", "written", "told"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, "there is no field 'b' - at `$`"),
        ({"a": 1}, {"a": 1, "b": 2}, "the field 'b' is missing - at `$`"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "1 must be written 2 - at `$.a.b`"),
        ({"a": [0, 1]}, {"a": [0, 2]}, "1 must be written 2 - at `$.a[1]`"),
        ([0], [0, 1], "[0] must be written [0, 1] - at `$`"),
        ([0], 0, "[0] must be written 0 - at `$`"),
        ({}, [], "{} must be written [] - at `$`"),
        ([], {}, "[] must be written {} - at `$`"),
        (1, True, "1 must be written True - at `$`"),
    ],
)
def test_the_first_difference_is_told_with_its_place(read, written, told):
    with pytest.raises(UnreadableEventError) as raised:
        compare(read, written)
    assert str(raised.value) == told


@pytest.mark.parametrize("same", [{}, [], {"a": [1, {"b": "c"}]}, 1, "a", None, True])
def test_what_is_the_same_passes(same):
    assert compare(same, same) is None
