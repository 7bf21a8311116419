"""Laws that hold of most systems, ready-made: each function here returns one, for `check`."""

from .asked_otherwise import commutes, idempotent, renaming_changes_nothing
from .citing import HOW_IT_WORKS, Cite
from .decided import amendment_leaves_the_past_alone, never_rejudged
from .ending import clean_end_is_reachable, nothing_owed_is_stranded
from .measures import conserved, monotone, never_passes
from .shipped import ALL
from .stored import replay_equals_live, round_trip
from .telling import order_of_telling_does_not_matter
from .worlds import (
    Measure,
    before,
    copied,
    due_for,
    last_day,
    latest_day,
    seats_beside_agents,
    seats_beside_issued,
    seats_taken,
)

__all__ = [
    "ALL",
    "HOW_IT_WORKS",
    "Cite",
    "Measure",
    "amendment_leaves_the_past_alone",
    "before",
    "clean_end_is_reachable",
    "commutes",
    "conserved",
    "copied",
    "due_for",
    "idempotent",
    "last_day",
    "latest_day",
    "monotone",
    "never_passes",
    "never_rejudged",
    "nothing_owed_is_stranded",
    "order_of_telling_does_not_matter",
    "renaming_changes_nothing",
    "replay_equals_live",
    "round_trip",
    "seats_beside_agents",
    "seats_beside_issued",
    "seats_taken",
]
