"""What is meant as an address and is none; and what can be no store, whatever it is called."""

from pathlib import Path

import pytest

import jamsos
from jamsos.errors import InputError, StoreError
from jamsos.store.place import shown_place

NO_ADDRESSES = [
    "postgresql+psycopg://u:geheim@h/db",
    "POSTGRESQL://u:geheim@h/db",
    " postgresql://u:geheim@h/db",
    "postgresql:/u:geheim@h/db",
    "postgresql:u:geheim@h/db",
    "mysql://u:geheim@h/db",
    "host=h user=u password=geheim",
    " dbname=db password=geheim",
    "file:store.db?mode=ro",
    "FILE::memory:",
]


@pytest.mark.parametrize("place", NO_ADDRESSES)
def test_what_looks_like_an_address_is_never_the_name_of_a_file(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as told:
        jamsos.open(place)

    assert "geheim" not in f"{told.value}{told.value.__cause__}{shown_place(place)}"
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("place", [".", "..", "/", Path(), Path("/"), Path("/dev/null")])
def test_what_is_no_regular_file_is_no_store(place):
    with pytest.raises(StoreError):
        jamsos.open(place)
