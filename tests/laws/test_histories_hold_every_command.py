"""The histories of these laws hold every command, granted and turned down."""

from __future__ import annotations

from collections import Counter

from hypothesis import Phase, given, settings

from jamsos import Accepted
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS
from tests.laws.drawing import PARTICIPANTS, plans, tries
from tests.laws.playing import ask, open_


def test_random_histories_grant_and_turn_down_every_command():
    seen: Counter[tuple[type, str]] = Counter()

    @given(plan=plans())
    @settings(tries(80), phases=[Phase.generate], database=None)
    def look(plan):
        with open_() as registry:
            for asked in plan:
                answer = ask(registry, asked)
                granted = isinstance(answer, Accepted) and answer.events
                seen[type(asked), "granted" if granted else "not"] += 1

    @given(plan=plans(PARTICIPANTS))
    @settings(tries(80), phases=[Phase.generate], database=None)
    def look_at_participants(plan):  # they pay back since 2022, when there is no cap any more
        look.hypothesis.inner_test(plan)

    look()
    look_at_participants()

    for kind in (*COMMANDS.values(), *EXPANSIONS.values()):
        assert seen[kind, "granted"], f"{kind.__name__} is never granted"
        assert seen[kind, "not"], f"{kind.__name__} is never turned down, nor asked twice"
