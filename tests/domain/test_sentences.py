"""Explanations are told in two languages, from the same steps."""

import re
from pathlib import Path
from string import Formatter

import pytest

import jamsos
from jamsos.domain.explanation import Certainty, Step
from jamsos.domain.sentences import SENTENCES, WORDS, Language, counted
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


def cells(value):
    """Return what stands in a value of a rule: its names, and those of its rows."""
    if isinstance(value, Table):
        return [each for row in value.rows for each in (row.key, *cells(row.value))]
    return value if isinstance(value, tuple) else [value]


def test_every_name_that_a_rule_says_has_words_in_both_languages():
    values = [value.value for file in everything() for value in file.values]
    said = {each for value in values for each in cells(value) if isinstance(each, str)}

    assert sorted(said - {*WORDS}) == []


def test_every_unit_of_a_whole_number_is_said_of_one_and_of_many():
    units = {
        file.unit
        for file in everything()
        for value in file.values
        if any(isinstance(cell, int) for cell in cells(value.value))
    }

    for unit in units - {"rupiah", "per-100000"}:
        one, many = counted(1, unit), counted(2, unit)
        assert one.startswith("1 ")
        assert unit == "day-of-month" or many == f"2 {unit}"
        assert unit == "day-of-month" or many == f"{one.replace('1', '2')}s"
        assert counted(1, unit, Language.INDONESIAN) != one


def test_a_unit_that_nobody_has_named_is_told_as_it_is():
    assert counted(1, "house-rules") == "1 house rules"
    assert counted(1_000, "kelas", Language.INDONESIAN) == "1.000 kelas"


def test_a_word_that_nobody_has_translated_is_told_as_it_is():
    step = Step("programmes", {"programmes": ("jkk", "house-rule")})

    assert step.text(Language.INDONESIAN) == "Programnya JKK, house rule."
    nothing = Step("programmes", {"programmes": ()})
    assert nothing.text() == "The programmes are none."
    assert nothing.text(Language.INDONESIAN) == "Programnya tidak ada."


def test_there_are_two_languages():
    with pytest.raises(InputError, match="no language 'de': explanations are told in en, id"):
        Language.of("de")
