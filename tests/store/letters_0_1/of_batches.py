"""Letters of many commands: defaults spelled, left out, and mixed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from values import DAY, ON, Letter, agent, of, person

import jamsos
from jamsos.domain.participant import Payer


def batches() -> Iterator[Letter]:
    recruits = [
        {"agent": agent(number), "programme": "perisai", "province": "51", "on": DAY}
        for number in (11, 12, 13)
    ]
    written = [of("agent.recruit.v1", **{**row, "on": ON}) for row in recruits]
    yield "recruit-many", lambda desk: desk.recruit_many(recruits), written
    yield (
        "recruit-many-spelled",
        lambda desk: desk.recruit_many([{**row, "region": "national"} for row in recruits]),
        written,
    )
    refused = [
        {**row, "agent": row["agent"][:-2] + "2" + row["agent"][-1], "region": region}
        for row, region in zip(recruits, ("51", "national", "32"), strict=True)
    ]
    yield (
        "recruit-many-regions",
        lambda desk: desk.recruit_many(iter(refused)),
        [
            of(
                "agent.recruit.v1",
                **{k: v for k, v in row.items() if v != "national"} | {"on": ON},
            )
            for row in refused
        ],
    )
    yield "recruit-many-none", lambda desk: desk.recruit_many([]), []

    people = [{"participant": person(number), "province": "51", "on": DAY} for number in (1, 2, 3)]
    plain = [of("participant.register.v1", **{**row, "on": ON}) for row in people]
    yield "register-many", lambda desk: desk.register_many(people), plain
    yield (
        "register-many-mixed",
        lambda desk: desk.register_many(
            [{**row, "segment": jamsos.Segment.NON_WAGE_EARNER, "sponsor": None} for row in people]
        ),
        plain,
    )
    sponsored = [
        {**row, "participant": person(4 + n), "agent": None, "sponsor": sponsor}
        for n, (row, sponsor) in enumerate(zip(people, ("A-1", None, "A-2"), strict=True))
    ]
    yield (
        "register-many-sponsors",
        lambda desk: desk.register_many(sponsored),
        [
            of(
                "participant.register.v1",
                **{k: v for k, v in row.items() if v is not None} | {"on": ON},
            )
            for row in sponsored
        ],
    )
    yield "register-many-one", lambda desk: desk.register_many(people[:1]), plain[:1]

    def rows(month: int, **more: Any) -> list[dict[str, Any]]:
        return [
            {
                "participant": person(number),
                "reference": f"R-{month}",
                "months": jamsos.Months.between(
                    jamsos.Month(2018, month), jamsos.Month(2018, month)
                ),
                "income": 1_000_000,
                "amount": 16_800,
                "on": date(2018, 1, 15),
                **more,
            }
            for number in (1, 2, 3)
        ]

    def paid(month: int, **more: Any) -> list[dict[str, Any]]:
        return [
            of(
                "participant.pay.v1",
                **{**row, "months": f"2018-{month:02}/2018-{month:02}", "on": "2018-01-15"},
            )
            for row in rows(month, **more)
        ]

    every = {
        "programmes": ("jkm", "jkk"),
        "segment": jamsos.Segment.NON_WAGE_EARNER,
        "payer": Payer.SELF,
        "sector": "other",
        "budget": "own",
    }
    three = ["jht", "jkk", "jkm"]
    yield "pay-many", lambda desk: desk.pay_many(rows(1)), paid(1)
    yield "pay-many-spelled", lambda desk: desk.pay_many(rows(2, **every)), paid(2)
    yield (
        "pay-many-some",
        lambda desk: desk.pay_many(rows(3, payer=Payer.SELF, budget="own")),
        paid(3),
    )
    yield (
        "pay-many-set",
        lambda desk: desk.pay_many(rows(4, programmes={"jkm", "jkk", "jht"}, sector="other")),
        paid(4, programmes=three),
    )
    yield (
        "pay-many-tuple",
        lambda desk: desk.pay_many(
            rows(5, programmes=("jkm", "jht", "jkk"), payer=Payer.AGENT, segment="bpu")
        ),
        paid(5, programmes=three, payer="agent"),
    )
    yield (
        "pay-many-generator",
        lambda desk: desk.pay_many(
            {**row, "programmes": (each for each in ("jkm", "jkk", "jht"))} for row in rows(6)
        ),
        paid(6, programmes=three),
    )
    mixed = [("jkm", "jkk"), ("jht", "jkm", "jkk"), ("jkm",)]
    yield (
        "pay-many-mixed",
        lambda desk: desk.pay_many(
            [
                {**row, "programmes": each, "payer": payer, "sector": "other"}
                for row, each, payer in zip(
                    rows(7), mixed, (Payer.SELF, Payer.AGENT, Payer.SELF), strict=True
                )
            ]
        ),
        [
            of("participant.pay.v1", **command["data"], **more)
            for command, more in zip(
                paid(7),
                ({}, {"programmes": three, "payer": "agent"}, {"programmes": ["jkm"]}),
                strict=True,
            )
        ],
    )
    again = [
        *rows(1)[:1],
        *rows(8)[:1],
        *rows(12, months=jamsos.Months.parse("2017-01/2017-01"))[:1],
    ]
    yield (
        "pay-many-again-and-refused",
        lambda desk: desk.pay_many(again),
        [
            *paid(1)[:1],
            *paid(8)[:1],
            of(
                "participant.pay.v1",
                **{**paid(12)[0]["data"], "months": "2017-01/2017-01"},
            ),
        ],
    )
    yield (
        "pay-many-row-by-row",
        lambda desk: desk.pay_many(
            [
                {**row, **more}
                for row, more in zip(rows(9), ({}, {"budget": "own"}, {}), strict=True)
            ]
        ),
        paid(9),
    )
