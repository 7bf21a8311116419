"""Wrong rules by which a fact is judged by its telling, and not by its day, or is not put right."""

from __future__ import annotations

from typing import Final

from tests.testing.bugs_of_care import OF_CARE
from tests.testing.bugs_of_people import OF_PEOPLE
from tests.testing.bugs_of_seats import OF_SEATS

BUGS_OF_TIME: Final = (*OF_SEATS, *OF_PEOPLE, *OF_CARE)
