"""Letters on single payments: programmes as tuple, list, set and generator, and left out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from values import FISHER, MASON, Letter, of

import jamsos
from jamsos.domain.participant import Payer


def payments() -> Iterator[Letter]:
    given: list[tuple[str, Any, list[str] | None]] = [
        ("default", None, None),
        ("spelled", ("jkk", "jkm"), None),
        ("tuple", ("jkm", "jht", "jkk"), ["jht", "jkk", "jkm"]),
        ("reversed", ("jkm", "jkk"), None),
        ("list", ["jkk", "jkm", "jht"], ["jht", "jkk", "jkm"]),
        ("set", {"jkm", "jht", "jkk"}, ["jht", "jkk", "jkm"]),
        ("frozenset", frozenset({"jkm"}), ["jkm"]),
        ("five", ("jp", "jkp", "jkm", "jkk", "jht"), ["jht", "jkk", "jkm", "jkp", "jp"]),
    ]
    for number, (name, programmes, written) in enumerate(given, start=1):
        month = jamsos.Months.between(jamsos.Month(2018, number), jamsos.Month(2018, number))
        arguments: dict[str, Any] = {
            "reference": f"F-{number}",
            "months": month,
            "income": 1_000_000,
            "amount": 16_800,
            "on": date(2018, 1, 15),
        }
        if programmes is not None:
            arguments["programmes"] = programmes
        data = {**arguments, "months": str(month), "on": "2018-01-15"}
        data.pop("programmes", None)
        if written is not None:
            data["programmes"] = written
        yield (
            f"pay-{name}",
            lambda desk, arguments=arguments: desk.pay(FISHER, **arguments),
            [of("participant.pay.v1", participant=FISHER, **data)],
        )
    yield (
        "pay-generator",
        lambda desk: desk.pay(
            FISHER,
            reference="F-9",
            months=jamsos.Months.parse("2018-09/2018-09"),
            income=1_000_000,
            amount=16_800,
            on=date(2018, 1, 15),
            programmes=(each for each in ("jkm", "jht")),
            payer=Payer.AGENT,
            sector="transport",
            budget="regional",
        ),
        [
            of(
                "participant.pay.v1",
                participant=FISHER,
                reference="F-9",
                months="2018-09/2018-09",
                income=1_000_000,
                amount=16_800,
                on="2018-01-15",
                programmes=["jht", "jkm"],
                payer="agent",
                sector="transport",
                budget="regional",
            )
        ],
    )
    yield (
        "pay-refused",
        lambda desk: desk.pay(
            MASON,
            reference="M-1",
            months=jamsos.Months.parse("2017-01/2017-12"),
            income=1_000_000,
            amount=9_007_199_254_740_993,
            on=date(2018, 1, 15),
            segment=jamsos.Segment.CONSTRUCTION,
        ),
        [
            of(
                "participant.pay.v1",
                participant=MASON,
                reference="M-1",
                months="2017-01/2017-12",
                income=1_000_000,
                amount=9_007_199_254_740_993,
                on="2018-01-15",
                segment="construction",
            )
        ],
    )
