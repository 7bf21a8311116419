"""`jamsos demo`: the published figures, derived from what the front desk recorded."""

import argparse
import gc
import io
import json
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest

import jamsos
from jamsos.audit.replay import Finding, replay
from jamsos.cli import main
from jamsos.cli.demo import _evaluate_programme, _text
from jamsos.cli.played_clock import PlayedClock
from jamsos.cli.scenario import EVALUATION, ROLL_OUT, STAGES, Scenario, Watched
from jamsos.commands.agents import Recruit
from jamsos.commands.participants import Register
from jamsos.commands.seats import Allot
from jamsos.domain.history import WIB
from jamsos.store.event_store import migrate

STAGE = STAGES["2018-02"]
SEED = 2018


# -- What the demo prints. --------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Play the demo once, and give its store and what it printed."""
    store = tmp_path_factory.mktemp("demo") / "perisai.db"
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["demo", "--store", str(store), "--json"])
    gc.enable()
    return argparse.Namespace(
        store=store, code=code, err=err.getvalue(), answer=json.loads(out.getvalue())
    )


@pytest.fixture(scope="module")
def recorded(demo):
    """Read the store without jamsos: the stream, the name and the data of each event."""
    with closing(sqlite3.connect(demo.store)) as database:
        rows = database.execute(
            "SELECT originator_id, topic, state FROM stored_events ORDER BY rowid"
        )
        return [(stream, name, json.loads(state)["data"]) for stream, name, state in rows]


@pytest.mark.slow
def test_the_demo_ends_well_and_in_silence(demo):
    assert (demo.code, demo.err) == (0, "")


@pytest.mark.slow
def test_the_published_figures_are_derived(demo):
    assert demo.answer["published in"] == "Bisnis.com, 5-6 February 2018"
    assert demo.answer["figures"] == {
        "agents holding seats": {"published": 1_300, "derived": 1_300},
        "of them productive": {"published": 700, "derived": 700},
        "participants acquired": {"published": 54_000, "derived": 54_000},
    }
    assert demo.answer["agents recruited"] == 1_300


@pytest.mark.slow
def test_1300_seats_of_10000_are_taken(demo):
    cap = demo.answer["cap"]

    assert (cap["taken"], cap["cap"]) == (1_300, 10_000)
    assert cap["rule"] == "perisai/agent-cap/2"
    assert cap["source"].startswith("Bisnis.com, 5-6 February 2018")
    assert cap["others say"] == ["5,000: Kompas, 11 December 2018, at most 5,000 agents in 2018"]


@pytest.mark.slow
def test_54000_more_informal_participants_make_1754000_of_2400000(demo):
    informal = demo.answer["informal participants"]

    assert informal["opening"] == 1_700_000
    assert informal["acquired"] == 54_000
    assert informal["reached"] == 1_754_000
    assert informal["target"] == 2_400_000
    assert informal["per mille of growth"] == 77  # 54,000 of 700,000


@pytest.mark.slow
def test_two_commands_are_refused_each_with_its_source(demo):
    seat, early = demo.answer["refusals"]

    assert seat["asked"] == "one more agent on 31 December 2017, when 1,200 hold seats"
    assert seat["reasons"] == [
        (
            "All 1,200 seats in region national are taken: from 2017-11-01 to 2017-12-31 the cap"
            " is 1,200 agents. (Rakyatku, 20 November 2017, at most 1,200 agents to the end of"
            " December)"
        )
    ]
    assert "not recorded" in early["asked"]
    assert early["reasons"] == [
        (
            "The agent was deactivated on 2018-04-01; they may return 6 months later, from"
            " 2018-10-01. (Jabar Ekspres, 4-5 January 2018, at the request of the office, at the"
            " earliest six months after deactivation)"
        )
    ]


