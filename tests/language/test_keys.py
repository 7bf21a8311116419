"""Every language has the same keys, and under each the same values as English."""

import re
from pathlib import Path

import attrs
import pytest

import jamsos.language
from jamsos.commands.catalogue import NAMES
from jamsos.language import Language, Texts
from jamsos.language.forms import named_in

ROOM = Path(jamsos.language.__file__).parent
ENGLISH = Language.ENGLISH.texts
TABLES = [name for name in Texts._fields if name != "months"]
CLAUSE = re.compile(r"\[(.*?)\]")


def fields(text):
    """Return what stands in a text, but for what only picks between one and more."""
    return sorted((name, form) for name, form in named_in(text) if "/" not in form)


def clauses(text):
    """Return what stands in each clause that may be left out."""
    return sorted(fields(clause) for clause in CLAUSE.findall(text))


def amiss(texts):
    """Yield what *texts* have otherwise than English has it."""
    if len(texts.months) != len(ENGLISH.months):
        yield "months"
    for table in TABLES:
        english, other = getattr(ENGLISH, table), getattr(texts, table)
        yield from (f"{table}: {key}" for key in english.keys() ^ other.keys())
        for key in english.keys() & other.keys():
            same = (fields(english[key]), clauses(english[key]))
            if not other[key].strip() or (fields(other[key]), clauses(other[key])) != same:
                yield f"{table}: {key}"


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_keys_of_english_and_the_same_values_in_each_text(language):
    assert list(amiss(language.texts)) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_key_that_is_missing_or_that_english_does_not_have_is_found(table):
    texts = dict(getattr(ENGLISH, table))
    more = ENGLISH._replace(**{table: {**texts, "no-such-key": "More."}})
    key, _ = texts.popitem()
    fewer = ENGLISH._replace(**{table: texts})

    assert list(amiss(more)) == [f"{table}: no-such-key"]
    assert list(amiss(fewer)) == [f"{table}: {key}"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("agent.resign", "somebody resigns"),
        ("agent.resign", "{participant} resigns"),
        ("agent.resign", "{agent:n} resigns"),
        ("agent.resign", "[{agent} ]resigns"),
        ("agent.resign", " "),
    ],
)
def test_a_text_with_other_values_or_forms_or_clauses_is_found(key, text):
    texts = ENGLISH._replace(commands={**ENGLISH.commands, key: text})

    assert list(amiss(texts)) == [f"commands: {key}"]


def test_a_language_with_another_number_of_months_is_found():
    assert list(amiss(ENGLISH._replace(months=ENGLISH.months[1:]))) == ["months"]
    assert len(ENGLISH.months) == 12


def test_there_is_a_language_for_each_file_of_texts():
    assert sorted(Language) == sorted(file.stem for file in ROOM.glob("[a-z][a-z].py"))


COMMANDS = {name.rpartition(".")[0]: kind for kind, name in NAMES.items()}


def test_every_command_has_a_sentence_under_its_name_without_the_version():
    assert ENGLISH.commands.keys() == COMMANDS.keys()


@pytest.mark.parametrize(("key", "text"), ENGLISH.commands.items())
def test_what_stands_in_the_sentence_of_a_command_is_a_field_of_it(key, text):
    assert {name for name, _ in named_in(text)} <= {*attrs.fields_dict(COMMANDS[key])}
