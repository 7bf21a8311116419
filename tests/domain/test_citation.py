"""A citation: where something was read, and the proof of what was read there."""

from datetime import date, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jamsos.domain.citation import AKN, LONGEST_PASSAGE, Citation
from jamsos.errors import InputError

PASSAGE = "Iuran JKK sebesar 1 %.\n(2) Éxample – ayat kedua."
OWN = sha256(PASSAGE.encode("utf-8")).hexdigest()


def cited(**said):
    return Citation("PP 44/2015", "Pasal 16", **said)


def test_a_citation_needs_no_proof():
    citation = cited()

    assert (citation.passage, citation.passage_sha256) == (None, None)
    assert (citation.read_on, citation.akn) == (None, None)


def test_a_citation_keeps_what_was_read_when_and_in_which_work():
    citation = cited(
        passage=PASSAGE,
        passage_sha256=OWN,
        read_on=date(2026, 1, 5),
        akn="/akn/id/act/pp/2015/44",
    )

    assert (citation.passage, citation.passage_sha256) == (PASSAGE, OWN)
    assert (citation.read_on, citation.akn) == (date(2026, 1, 5), "/akn/id/act/pp/2015/44")
    assert str(citation) == "PP 44/2015, Pasal 16"


def test_the_proof_comes_after_what_was_there_before():
    citation = Citation(
        *("PP 44/2015", "Pasal 16", "S1", "https://example.org/1"),
        *(PASSAGE, OWN, date(2026, 1, 5), "/akn/id/act/pp/2015/44"),
    )

    assert citation == cited(
        source="S1",
        url="https://example.org/1",
        passage=PASSAGE,
        passage_sha256=OWN,
        read_on=date(2026, 1, 5),
        akn="/akn/id/act/pp/2015/44",
    )


@pytest.mark.parametrize("passage", ["", " \n\t", 5, b"text"])
def test_a_passage_is_some_text(passage):
    with pytest.raises(InputError, match=r"passage of a citation is .*give the text that was read"):
        cited(passage=passage)


def test_a_passage_has_at_most_4_000_characters():
    assert LONGEST_PASSAGE == 4_000
    assert len(cited(passage="é" * 4_000).passage) == 4_000
    with pytest.raises(InputError, match="has 4,001 characters: give at most 4,000"):
        cited(passage="é" * 4_001)


def test_a_passage_can_be_written_as_utf_8():
    with pytest.raises(InputError, match="passage of a citation cannot be written as UTF-8"):
        cited(passage="half \ud800 of a pair", passage_sha256=OWN)


def test_a_passage_may_stand_without_its_hash_and_a_hash_without_its_passage():
    assert cited(passage=PASSAGE).passage_sha256 is None
    assert cited(passage_sha256=OWN).passage is None


@pytest.mark.parametrize(
    "wrong", ["", "0f", OWN.upper(), OWN[:-1], f"{OWN}0", f"{OWN}\n", "g" * 64, "٣" * 64, 5]
)
def test_a_hash_is_64_hex_digits_in_lower_case(wrong):
    with pytest.raises(InputError, match=r"passage_sha256 of a citation is .*write 64 hex digits"):
        cited(passage_sha256=wrong)


@pytest.mark.parametrize("passage", [PASSAGE + " ", PASSAGE.replace("\n", "\r\n"), "Another."])
def test_a_hash_that_is_not_of_the_passage_is_named_beside_the_one_that_is(passage):
    other = sha256(passage.encode()).hexdigest()

    with pytest.raises(InputError) as raised:
        cited(passage=passage, passage_sha256=OWN)

    assert str(raised.value) == (
        f"passage_sha256 of a citation is {OWN}, and that of its passage is {other}"
    )


@given(st.text(max_size=LONGEST_PASSAGE).filter(str.strip))
def test_any_passage_goes_with_its_own_hash(passage):
    own = sha256(passage.encode()).hexdigest()

    assert cited(passage=passage, passage_sha256=own).passage_sha256 == own


@pytest.mark.parametrize("wrong", ["2026-01-05", datetime(2026, 1, 5), 2026])  # noqa: DTZ001
def test_the_day_of_reading_is_a_day(wrong):
    with pytest.raises(InputError, match=r"read_on is .*: it must be a day"):
        cited(read_on=wrong)


@pytest.mark.parametrize(
    "name",
    [
        "/akn/id/act/pp/2015/44",
        "/akn/id/act/2004/40",
        "/akn/id/act/2004-10-19/40",
        "/akn/id-jk/act/perda/2018/3",
        "/akn/id/act/perdir/bpjs-ketenagakerjaan/2022/22-PERDIR.02-072022",
        "/akn/za-jhb/act/by-law/2003/public-health",
        "/akn/ke/act/decree/MinistryForeignAffairs/2005-07-12/3",
        "/akn/it-45/act/legge/consiglio/2004-05-24/11",
    ],
)
def test_an_akoma_ntoso_name_is_that_of_a_work(name):
    assert cited(akn=name).akn == name


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        5,
        "PP 44/2015",
        "akn/id/act/pp/2015/44",
        "/id/act/pp/2015/44",
        "https://example.org/akn/id/act/pp/2015/44",
        "/akn/idn/act/pp/2015/44",
        "/akn/ID/act/pp/2015/44",
        "/akn/id/act/pp/15/44",
        "/akn/id/act/pp/2015-07/44",
        "/akn/id/act/pp/2015",
        "/akn/id/2015/44",
        "/akn/id/act/pp//2015/44",
        "/akn/id/act/a/b/c/2015/44",
        "/akn/id/act/pp/2015/44/",
        "/akn/id/act/pp/2015/44\n",
        "/akn/id/act/pp/2015/44/ind",
        "/akn/id/act/pp/2015/44/ind@2019-12-02",
        "/akn/id/act/pp/2015/44/!main",
        "/akn/id/act/pp/2015/44~art_16",
        "/akn/id/act/pp/٢٠١٥/44",
    ],
)
def test_what_is_no_name_of_a_work_is_turned_away(wrong):
    with pytest.raises(InputError, match=r"akn of a citation is .*: write a name as /akn/id/act"):
        cited(akn=wrong)


@given(st.from_regex(AKN, fullmatch=True))
def test_a_name_has_at_least_country_type_year_and_number(name):
    _, akn, country, kind, *more = cited(akn=name).akn.split("/")

    assert (akn, country[:2].islower(), kind.isalpha()) == ("akn", True, True)
    assert 2 <= len(more) <= 4
    assert more[-2][:4].isdecimal()