@pytest.mark.slow
def test_the_flows_of_each_month_close(demo):
    flows = demo.answer["flows"]
    counts = demo.answer["counts"]

    assert [flow["month"] for flow in flows] == ["2017-11", "2017-12", "2018-01", "2018-02"]
    assert flows[0]["opening"] == 0
    for flow in flows:
        gains = flow["opening"] + flow["joined"] + flow["came_back"]
        assert gains - flow["left"] == flow["closing"] == counts[flow["month"]]["in-grace"]
    for before, after in pairwise(flows):
        assert before["closing"] == after["opening"]


@pytest.mark.slow
def test_each_definition_of_active_is_wider_than_the_one_before_it(demo):
    for counts in demo.answer["counts"].values():
        assert list(counts) == ["paid-up", "in-grace", "ever-paid", "registered"]
        assert list(counts.values()) == sorted(counts.values())
        assert counts["registered"] <= 54_000


@pytest.mark.slow
def test_the_replay_of_the_demo_finds_nothing(demo):
    replayed = demo.answer["replay"]

    assert replayed["events"] == demo.answer["events"] > 54_000
    assert replayed["compared"] > 0
    assert replayed["findings"] == []


@pytest.mark.slow
def test_the_demo_says_how_fast_it_was(demo):
    assert demo.answer["seconds"] > 0
    assert demo.answer["events per second"] > 0
    assert demo.answer["replay"]["events per second"] > 0


# -- What it recorded, read without jamsos. ---------------------------------------


@pytest.mark.slow
def test_the_store_holds_the_published_figures(demo, recorded):
    names = [name for _, name, _ in recorded]
    registered = [
        (stream, data) for stream, name, data in recorded if name == "participant.registered.v1"
    ]

    assert len(recorded) == demo.answer["events"]
    assert names.count("agent.recruited.v1") == 1_300
    assert names.count("quota.seat-taken.v1") - names.count("quota.seat-released.v1") == 1_300
    assert len({stream for stream, _ in registered}) == len(registered) == 54_000
    assert len({data["agent"] for _, data in registered}) == 700
    assert {data["channel"] for _, data in registered} == {"agent"}


@pytest.mark.slow
def test_the_1200th_seat_is_the_last_of_2017(recorded):
    taken = [data["on"] for _, name, data in recorded if name == "quota.seat-taken.v1"]

    assert taken == sorted(taken)
    assert taken[1_199] <= "2017-12-31"
    assert taken[1_200] >= "2018-01-01"


@pytest.mark.slow
def test_no_event_lies_before_the_roll_out_or_after_the_stage(recorded):
    days = {data["on"] for _, _, data in recorded}

    assert min(days) == ROLL_OUT.isoformat() == "2017-11-20"
    assert max(days) <= STAGE.last.isoformat() == "2018-02-05"


@pytest.mark.slow
def test_the_store_of_the_demo_counts_as_the_demo_did(demo, run):
    asked = ("--month", "2018-01", "--active", "in-grace", "--by", "province", "--json")
    (count,) = run("count", demo.store, *asked).json["counts"]

    assert count["count"] == demo.answer["counts"]["2018-01"]["in-grace"]
    assert sum(part["count"] for part in count["parts"]) == count["count"]
    assert len(count["parts"]) == 34  # every province of 2018


@pytest.mark.slow
def test_each_event_is_recorded_in_the_afternoon_of_its_own_day(demo):
    with closing(sqlite3.connect(demo.store)) as database:
        states = database.execute("SELECT state FROM stored_events ORDER BY rowid").fetchall()
    told = [json.loads(state) for (state,) in states]
    moments = [datetime.fromisoformat(each["recorded_at"]).astimezone(WIB) for each in told]

    assert moments == sorted(moments)
    assert [str(moment.date()) for moment in moments] == [each["data"]["on"] for each in told]
    assert {moment.hour for moment in moments} == {16}


