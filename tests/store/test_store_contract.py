"""Every store that ships keeps to the contract, case by case."""

import pytest

from jamsos.store.sqlite import SQLiteRecorder
from jamsos.testing import store_contract

CASES = pytest.mark.parametrize("case", store_contract.CASES.values(), ids=store_contract.CASES)


@CASES
def test_a_file_keeps_to_the_contract(case, tmp_path):
    case(lambda: SQLiteRecorder(tmp_path / "perisai.db", create=True))
