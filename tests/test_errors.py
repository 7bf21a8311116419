"""Errors: the tree that is drawn is the tree that there is."""

import re

import pytest

from jamsos import errors
from jamsos.errors import CorruptHistoryError, JamsosError

CLASSES = {c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, Exception)}


def drawn() -> dict[str, str | None]:
    """Return each class in the tree of the docstring, with the class it hangs from."""
    hangs_from: dict[str, str | None] = {}
    above: dict[int, str] = {}
    for indent, name in re.findall(r"^( *)[*+] (\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(indent) // 2
        above[depth] = name
        hangs_from[name] = above[depth - 1] if depth else None
    return hangs_from


def test_the_tree_that_is_drawn_is_the_tree_of_the_classes():
    real = {
        c.__name__: next((b.__name__ for b in c.__bases__ if b in CLASSES), None) for c in CLASSES
    }

    assert drawn() == real


def test_one_except_catches_them_all():
    assert all(issubclass(error, JamsosError) for error in CLASSES)


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("InputError", ValueError),
        ("NotFoundError", LookupError),
        ("RuleNotInForceError", LookupError),
        ("StoreError", OSError),
        ("CorruptHistoryError", ValueError),
    ],
)
def test_an_error_can_be_caught_as_the_builtin_that_it_is(name, builtin):
    assert issubclass(getattr(errors, name), builtin)


@pytest.mark.parametrize("name", ["RefusedError", "ConflictError"])
def test_what_is_nobodys_mistake_is_no_builtin_error(name):
    assert getattr(errors, name).__mro__[1:] == (JamsosError, Exception, BaseException, object)


@pytest.mark.parametrize("error", sorted(CLASSES, key=str), ids=lambda error: error.__name__)
def test_an_error_says_what_it_was_told_to_say(error):
    assert str(error("One clear sentence.")) == "One clear sentence."


@pytest.mark.parametrize("position", [None, 1, 7])
def test_a_corrupt_history_tells_its_position_where_one_could_be_read(position):
    assert CorruptHistoryError("It ends.", position=position).position == position


def test_a_corrupt_history_has_no_position_unless_one_is_given():
    assert CorruptHistoryError("It ends.").position is None


@pytest.mark.parametrize("error", sorted(CLASSES, key=str), ids=lambda error: error.__name__)
def test_every_error_says_in_its_docstring_when_it_is_raised(error):
    assert error is JamsosError or (error.__doc__ or "").strip().startswith("Raised ")