@pytest.mark.slow
def test_the_store_of_the_demo_is_counted_as_it_was_known_on_a_day(demo, recorded, run):
    asked = ("count", demo.store, "--month", "2018-01", "--json", "--known-at")
    then, now = run(*asked, "2018-01-31").json, run(*asked, "2018-02-05").json
    reported = sum(data["on"] <= "2018-01-31" for _, _, data in recorded)

    assert (then["known_at"], now["known_at"]) == (reported, demo.answer["events"])
    assert 0 < then["counts"][0]["count"] < now["counts"][0]["count"]
    assert now["counts"][0]["count"] == demo.answer["counts"]["2018-01"]["paid-up"]


def test_the_clock_of_the_demo_tells_the_day_that_is_played_a_minute_at_a_time():
    clock = PlayedClock(date(2017, 11, 20))
    first, second = clock(), clock()
    clock.turn_to(date(2017, 11, 21))

    assert first == datetime(2017, 11, 20, 9, tzinfo=UTC) == datetime(2017, 11, 20, 16, tzinfo=WIB)
    assert second - first == timedelta(minutes=1)
    assert clock() - first == timedelta(days=1)


@pytest.mark.slow
def test_the_text_of_the_demo_says_the_same(demo):
    text = "\n".join(_text(demo.answer, replay([]), "perisai.db"))

    assert f"  {'agents holding seats':<24}{'1,300':>12}{'1,300':>12}" in text
    assert f"  {'of them productive':<24}{'700':>12}{'700':>12}" in text
    assert f"  {'participants acquired':<24}{'54,000':>12}{'54,000':>12}" in text
    assert "Seats: 1,300 of 10,000 taken (perisai/agent-cap/2: Bisnis.com, 5-6 February" in text
    assert "1,700,000 + 54,000 acquired = 1,754,000 of 2,400,000" in text
    assert "7.7 % of the growth that was planned" in text
    assert "(Rakyatku, 20 November 2017, at most 1,200 agents to the end of December)" in text
    assert "the cap is 1,200 agents." in text
    assert "from 2018-10-01." in text
    assert f"{demo.answer['events']:,} events recorded in " in text
    assert "counts compared, all agree" in text
    assert text.endswith("try 'jamsos count perisai.db --month 2018-01 --by segment'")
    for flow in demo.answer["flows"]:
        assert f"- {flow['left']:,} = {flow['closing']:,}" in text


@pytest.mark.slow
def test_the_text_of_the_demo_names_what_does_not_agree(demo):
    answer = demo.answer | {"replay": demo.answer["replay"] | {"findings": ["It is wrong."]}}
    replayed = argparse.Namespace(findings=(Finding(7, "It is wrong."),))
    text = "\n".join(_text(answer, replayed, None))

    assert "counts compared, 1 findings" in text
    assert "  FINDING  It is wrong." in text
    assert "The history is in" not in text


# -- What it does not do. ---------------------------------------------------------


def test_a_demo_into_an_existing_store_is_a_usage_error(run, tmp_path):
    store = tmp_path / "mine.db"
    store.write_text("mine")
    answer = run("demo", "--store", store)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"jamsos: {store} exists already: give the name of a new store\n"
    assert store.read_text() == "mine"


# -- The scenario behind it. ------------------------------------------------------


@pytest.fixture(scope="module")
def scenario():
    return Scenario("2018-02", SEED)


def commands(scenario, days=None):
    """Return each day with its commands."""
    return [(day, list(asked)) for day, asked in islice(scenario, days)]


def plain(asked):
    return asked.command if isinstance(asked, Watched) else asked


@pytest.mark.slow
def test_the_same_seed_makes_the_same_commands(scenario):
    assert commands(Scenario("2018-02", SEED)) == commands(scenario)


@pytest.mark.slow
def test_another_seed_makes_other_commands_of_the_same_size(scenario):
    other = Scenario("2018-02", SEED + 1)

    assert commands(other, days=10) != commands(scenario, days=10)
    assert sizes(other) == sizes(scenario)


def sizes(scenario):
    kinds = [type(plain(each)) for _, asked in scenario for each in asked]
    return kinds.count(Recruit), kinds.count(Register), kinds.count(Allot)


