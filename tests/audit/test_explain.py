"""An explanation told again from the history alone, as it was known then."""

from datetime import date
from pathlib import Path

import attrs
import pytest

import jamsos
from jamsos import Citation, DatedValue, Months, Status
from jamsos.audit.explain import explain
from jamsos.store import history_file

GOLDEN = Path(__file__).parents[1] / "golden"
INCENTIVES = list(history_file.read(GOLDEN / "v3-incentives.jsonl"))
CHECKED = list(history_file.read(GOLDEN / "v4-checked.jsonl"))
ANI = "agent-00000000-0000-7000-8000-000000000001"
FISHER = "participant-00000000-0000-7000-8000-000000000001"


def keys(account):
    return [step.key for step in account.explained.steps]


def changed(history, stream, version, **fields):
    return [
        attrs.evolve(r, event=attrs.evolve(r.event, **fields))
        if (r.stream, r.version) == (stream, version)
        else r
        for r in history
    ]


def test_every_event_of_a_stream_is_accounted_for():
    accounts = list(explain(INCENTIVES, ANI))

    assert [account.recorded.version for account in accounts] == [1, 2, 3, 4, 5, 6]
    assert all(account.agrees for account in accounts)
    assert keys(accounts[0]) == ["read-number"]
    assert keys(accounts[1]) == ["no-rule"]


def test_one_event_is_accounted_for_by_its_version():
    (account,) = explain(INCENTIVES, ANI, 5)

    assert account.explained.value.agent == account.recorded.event.agent == 4_986
    assert account.explained.rules == account.recorded.event.rules


def test_a_checked_payment_is_computed_again():
    _, first, second = explain(CHECKED, FISHER)

    assert (first.explained.value.to_pay, second.explained.value.to_pay) == (3_400, 2_800)
    assert first.agrees
    assert second.agrees


@pytest.mark.parametrize(
    ("history", "stream", "version", "fields"),
    [
        (INCENTIVES, ANI, 5, {"agent": 5_000}),
        (INCENTIVES, ANI, 5, {"rules": ("perisai/agent-cap/1",)}),
        (INCENTIVES, ANI, 1, {"rules": ("perisai/agent-cap/7",)}),
    ],
)
def test_what_comes_out_otherwise_is_told(history, stream, version, fields):
    (account,) = explain(changed(history, stream, version, **fields), stream, version)

    assert not account.agrees


def test_a_check_that_was_not_what_was_due_is_told():
    check = attrs.evolve(CHECKED[6].event.check, due=(1,))
    history = changed(CHECKED, FISHER, 2, check=check)

    assert [account.agrees for account in explain(history, FISHER)][:2] == [True, False]


def test_a_reward_that_was_never_earned_is_told():
    event = next(r.event for r in INCENTIVES if (r.stream, r.version) == (ANI, 5))
    one, other = event.contributions
    more = (attrs.evolve(one, incentive=one.incentive + 1), other)

    (account,) = explain(changed(INCENTIVES, ANI, 5, contributions=more), ANI, 5)
    assert not account.agrees


def test_a_decision_on_an_old_date_is_explained_as_before_whatever_is_amended_later():
    with jamsos.open(":memory:") as registry:
        for programme in ("jkk", "jkm"):
            registry.adopt(programme, on=date(2025, 12, 1)).or_raise()
        who = jamsos.new_participant_id()
        registry.register(who, province="51", on=date(2025, 1, 20)).or_raise()
        registry.pay(
            who,
            reference="1",
            months=Months.parse("2025-01/2025-01"),
            income=1_000_000,
            amount=16_800,
            on=date(2025, 1, 20),
        ).or_raise()
        before = list(explain(registry.history(), who))
        double = DatedValue(
            value=2_000,
            in_force=date(2025, 1, 1),
            citation=Citation("Example 1/2026"),
            status=Status.ASSUMED,
        )
        registry.amend("jkk", "bpu-rate", double, on=date(2026, 1, 2)).or_raise()

        assert list(explain(registry.history(), who)) == before
        assert before[1].agrees


def test_an_idle_agent_is_explained_by_their_months(registry, agent):
    registry.deactivate(agent, on=date(2018, 4, 1)).or_raise()

    *_, account = explain(registry.history(), agent)
    assert keys(account) == ["idle", "read-number"]
    assert account.agrees


SETTLED = list(history_file.read(GOLDEN / "v6-settled.jsonl"))


def test_an_award_and_a_claw_back_are_explained_by_the_facts_known_before_them():
    accounts = {each.recorded.version: each for each in explain(SETTLED, ANI)}

    assert all(each.agrees for each in accounts.values())
    assert accounts[7].explained.value.agent == 2_142


def test_a_claw_back_of_what_stands_is_told():
    event = next(r.event for r in SETTLED if (r.stream, r.version) == (ANI, 7))
    history = changed(SETTLED, ANI, 6, contributions=event.contributions)

    assert not next(explain(history, ANI, 6)).agrees


@pytest.mark.parametrize(("parts", "agrees"), [(None, True), ((), False)])
def test_an_award_of_version_1_is_explained_by_the_order_of_telling(parts, agrees):
    kept = [r for r in SETTLED if r.stream != ANI or r.version < 5]
    last = next(r for r in SETTLED if (r.stream, r.version) == (ANI, 7))
    lines = tuple(
        attrs.evolve(
            line,
            received=attrs.evolve(line.received, number=1, parts=parts),
            incentive=line.received.amount * 15 // 100,
        )
        for line in last.event.contributions
    )
    gross = sum(line.incentive for line in lines)
    event = attrs.evolve(
        last.event, contributions=lines, agent=gross - gross // 10, office=gross // 10
    )
    history = [*kept, attrs.evolve(last, version=5, event=event)]

    assert next(explain(history, ANI, 5)).agrees == agrees
