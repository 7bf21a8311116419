"""Letters on seats: accepted, refused, and accepted with no events."""

from collections.abc import Iterator

from values import DAY, ON, Letter, of


def seats() -> Iterator[Letter]:
    perisai = {"programme": "perisai", "on": ON}
    yield (
        "allot",
        lambda desk: desk.allot("perisai", 1_000, on=DAY),
        [of("quota.allot.v1", **perisai, seats=1_000)],
    )
    yield (
        "allot-region",
        lambda desk: desk.allot("perisai", seats=40, on=DAY, region="51"),
        [of("quota.allot.v1", **perisai, seats=40, region="51")],
    )
    yield (
        "allot-again",
        lambda desk: desk.allot(programme="perisai", seats=40, on=DAY, region="51"),
        [of("quota.allot.v1", **perisai, seats=40, region="51")],
    )
    yield (
        "allot-refused",
        lambda desk: desk.allot("perisai", 10_001, on=DAY, region="national"),
        [of("quota.allot.v1", **perisai, seats=10_001)],
    )
    yield (
        "share-out",
        lambda desk: desk.share_out("perisai", 100, {"jatim": 3, "jabar": 2}, on=DAY),
        [of("quota.share-out.v1", **perisai, seats=100, weights={"jabar": 2, "jatim": 3})],
    )
    yield (
        "move-seats",
        lambda desk: desk.move_seats("perisai", 5, source="jatim", to="national", on=DAY),
        [of("quota.move-seats.v1", **perisai, seats=5, source="jatim", to="national")],
    )
    yield (
        "fit-to-cap",
        lambda desk: desk.fit_to_cap("perisai", on=DAY),
        [of("quota.fit-to-cap.v1", **perisai)],
    )