@pytest.mark.slow
def test_the_scenario_has_the_size_of_the_published_figures(scenario):
    recruits, registrations, allotments = sizes(scenario)

    assert recruits == STAGE.seats + 1 == 1_301  # one is refused
    assert registrations == STAGE.acquired == 54_000
    assert allotments == 2
    assert len(scenario) == sum(len(asked) for _, asked in scenario)


@pytest.mark.slow
def test_the_days_of_the_scenario_are_in_order_and_end_with_the_stage(scenario):
    days = [day for day, _ in scenario]

    assert days == sorted(set(days))
    assert days[0] == date(2017, 11, 20)
    assert days[-1] <= STAGE.last == date(2018, 2, 5)


@pytest.mark.slow
def test_every_command_is_asked_on_the_day_it_is_true_for(scenario):
    for day, asked in scenario:
        for each in asked:
            assert plain(each).on == day


@pytest.mark.slow
def test_every_productive_agent_acquires_somebody_in_each_of_their_months(scenario):
    acquired = {
        (each.agent, day.month)
        for day, asked in scenario
        for each in asked
        if isinstance(each, Register)
    }
    agents = {agent for agent, _ in acquired}

    assert len(agents) == STAGE.productive == 700
    assert {(agent, month) for agent in agents for month in (1, 2)} <= acquired


@pytest.mark.slow
def test_only_the_agent_above_the_cap_is_watched(scenario):
    watched = [(day, r.about) for day, asked in scenario for r in asked if isinstance(r, Watched)]

    assert watched == [
        (date(2017, 12, 31), "one more agent on 31 December 2017, when 1,200 hold seats")
    ]


def test_the_cap_of_2019_is_adopted_after_an_evaluation_that_says_so():
    opened = date(2018, 12, 1)
    with jamsos.open(":memory:") as registry:
        registry.adopt("perisai", on=date(2018, 2, 5)).or_raise()
        registry.open_evaluation("perisai", EVALUATION, trigger="a test", on=opened).or_raise()

        said = _evaluate_programme(registry)

        assert said.startswith("evaluation year-2018 concluded: raise; at the end of 2018-12")
        assert registry.programme("perisai").rule("agent-cap", date(2019, 1, 1)).value == 20_000


# -- Where it is kept. ------------------------------------------------------------


@pytest.mark.parametrize("there", [b"", b"mine"], ids=["empty file", "file"])
def test_the_demo_is_not_played_where_a_file_is(run, tmp_path, there):
    (tmp_path / "perisai.db").write_bytes(there)
    answer = run("demo", "--store", tmp_path / "perisai.db")

    assert (answer.code, answer.out) == (2, "")
    assert "exists already" in answer.err
    assert (tmp_path / "perisai.db").read_bytes() == there
    assert [path.name for path in tmp_path.iterdir()] == ["perisai.db"]


def test_the_demo_is_not_played_beside_the_log_of_a_killed_writer(run, tmp_path):
    (tmp_path / "perisai.db-wal").write_bytes(b"acknowledged")
    answer = run("demo", "--store", tmp_path / "perisai.db")

    assert (answer.code, answer.out) == (2, "")
    assert "perisai.db-wal" in answer.err


def test_the_demo_is_not_played_in_a_database_that_holds_an_event(run, postgres):
    url = postgres.new_database()
    migrate(url)
    with jamsos.open(url) as registry:
        registry.adopt("perisai", on=date(2017, 11, 20)).or_raise()
        held = registry.last_position()
    answer = run("demo", "--store", url)

    assert (answer.code, answer.out) == (2, "")
    assert f"holds {held} events: give the demo an empty database" in answer.err
    with jamsos.open(url) as registry:
        assert registry.last_position() == held


@pytest.mark.slow
def test_the_store_of_the_demo_is_its_owners_alone_and_nothing_stands_beside_it(demo):
    assert [path.name for path in demo.store.parent.iterdir()] == ["perisai.db"]
    assert demo.store.stat().st_mode & 0o077 == 0
