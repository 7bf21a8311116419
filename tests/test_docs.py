"""The documents say what is there: pages, headings, links, and the page that is generated."""

import importlib
import inspect
import re
from datetime import date
from pathlib import Path

import attrs
import pytest

from jamsos import Citation, Status, errors, policies
from jamsos.commands.catalogue import COMMANDS, EXPANSIONS, verb_of
from jamsos.domain.geography import REGIONAL_OFFICES
from jamsos.formulas.active import DEFINITIONS
from jamsos.policies.standard import STANDARD
from jamsos.rulebook import everything
from jamsos.store import history_file
from jamsos.store.catalogue import EVENTS, UPCASTERS

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
POLICIES = sorted({p for ps in STANDARD.values() for p in ps}, key=lambda p: p.__name__)
CODES = sorted(
    {
        value
        for policy in POLICIES
        for name, value in vars(inspect.getmodule(policy)).items()
        if name.endswith(("POLICY", "RULE"))
    }
)
ERRORS = [e for e in vars(errors).values() if isinstance(e, type)]
FAULT_TESTS = Path(__file__).parent / "faults"
GUARANTEES = "reference/guarantees.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")


@pytest.fixture
def generate(monkeypatch):
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate")


@pytest.fixture
def pages(generate):  # noqa: ARG001 - which lets it be imported
    return importlib.import_module("pages")


def text(page):
    return (DOCS / page).read_text(encoding="utf-8")


def headings(page):
    """Return the headings of a page, without what its code blocks hold."""
    prose = FENCE.sub("", text(page))
    return [line.lstrip("#").strip() for line in prose.splitlines() if line.startswith("#")]


def blocks(page, language):
    return [code for named, code in FENCE.findall(text(page)) if named == language]


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def relative(pages):
    return [page.relative_to(DOCS).as_posix() for page in pages]


def test_the_pages_that_are_generated_are_what_the_code_says(generate):
    assert generate.main(["--check"]) == 0


def test_what_a_citation_says_of_its_reading_stands_on_the_page_of_rules(pages):
    (file,) = (f for f in everything() if (f.programme, f.rule) == ("jkm", "funeral-grant"))
    cited = Citation(
        *("PP 1/2026", "Pasal 1", "S01", "https://example.org/1"),
        passage="Pasal 1\n\n(2) Satu.",
        read_on=date(2026, 1, 5),
        akn="/akn/id/act/pp/2026/1",
    )
    value = attrs.evolve(file.values[0], citation=cited)
    page = "\n".join(pages.rules.rule_section(attrs.evolve(file, values=(value,))))
    said = (
        "[PP 1/2026, Pasal 1](https://example.org/1), `/akn/id/act/pp/2026/1`"
        " (S01, read on 2026-01-05)"
    )

    assert f"| {said} |" in page
    assert page.endswith(f"In {said}:\n\n> Pasal 1\n>\n> (2) Satu.\n")


@pytest.mark.parametrize("name", ["events.md", "commands.md", "cli.md", "rules.md"])
def test_a_stale_page_is_told_and_made_again(generate, tmp_path, capsys, name):
    assert generate.main([], tmp_path) == 0
    stale = (tmp_path / name).read_text(encoding="utf-8").replace("seats", "chairs")
    (tmp_path / name).write_text(stale, encoding="utf-8")

    assert generate.main(["--check"], tmp_path) == 1
    assert f"{name} is stale: run python docs/generate.py" in capsys.readouterr().out
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0


def test_a_page_that_is_not_there_is_stale(generate, tmp_path):
    assert generate.main(["--check"], tmp_path) == 1


def test_every_name_that_was_ever_written_is_still_read(pages):
    named = {n for names in pages.events.SINCE.values() for n in names}

    assert named == {*EVENTS, *UPCASTERS}


def test_every_file_of_faults_has_its_place_on_the_page_of_guarantees(pages):
    files = {file.stem for file in FAULT_TESTS.glob("test_*.py")}

    assert files == {f"test_{name}" for name in pages.guarantees.FAULTS}


@pytest.mark.parametrize("file", sorted(FAULT_TESTS.glob("test_*.py")), ids=lambda file: file.stem)
def test_every_test_of_a_fault_is_named_by_what_it_holds(file):
    tests = re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(rf"\[`(\w+)`\]\([./]*tests/faults/{file.name}\)", text(GUARANTEES))

    assert tests
    assert named == tests


def test_every_fault_has_a_promise_or_says_that_there_is_none():
    rows = [re.split(r" *\| *", line)[1:3] for line in text(GUARANTEES).split("\n")]
    faults, fault = {}, ""
    for fault_or_none, *who in (row for row in rows if len(row) == 2):
        fault = fault_or_none or fault
        faults.setdefault(fault, []).extend(who)

    del faults["when"], faults["---"]
    assert len(faults) > 10
    for fault, who in faults.items():
        assert any(said.startswith("jamsos") for said in who), fault
        assert "plain `eventsourcing`" in who, fault


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_a_heading(name):
    assert name in headings("reference/events.md")


