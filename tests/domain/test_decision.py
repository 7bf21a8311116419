"""Answers, the reasons in them, and the citations in those."""

import pytest

from jamsos.domain.citation import Citation
from jamsos.domain.decision import Accepted, Reason, Refused, reasons
from jamsos.errors import InputError, JamsosError, RefusedError

FIRST = Reason("first", "It is too early.", Citation("Example 1/2026", "Article 2"))
SECOND = Reason("second", "It is too much.", Citation("Example 3/2026"))


def test_a_citation_names_the_legal_text_and_the_article_in_it():
    assert str(FIRST.citation) == "Example 1/2026, Article 2"
    assert str(SECOND.citation) == "Example 3/2026"


@pytest.mark.parametrize("instrument", ["", "  ", None, 3])
def test_a_citation_without_a_legal_text_is_none(instrument):
    with pytest.raises(InputError, match="instrument of a citation is"):
        Citation(instrument)


def test_a_reason_carries_its_citation_when_it_is_read_out():
    assert str(FIRST) == "It is too early. (Example 1/2026, Article 2)"


def test_every_reason_is_given_and_in_order():
    found = reasons("case", (lambda _: FIRST, lambda _: None, lambda _: SECOND))

    assert found == (FIRST, SECOND)


def test_a_policy_is_shown_the_case():
    seen = []

    assert reasons("case", (seen.append,)) == ()
    assert seen == ["case"]


def test_an_accepted_answer_stays_what_it_is_when_an_error_is_asked_for():
    answer = Accepted("one", "two")

    assert answer.or_raise() is answer
    assert answer.events == ("one", "two")


def test_a_refusal_is_raised_with_every_reason_where_an_error_is_asked_for():
    with pytest.raises(RefusedError) as raised:
        Refused(FIRST, SECOND).or_raise()

    assert str(raised.value) == (
        "It is too early. (Example 1/2026, Article 2) It is too much. (Example 3/2026)"
    )
    assert isinstance(raised.value, JamsosError)
