"""Letters on participants who are registered, and who are refused by a user's own policy."""

from collections.abc import Iterator
from datetime import date

from values import ANI, CITRA, FISHER, MASON, NURSE, Letter, of

import jamsos


def participants() -> Iterator[Letter]:
    yield (
        "register",
        lambda desk: desk.register(FISHER, province="51", on=date(2018, 1, 12), agent=ANI),
        [
            of(
                "participant.register.v1",
                participant=FISHER,
                province="51",
                on="2018-01-12",
                agent=ANI,
            )
        ],
    )
    yield (
        "register-sponsor",
        lambda desk: desk.register(
            MASON,
            province="51",
            on=date(2018, 1, 12),
            segment=jamsos.Segment.CONSTRUCTION,
            agent=None,
            sponsor="BUMDES:17/2018",
        ),
        [
            of(
                "participant.register.v1",
                participant=MASON,
                province="51",
                on="2018-01-12",
                segment="construction",
                sponsor="BUMDES:17/2018",
            )
        ],
    )
    yield (
        "register-refused",
        lambda desk: desk.register(NURSE, province="53", on=date(2018, 1, 12)),
        [of("participant.register.v1", participant=NURSE, province="53", on="2018-01-12")],
    )
    yield (
        "register-refused-agent",
        lambda desk: desk.register(NURSE, province="53", on=date(2018, 1, 12), agent=CITRA),
        [
            of(
                "participant.register.v1",
                participant=NURSE,
                province="53",
                on="2018-01-12",
                agent=CITRA,
            )
        ],
    )
