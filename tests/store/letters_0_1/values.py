"""The values in letters of version 0.1: names, days, citations and rules, each with its JSON."""

from collections.abc import Callable
from datetime import date
from typing import Any

import jamsos


def agent(number: int) -> str:
    return f"agent-00000000-0000-7000-8000-{number:012}"


def participant(number: int) -> str:
    return f"participant-00000000-0000-7000-8000-{number:012}"


def person(number: int) -> str:
    return participant(100 + number)


ANI, BUDI, CITRA, DEWI = map(agent, range(1, 5))
FISHER, SEWER, MASON, NURSE = map(participant, range(1, 5))
DAY = date(2018, 1, 9)
ON = "2018-01-09"
JANUARY = jamsos.Months.parse("2018-01/2018-01")
SPELLED = jamsos.Citation("Example 1/2018", "article 1", "S1", "https://example.org/1")
BARE = jamsos.Citation("Example 2/2018")
SPELLED_DATA = {
    "instrument": "Example 1/2018",
    "article": "article 1",
    "source": "S1",
    "url": "https://example.org/1",
}
BARE_DATA = {"instrument": "Example 2/2018"}
RULE_FILE = """
programme = "house"
rule = "agents-most"
means = "How many agents there may be."
unit = "agents"

[[value]]
value = 7
in_force = 2018-01-01
status = "assumed"
citation = { instrument = "Example 3/2018" }
"""
RULE_FILE_DATA = {
    "programme": "house",
    "rule": "agents-most",
    "means": "How many agents there may be.",
    "unit": "agents",
    "scope": "national",
    "values": [
        {
            "value": 7,
            "in_force": "2018-01-01",
            "citation": {"instrument": "Example 3/2018"},
            "status": "assumed",
        }
    ],
}

Letter = tuple[str, Callable[[Any], object], list[dict[str, Any]]]


def of(type_: str, **data: Any) -> dict[str, Any]:
    return {"type": type_, "data": data}


def value(said: Any, in_force: date = date(2018, 1, 1), **more: Any) -> jamsos.DatedValue:
    return jamsos.DatedValue(
        **{
            "value": said,
            "in_force": in_force,
            "citation": BARE,
            "status": jamsos.Status.ASSUMED,
            **more,
        }
    )


def value_data(said: Any, in_force: str = "2018-01-01", **more: Any) -> dict[str, Any]:
    return {
        "value": said,
        "in_force": in_force,
        "citation": BARE_DATA,
        "status": "assumed",
        **more,
    }