@pytest.mark.parametrize("name", [*COMMANDS, *EXPANSIONS])
def test_every_command_has_a_heading_and_each_of_its_fields_a_line(name):
    section = text("reference/commands.md").partition(f"\n### {name}\n")[2].partition("\n##")[0]
    kind = {**COMMANDS, **EXPANSIONS}[name]

    assert f"`{kind.__module__}.{kind.__qualname__}`" in section
    assert f"asked by `{verb_of(kind)}(" in section
    for field in attrs.fields(kind):
        assert f"| `{field.name}` | " in section


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_a_heading(error):
    assert error.__name__ in headings("reference/errors.md")


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_has_a_heading(policy):
    assert policy.__name__ in headings("reference/policies.md")


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_a_reason_has_a_heading(code):
    assert code in headings("reference/policies.md")


@pytest.mark.parametrize("case", STANDARD)
def test_every_case_is_listed_for_the_author_of_a_policy(case):
    assert f"| `{case.__name__}` |" in text("how-to/write-a-policy.md")
    assert case.__name__ in policies.__all__


@pytest.mark.parametrize("file", everything(), ids=lambda file: f"{file.programme}-{file.rule}")
def test_every_rule_that_ships_has_a_heading_and_each_value_its_status_and_citation(file):
    name = f"{file.programme}/{file.rule}"
    section = text("reference/rules.md").partition(f"\n### {name}\n")[2].partition("\n##")[0]

    assert file.means in section
    for value in file.values:
        days = (
            f"{value.in_force} on" if value.until is None else f"{value.in_force} to {value.until}"
        )
        row = next(line for line in section.split("\n") if f"| {days} |" in line)
        assert f"| {value.status} |" in row
        assert value.citation.instrument in row
        assert (value.note or "") in row


def test_what_is_assumed_stands_before_everything_else():
    assumed = text("reference/rules.md").partition("\n## ")[2].partition("\n## ")[0]

    assert assumed.startswith("What is assumed\n")
    for file in everything():
        for value in file.values:
            listed = (
                f"[{file.programme}/{file.rule}](#{file.programme}{file.rule}), {value.in_force}"
            )
            assert (listed in assumed) is (value.status is Status.ASSUMED)


@pytest.mark.parametrize(("name", "office"), REGIONAL_OFFICES.items())
def test_every_regional_office_is_listed_as_it_is(name, office):
    cells = f"`{name}`", office.name, ", ".join(office.provinces), ", ".join(office.assumed)

    assert " ".join(f"| {' | '.join(cells)} |".split()) in text("reference/regions.md")


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_every_definition_has_a_heading_and_says_its_source(definition):
    name = definition.name
    section = text("reference/definitions.md").partition(f"\n## {name}\n")[2].partition("\n## ")[0]

    assert name in headings("reference/definitions.md")
    assert f"\n{definition.sentence[0].upper()}{definition.sentence[1:]}.\n" in section
    assert f"Source: {definition.citation}." in section
    assert f"Status: {definition.status}." in section


@pytest.mark.parametrize("page", relative(PAGES))
def test_every_page_begins_with_its_only_title(page):
    titles = [line for line in FENCE.sub("", text(page)).splitlines() if line.startswith("# ")]

    assert text(page).startswith("# ")
    assert len(titles) == 1


@pytest.mark.parametrize("page", [page for page in relative(PAGES) if page != "index.md"])
def test_every_page_can_be_found_from_the_index(page):
    assert page in [link for link, _ in LINK.findall(text("index.md"))]


@pytest.mark.parametrize("page", relative(PAGES))
def test_every_link_leads_to_a_page_and_a_heading(page):
    for link, part in LINK.findall(FENCE.sub("", text(page))):
        target = (DOCS / page).parent / link if link else DOCS / page

        assert target.is_file(), f"{page} links to {link}"
        assert not part or part in map(anchor, headings(target)), f"{page} links to {link}#{part}"


@pytest.mark.parametrize("what", ["definition", "policy", "projection"])
def test_a_thing_of_ones_own_takes_under_15_lines(what):
    own = blocks(f"how-to/write-a-{what}.md", "python")[0]

    assert 0 < len([line for line in own.splitlines() if line.strip()]) < 15


def test_the_history_that_is_shown_can_be_read(tmp_path):
    shown = tmp_path / "shown.jsonl"
    shown.write_text(blocks("reference/history-format.md", "jsonl")[0])

    assert [recorded.position for recorded in history_file.read(shown)] == [1, 2]
