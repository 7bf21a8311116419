"""The index of what events concern, out of rows: for a database that has none of it yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from jamsos.domain.concerns import CONCERNING, concerns

from .catalogue import CODEC
from .recorder import Concern, Row

INDEXED: Final = CODEC.names(CONCERNING)
"""The names, of today or older, of the events that concern somebody."""


class _Stored(msgspec.Struct):
    data: msgspec.Raw


_decode = msgspec.json.Decoder(_Stored).decode


def concerns_of(row: Row) -> Iterator[Concern]:
    """
    Yield whom the event of *row* concerns, with its position.

    Raises `ValueError` for an event that cannot be read.
    """
    position, _, _, name, state = row
    for stream in concerns(CODEC.decode(name, bytes(_decode(state).data))):
        yield stream, position
