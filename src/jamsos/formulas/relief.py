"""The rest of a contribution of which the law remits a part."""

from __future__ import annotations

from jamsos.domain.explanation import Working
from jamsos.domain.money import Rupiah
from jamsos.domain.programme import Programme
from jamsos.domain.rate import WHOLE


def less(programme: Programme, full: Rupiah, relief: int, working: Working) -> Rupiah:
    """Return what is left of *full* when the rate *relief* of it is remitted, rounded down."""
    kept, rest = divmod(full * (WHOLE - relief), WHOLE)
    values = {"programme": programme.name, "full": full, "relief": relief, "amount": kept}
    if rest:
        working.assume("relief-rounded-down", **values)
    else:
        working.note("relief", **values)
    return Rupiah(kept)
