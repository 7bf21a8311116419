"""What an envelope may say, as it is stored: beside an event, on a line, with an answer."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from jamsos.domain.identity import REFERENCE

Opaque: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"\A{REFERENCE.pattern}\Z")]
"""An id of the host's own. Which digits it may hold is asked when it is given, not when read."""
