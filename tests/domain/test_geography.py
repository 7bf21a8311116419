"""Provinces and regions, by the codes of Kemendagri."""

from datetime import date

import attrs
import pytest

from jamsos.domain.aggregate import check_stream, state
from jamsos.domain.geography import (
    NATIONAL,
    PROVINCES,
    REGIONAL_OFFICES,
    REGIONS,
    check_province,
    check_region,
    province_code,
    region,
)
from jamsos.domain.identity import RULE_REF
from jamsos.errors import InputError

IN_2018 = date(2018, 2, 5)


@attrs.frozen
class Place:
    province: str = attrs.field(default="51", validator=province_code)
    region: str = attrs.field(default=NATIONAL, validator=region)


def exist(on):
    found = set()
    for code in PROVINCES:
        try:
            check_province(code, on)
        except InputError:
            continue
        found.add(code)
    return found


def test_there_are_34_provinces_in_2018_and_four_more_since_2022():
    assert len(exist(IN_2018)) == 34
    assert exist(date(2022, 1, 1)) - exist(IN_2018) == {"93", "94", "95", "96"}


def test_each_regional_office_has_the_name_of_where_it_is():
    names = {office.name for office in REGIONAL_OFFICES.values()}

    assert len(names) == 11
    assert REGIONAL_OFFICES["sumbagut"].name == "Sumatera Bagian Utara"
    assert REGIONAL_OFFICES["sulama"].name == "Sulawesi dan Maluku"


def test_province_96_does_not_exist_on_the_last_day_of_2021():
    with pytest.raises(InputError, match=r"96 \(Papua Barat Daya\) does not exist on 2021-12-31"):
        check_province("96", date(2021, 12, 31))


def test_province_96_exists_on_the_first_day_of_2022():
    check_province("96", date(2022, 1, 1))


@pytest.mark.parametrize("code", ["", "00", "5", "051", "Bali", "national", "99"])
def test_another_code_is_no_province(code):
    with pytest.raises(InputError, match="there is no province"):
        check_province(code, IN_2018)
    with pytest.raises(InputError, match="province is"):
        Place(province=code)


@pytest.mark.parametrize("place", REGIONS)
def test_the_nation_each_province_and_each_office_are_regions(place):
    check_region(place)

    assert Place(region=place).region == place


@pytest.mark.parametrize("place", ["", "National", "bali", "99", "Banuspa", "sum-bagut"])
def test_another_word_is_no_region(place):
    with pytest.raises(InputError, match="there is no region"):
        check_region(place)
    with pytest.raises(InputError, match="region is"):
        Place(region=place)


def test_there_are_eleven_regional_offices_and_each_province_is_with_one_of_them():
    placed = [code for office in REGIONAL_OFFICES.values() for code in office.provinces]

    assert len(REGIONAL_OFFICES) == 11
    assert sorted(placed) == sorted(PROVINCES)


def test_where_a_province_is_assumed_to_belong_is_said():
    assumed = {name: office.assumed for name, office in REGIONAL_OFFICES.items() if office.assumed}

    assert assumed == {"sumbagsel": ("19",), "banuspa": ("53", "93", "94", "95", "96")}
    for office in REGIONAL_OFFICES.values():
        assert set(office.assumed) <= set(office.provinces)


@pytest.mark.parametrize("office", REGIONAL_OFFICES)
def test_an_office_can_name_a_stream_and_a_rule_of_its_own(office):
    check_stream(f"quota-jkk-jkm-{office}")

    assert state(f"quota-jkk-jkm-{office}", []).region == office
    assert RULE_REF.fullmatch(f"perisai/agent-cap@{office}/1")
