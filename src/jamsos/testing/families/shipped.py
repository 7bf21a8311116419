"""The ready-made laws that hold of the law that ships."""

from __future__ import annotations

from typing import Final

from jamsos.commands.contributions import Pay
from jamsos.testing.laws.stating import Law

from .asked_otherwise import commutes, idempotent, renaming_changes_nothing
from .decided import amendment_leaves_the_past_alone, never_rejudged
from .ending import clean_end_is_reachable, nothing_owed_is_stranded
from .measures import conserved, monotone
from .stored import replay_equals_live, round_trip
from .telling import order_of_telling_does_not_matter
from .worlds import due_for, seats_beside_agents, seats_beside_issued

ALL: Final[tuple[Law, ...]] = (
    conserved("As many seats are taken as agents hold", seats_beside_agents),
    conserved("Regions have as many seats as were issued", seats_beside_issued),
    monotone(
        "A participant who declares more income never owes less",
        due_for,
        command=Pay,
        argument="income",
        more=lambda income: income + 100_000,
        cite="PP 44/2015, Lampiran II",
        about=("participants",),
    ),
    never_rejudged(),
    amendment_leaves_the_past_alone(),
    idempotent(),
    commutes(),
    renaming_changes_nothing(),
    round_trip(),
    replay_equals_live(),
    clean_end_is_reachable(),
    nothing_owed_is_stranded(),
    order_of_telling_does_not_matter(),
)
"""The families that need nothing said, and some that do: all hold of the law that ships."""
