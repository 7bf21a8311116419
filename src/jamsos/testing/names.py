"""The few agents, participants and places that made-up histories are about, and their days."""

from __future__ import annotations

from datetime import date
from typing import Final

from jamsos.domain.citation import Citation
from jamsos.domain.geography import NATIONAL
from jamsos.domain.identity import ProgrammeName

AGENTS: Final = tuple(f"agent-00000000-0000-7000-8000-{n:012}" for n in range(1, 5))
PEOPLE: Final = tuple(f"participant-00000000-0000-7000-8000-{n:012}" for n in range(1, 4))
NOBODY: Final = (
    "agent-00000000-0000-7000-8000-000000000099",
    "participant-00000000-0000-7000-8000-000000000099",
)
PROGRAMME: Final = ProgrammeName("perisai")
PROVINCES: Final = ("51", "31")
PLACES: Final = (NATIONAL, "51", "31")
EVALUATIONS: Final = ("first", "second")
ASSUMED: Final = Citation("no law", "made up for a test")
FIRST_DAY, LAST_DAY = date(2015, 7, 1), date(2027, 3, 31)
GROUPS: Final = ("seats", "agents", "participants", "rules", "evaluations", "incentives")
"""The groups of commands that a history can be about."""
