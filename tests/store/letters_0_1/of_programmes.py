"""Letters on a programme and its rules: with citations, in every shape of their values."""

from collections.abc import Iterator
from datetime import date

from values import (
    BARE,
    BARE_DATA,
    DAY,
    ON,
    RULE_FILE_DATA,
    SPELLED,
    SPELLED_DATA,
    Letter,
    of,
    value,
    value_data,
)

import jamsos
from jamsos.domain.programme import Outcome
from jamsos.domain.rule import Conflict
from jamsos.domain.value import Table


def programmes() -> Iterator[Letter]:
    perisai = {"programme": "perisai"}
    yield (
        "adopt",
        lambda desk: desk.adopt("perisai", on=date(2017, 11, 20)),
        [of("programme.adopt.v1", **perisai, on="2017-11-20")],
    )
    yield (
        "adopt-again",
        lambda desk: desk.adopt("perisai", on=date(2017, 11, 20), evaluation="none-yet"),
        [of("programme.adopt.v1", **perisai, on="2017-11-20", evaluation="none-yet")],
    )
    yield (
        "adopt-path",
        lambda desk: desk.adopt("house", on=DAY, rules="house.toml"),
        [of("programme.adopt.v1", programme="house", on=ON, rules=[RULE_FILE_DATA])],
    )
    yield (
        "enact-list",
        lambda desk: desk.enact("perisai", "most", unit="agents", values=[value(7)], on=DAY),
        [
            of(
                "programme.enact.v1",
                **perisai,
                rule="most",
                unit="agents",
                values=[value_data(7)],
                on=ON,
            )
        ],
    )
    yield (
        "enact-tuple",
        lambda desk: desk.enact(
            "perisai",
            "rates",
            unit="per-100000",
            values=(
                value(
                    Table.of({"low": 540, "high": 1_270}),
                    until=date(2018, 12, 31),
                    citation=SPELLED,
                    published=date(2017, 12, 29),
                    note="For this file only.",
                    conflicts=(Conflict(Table.of({"low": 1}), SPELLED, "Another."),),
                    verified_until=date(2018, 6, 30),
                ),
                value(Table.of({"low": 400}), date(2019, 1, 1)),
            ),
            on=DAY,
            scope="51",
        ),
        [
            of(
                "programme.enact.v1",
                **perisai,
                rule="rates",
                unit="per-100000",
                values=[
                    value_data(
                        {
                            "rows": [
                                {"key": "low", "value": 540},
                                {"key": "high", "value": 1270},
                            ]
                        },
                        until="2018-12-31",
                        citation=SPELLED_DATA,
                        published="2017-12-29",
                        note="For this file only.",
                        conflicts=[
                            {
                                "value": {"rows": [{"key": "low", "value": 1}]},
                                "citation": SPELLED_DATA,
                                "note": "Another.",
                            }
                        ],
                        verified_until="2018-06-30",
                    ),
                    value_data({"rows": [{"key": "low", "value": 400}]}, "2019-01-01"),
                ],
                on=ON,
                scope="51",
            )
        ],
    )
    yield (
        "amend",
        lambda desk: desk.amend("perisai", "most", value(9, date(2018, 2, 1)), on=DAY),
        [
            of(
                "programme.amend.v1",
                **perisai,
                rule="most",
                value=value_data(9, "2018-02-01"),
                on=ON,
            )
        ],
    )
    yield (
        "amend-refused",
        lambda desk: desk.amend(
            "perisai",
            "agent-cap",
            value(99_999, date(2018, 2, 1), citation=SPELLED),
            on=DAY,
            evaluation=None,
            scope="national",
        ),
        [
            of(
                "programme.amend.v1",
                **perisai,
                rule="agent-cap",
                value=value_data(99_999, "2018-02-01", citation=SPELLED_DATA),
                on=ON,
            )
        ],
    )
    yield (
        "end-rule",
        lambda desk: desk.end_rule(
            "perisai", "most", last_day=date(2018, 12, 31), citation=SPELLED, on=DAY
        ),
        [
            of(
                "programme.end-rule.v1",
                **perisai,
                rule="most",
                last_day="2018-12-31",
                citation=SPELLED_DATA,
                on=ON,
            )
        ],
    )
    yield (
        "end-rule-bare",
        lambda desk: desk.end_rule(
            "perisai", "rates", last_day=date(2019, 12, 31), citation=BARE, on=DAY, scope="51"
        ),
        [
            of(
                "programme.end-rule.v1",
                **perisai,
                rule="rates",
                last_day="2019-12-31",
                citation=BARE_DATA,
                on=ON,
                scope="51",
            )
        ],
    )
    yield (
        "open-evaluation",
        lambda desk: desk.open_evaluation("perisai", "first", trigger="It ends – soon.", on=DAY),
        [
            of(
                "programme.open-evaluation.v1",
                **perisai,
                evaluation="first",
                trigger="It ends – soon.",
                on=ON,
            )
        ],
    )
    yield (
        "conclude-evaluation",
        lambda desk: desk.conclude_evaluation(
            "perisai",
            "first",
            outcome=Outcome.RAISE,
            month=jamsos.Month(2017, 12),
            after_months=3,
            on=DAY,
        ),
        [
            of(
                "programme.conclude-evaluation.v1",
                **perisai,
                evaluation="first",
                outcome="raise",
                month="2017-12",
                after_months=3,
                on=ON,
            )
        ],
    )
