"""Explanations are told in two languages, from the same steps."""

import re
from pathlib import Path
from string import Formatter

import pytest

import jamsos
from jamsos.domain.explanation import Certainty, Step
from jamsos.domain.sentences import SENTENCES, WORDS, Language
from jamsos.domain.value import Table
from jamsos.errors import InputError
from jamsos.rulebook import everything

SOURCE = Path(jamsos.__file__).parent
STEP = re.compile(r"\b(?:note|assume|lack|sentence)\(\s*\"([a-z-]+)\"")


def fields(text):
    """Return what stands in a sentence, but for the plural of English nouns."""
    said = Formatter().parse(text)
    return sorted((name, form) for _, name, form, _ in said if name is not None and form != "s")


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_says_the_same_values_in_both_languages(key):
    english, indonesian = SENTENCES[key]

    assert english
    assert indonesian
    assert fields(english) == fields(indonesian)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_there_in_both_languages(word):
    assert all(WORDS[word])


@pytest.mark.parametrize("file", sorted(SOURCE.rglob("*.py")), ids=lambda file: file.stem)
def test_every_step_that_is_written_down_has_a_sentence(file):
    assert {*STEP.findall(file.read_text(encoding="utf-8"))} <= {*SENTENCES}


def test_every_sentence_belongs_to_a_step():
    code = "".join(
        f.read_text(encoding="utf-8") for f in SOURCE.rglob("*.py") if f.stem != "sentences"
    )
    of_certainty = {f"certainty-{certainty}" for certainty in Certainty}

    assert of_certainty <= {*SENTENCES}
    assert [key for key in SENTENCES if f'"{key}"' not in code and key not in of_certainty] == []


@pytest.mark.parametrize(
    ("values", "english", "indonesian"),
    [
        ({"rate": 50, "of": 10_000_000, "result": 5_000}, "0.05 % of Rp 10", "0,05 % dari Rp 10."),
        ({"rate": 100_000, "of": 1, "result": 1}, "100 % of Rp 1 is", "100 % dari Rp 1 adalah"),
    ],
)
def test_numbers_have_the_separators_of_the_language(values, english, indonesian):
    step = Step("share", values)

    assert step.text(Language.ENGLISH).startswith(english)
    assert step.text(Language.INDONESIAN).startswith(indonesian)


def test_every_name_that_a_rule_says_has_words_in_both_languages():
    said = {
        each
        for file in everything()
        for value in file.values
        for cell in (
            [row.value for row in value.value.rows]
            if isinstance(value.value, Table)
            else [value.value]
        )
        if isinstance(cell, tuple)
        for each in cell
    }

    assert sorted(said - {*WORDS}) == []


def test_a_word_that_nobody_has_translated_is_told_as_it_is():
    step = Step("programmes", {"programmes": ("jkk", "house-rule")})

    assert step.text(Language.INDONESIAN) == "Programnya JKK, house rule."
    nothing = Step("programmes", {"programmes": ()})
    assert nothing.text() == "The programmes are none."
    assert nothing.text(Language.INDONESIAN) == "Programnya tidak ada."


def test_there_are_two_languages():
    with pytest.raises(InputError, match="no language 'de': explanations are told in en, id"):
        Language.of("de")
