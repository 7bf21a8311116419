"""The registers that ship: what is cited is in them, and what was superseded leads on."""

import re

import pytest

from jamsos.domain.citation import Status
from jamsos.formulas.active import DEFINITIONS
from jamsos.rulebook import everything, instruments, sources

REGISTER = instruments()
VALUES = [value for file in everything() for value in file.values]
CITATIONS = [
    citation
    for value in VALUES
    for citation in (value.citation, *(conflict.citation for conflict in value.conflicts))
] + [definition.citation for definition in DEFINITIONS.values()]
REGULATION = re.compile(r"(UU|PP|Perpres|Permen\w*|Perban|Perdir|PER-)\b")
CITED = sorted({c.instrument for c in CITATIONS if REGULATION.match(c.instrument)})


def names(found):
    return [each.name for each in found]


@pytest.mark.parametrize("name", CITED)
def test_every_regulation_that_is_cited_is_in_the_register_under_that_name(name):
    assert REGISTER.find(name).name == name


def test_rules_cite_regulations_of_every_sort():
    assert {name.split()[0] for name in CITED} == {
        "PP",
        "Perban",
        "Perdir",
        "Permenaker",
        "Perpres",
    }


@pytest.mark.parametrize(
    ("old", "year", "new"),
    [
        ("PP 14/1993", 2014, "PP 14/1993"),
        ("PP 14/1993", 2018, "PP 44/2015"),
        ("PP No. 14 Tahun 1993", 2018, "PP 44/2015"),
        ("PER-24/MEN/VI/2006", 2015, "PER-24/MEN/VI/2006"),
        ("PER-24/MEN/VI/2006", 2018, "Permenaker 1/2016"),
        ("Permenakertrans 5/2013", 2018, "Permenaker 1/2016"),
        ("Permenakertrans No. 5 Tahun 2013", 2018, "Permenaker 1/2016"),
        ("Permenakertrans 5/2013", None, "Permenaker 5/2021"),
        ("PP 44/2015", None, "PP 44/2015"),
    ],
)
def test_what_the_press_still_cited_in_2018_leads_to_what_superseded_it(old, year, new):
    assert names(REGISTER.current(old, year=year)) == [new]


def test_amendments_of_the_regulation_of_jkk_and_jkm_are_known():
    assert names(REGISTER.amended_by("PP 44/2015")) == ["PP 82/2019", "PP 49/2023"]


def test_every_change_names_an_instrument_of_the_register_and_one_that_is_no_younger():
    for instrument in REGISTER.instruments:
        for change in instrument.changes:
            assert REGISTER.find(change.instrument).year <= instrument.year
            assert change.source or change.status is Status.ASSUMED


def test_no_name_means_two_instruments():
    spellings = [name for i in REGISTER.instruments for name in (i.name, *i.also)]

    assert [REGISTER.find(name) for name in spellings] == [
        i for i in REGISTER.instruments for _ in (i.name, *i.also)
    ]


def test_every_source_that_is_named_is_in_the_register_of_sources():
    cited = [citation.source for citation in CITATIONS]
    cited += [i.source for i in REGISTER.instruments]
    cited += [change.source for i in REGISTER.instruments for change in i.changes]
    named = {name for text in cited if text for name in text.split(", ")}

    assert named == set(sources())
