"""The contract of every store, as cases that can be run on a database of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import (
    answers,
    appending,
    concerning,
    data,
    interleaved,
    limits,
    loading,
    model,
    reading,
    tallies,
    texts,
    together,
    whole,
)
from .cases import Case, OpenRecorder

CASES: Final[Mapping[str, Case]] = MappingProxyType(
    {
        **appending.CASES.named,
        **reading.CASES.named,
        **concerning.CASES.named,
        **answers.CASES.named,
        **together.CASES.named,
        **loading.CASES.named,
        **whole.CASES.named,
        **model.CASES.named,
        **interleaved.CASES.named,
        **texts.CASES.named,
        **data.CASES.named,
        **limits.CASES.named,
    }
)
"""
Every case by its name, which says what must hold. With pytest, for a store of one's own::

    @pytest.mark.parametrize("case", store_contract.CASES.values(), ids=store_contract.CASES)
    def test_store(case, tmp_path):
        case(lambda: MyRecorder(tmp_path / "my.store"))

Each raises `AssertionError` for whatever goes wrong. Together they take some seconds.
"""

TALLY_CASES: Final[Mapping[str, Case]] = MappingProxyType(tallies.CASES.named)
"""Every case for a store that keeps tallies too, which a recorder of one's own need not."""

__all__ = ["CASES", "TALLY_CASES", "Case", "OpenRecorder"]
