"""Letters on agents, to the day on which they may enrol."""

from collections.abc import Iterator
from datetime import date

from values import ANI, BUDI, CITRA, DAY, ON, Letter, of


def agents() -> Iterator[Letter]:
    yield (
        "recruit",
        lambda desk: desk.recruit(ANI, "perisai", province="51", on=DAY),
        [of("agent.recruit.v1", agent=ANI, programme="perisai", province="51", on=ON)],
    )
    yield (
        "recruit-region",
        lambda desk: desk.recruit(BUDI, "perisai", province="51", on=DAY, region="51"),
        [
            of(
                "agent.recruit.v1",
                agent=BUDI,
                programme="perisai",
                province="51",
                on=ON,
                region="51",
            )
        ],
    )
    yield (
        "recruit-refused",
        lambda desk: desk.recruit(CITRA, "perisai", province="32", on=DAY, region="32"),
        [
            of(
                "agent.recruit.v1",
                agent=CITRA,
                programme="perisai",
                province="32",
                on=ON,
                region="32",
            )
        ],
    )
    for verb, type_, on in (
        ("begin_training", "agent.begin-training.v1", date(2018, 1, 10)),
        ("certify", "agent.certify.v1", date(2018, 1, 11)),
        ("assign", "agent.assign.v1", date(2018, 1, 12)),
    ):
        for who in (ANI, BUDI):
            yield (
                f"{type_}/{who[-1]}",
                lambda desk, verb=verb, who=who, on=on: getattr(desk, verb)(who, on=on),
                [of(type_, agent=who, on=str(on))],
            )
