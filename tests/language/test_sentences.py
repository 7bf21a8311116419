"""A text is told in every language, from the same steps, commands and values."""

import re
from datetime import date
from pathlib import Path

import pytest

import jamsos
from jamsos.domain.calendar import Month, Months
from jamsos.domain.explanation import Certainty, Step
from jamsos.domain.value import Table
from jamsos.errors import InputError
from jamsos.language import Language, command, counted, formed, say, sentence, word
from jamsos.language.forms import named_in
from jamsos.rulebook import everything

SOURCE = Path(jamsos.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
CODE = "".join(file.read_text(encoding="utf-8") for file in FILES if file.parent.name != "language")
STEP = re.compile(r"\b(?:note|assume|lack|sentence)\(\s*\"([a-z-]+)\"")
PHRASE = re.compile(r"\bsay\(\s*[\"']([a-z-]+)[\"']")
TEXTS = Language.ENGLISH.texts


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_step_and_every_phrase_that_is_written_down_has_a_text(file):
    code = file.read_text(encoding="utf-8")

    assert {*STEP.findall(code)} <= {*TEXTS.explanations}
    assert {*PHRASE.findall(code)} <= {*TEXTS.phrases}


def unused(keys):
    """Return those of *keys* that the code of the other rooms does not name."""
    return [key for key in keys if f'"{key}"' not in CODE and f"'{key}'" not in CODE]


def test_every_sentence_belongs_to_a_step():
    of_certainty = {f"certainty-{certainty}" for certainty in Certainty}

    assert {*unused(TEXTS.explanations)} == of_certainty


def test_every_phrase_is_said_somewhere():
    of_laws = {f"law-{outcome}" for outcome in ("held", "not-exercised", "broken", "error")}

    assert {*unused(TEXTS.phrases)} == of_laws


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("table", ["explanations", "commands", "phrases"])
def test_every_form_in_a_text_is_one_that_there_is(language, table):
    """A form is looked up before its value is read: one that there is finds no fault with 1."""
    for text in getattr(language.texts, table).values():
        named = dict(named_in(text))
        for form in named.values():
            if form.startswith("unit of "):
                assert form.removeprefix("unit of ") in named
            elif form not in {"day", "month", "months", "named-months"}:
                assert isinstance(formed(form, 1, language), str)


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


def test_every_name_that_a_rule_says_has_words():
    values = [value.value for file in everything() for value in file.values]
    said = {each for value in values for each in cells(value) if isinstance(each, str)}

    assert sorted(said - {*TEXTS.names}) == []


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


def test_a_text_that_there_is_not_is_no_empty_text():
    with pytest.raises(KeyError):
        sentence("nothing-such", {}, Language.ENGLISH)
    with pytest.raises(KeyError):
        say("nothing-such", Language.INDONESIAN)
    with pytest.raises(KeyError):
        command("agent.nothing-such", {}, Language.ENGLISH)


def test_a_noun_goes_with_its_number():
    def kept(number):
        return say("kept", Language.ENGLISH, commands=number)

    assert kept(1).endswith("(1 command):")
    assert kept(0).endswith("(0 commands):")
    assert kept(1_200).endswith("(1,200 commands):")
    assert say("kept", Language.INDONESIAN, commands=1_200).endswith("(1.200 perintah):")


def test_a_clause_is_left_out_where_all_in_it_is_usual():
    values = {"corrects": "r-1", "participant": "Ani", "reason": "double"}

    def told(*usual):
        return command("participant.correct", values, Language.ENGLISH, usual)

    assert told() == told("participant") == "Payment r-1 of Ani is corrected: double"
    assert told("reason") == "Payment r-1 of Ani is corrected"


@pytest.mark.parametrize(
    ("form", "value", "english", "indonesian"),
    [
        ("", 1_500, "1500", "1500"),
        ("n", 1_234_567, "1,234,567", "1.234.567"),
        ("rp", 1_500, "Rp 1,500", "Rp 1.500"),
        ("rate", 100_500, "100.5 %", "100,5 %"),
        ("seconds", 1234.567, "1234.57", "1234,57"),
        ("day", date(2018, 5, 3), "03 May 2018", "03 Mei 2018"),
        ("month", Month(2018, 12), "Dec 2018", "Des 2018"),
        ("month", Month(1, 1), "Jan 0001", "Jan 0001"),
        ("months", Months(), "none", "tidak ada"),
        ("months", None, "none", "tidak ada"),
        ("months", Months.parse("2018-05/2018-05"), "2018-05", "2018-05"),
        (
            "named-months",
            Months.parse("2018-05/2018-05,2018-08/2018-10,2019-01/.."),
            "May 2018, Aug 2018 to Oct 2018, Jan 2019 and after",
            "Mei 2018, Agu 2018 sampai Okt 2018, Jan 2019 dan seterusnya",
        ),
        ("at", None, "", ""),
        ("at", 1_000, " (from 1,000)", " (mulai 1.000)"),
        ("at", "very-low", " (very low)", " (sangat rendah)"),
        ("verified", None, "", ""),
        (
            "verified",
            date(2018, 1, 5),
            "; not verified after 2018-01-05",
            "; belum diperiksa setelah 2018-01-05",
        ),
    ],
)
def test_a_value_stands_in_a_form(form, value, english, indonesian):
    assert formed(form, value, Language.ENGLISH) == english
    assert formed(form, value, Language.INDONESIAN) == indonesian


def test_a_word_of_the_domain_is_not_a_name_of_the_law():
    assert word("agent", Language.ENGLISH) == "an agent"
    assert formed("word", "agent", Language.ENGLISH) == "the agent"
    assert word("not-named", Language.ENGLISH) == "not named"
