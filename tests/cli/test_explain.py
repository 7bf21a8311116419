"""`jamsos explain`: why something was recorded."""

import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
CHECKED, INCENTIVES = GOLDEN / "v4-checked.jsonl", GOLDEN / "v3-incentives.jsonl"
ANI = "agent-00000000-0000-7000-8000-000000000001"
FISHER = "participant-00000000-0000-7000-8000-000000000001"


def test_one_event_is_told_with_its_steps(run):
    answer = run("explain", CHECKED, f"{FISHER}@3")

    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == FISHER
    assert lines[1].startswith("2026-01-02  paid Rp 2,800 for jkm, months 2026-02/2026-02")
    assert lines[1].endswith("  [version 3]")
    assert "    5. JKM: Rp 6,800 less 50 % is Rp 3,400." in lines
    assert lines[-1] == "    How well this is known: not verified for this day."


def test_a_whole_stream_is_told_in_its_order(run):
    answer = run("explain", INCENTIVES, ANI, "--lang", "id")

    assert answer.out.count("Tingkat kepastian") == 6
    assert "Agen mendapat" not in answer.out
    assert "Dari jumlah itu kantor mendapat Rp 554 dan agen Rp 4.986." in answer.out


def test_the_answer_as_json_has_the_steps_of_each_event(run):
    answer = run("explain", INCENTIVES, f"{ANI}@5", "--json").json

    (event,) = answer["events"]
    assert (answer["stream"], event["position"], event["version"]) == (ANI, 23, 5)
    assert event["agrees"] is True
    assert event["rules"][0] == "perisai/incentive-regime/1"
    assert event["steps"][-1]["key"] == "office-out-of"


def test_what_comes_out_otherwise_is_a_finding(run, written):
    lines = [json.loads(line) for line in CHECKED.read_bytes().splitlines()]
    lines[7]["data"]["check"]["credit"] = 1
    answer = run("explain", written(lines), FISHER)

    assert answer.code == 1
    assert answer.out.count("FINDING  decided again on what was known then") == 1


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (f"{FISHER}@9", "nothing is recorded of"),
        (f"{ANI[:-1]}9", "nothing is recorded of"),
        (f"{FISHER}@last", "names no version: write it as"),
        ("fisher", "is not a stream"),
    ],
)
def test_what_cannot_be_explained_is_said(run, stream, said):
    answer = run("explain", CHECKED, stream)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
