"""The JSON Schema of every event, for those who read histories without jamsos."""

from __future__ import annotations

from typing import Any

import msgspec

from jamsos.domain.calendar import Month, Months

from .catalogue import EVENTS


def schema() -> dict[str, Any]:
    """
    Return the JSON Schema of every event's data, by the event's published name.

    Schema dialect 2020-12. No field may be missing, and there are no others.

        >>> schema()["events"]["agent.assigned.v1"]
        {'$ref': '#/$defs/AgentAssigned'}
    """
    names = list(EVENTS)
    references, definitions = msgspec.json.schema_components(
        [EVENTS[name] for name in names], schema_hook=_text, ref_template="#/$defs/{name}"
    )
    for definition in definitions.values():
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
            definition["required"] = sorted(definition["properties"])
            for field in definition["properties"].values():
                field.pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The events of jamsos, by their published names",
        "events": dict(zip(names, references, strict=True)),
        "$defs": dict(sorted(definitions.items())),
    }


def _text(type_: type[Any]) -> dict[str, Any]:
    if type_ is Month:
        return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}
    if type_ is Months:
        month = r"\d{4}-(0[1-9]|1[0-2])"
        run = rf"{month}/({month}|\.\.)"
        return {"type": "string", "pattern": rf"^({run}(,{run})*)?$"}
    msg = f"{type_.__name__} has no schema"
    raise NotImplementedError(msg)
