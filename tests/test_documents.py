"""What the documents name is there: commands, settings, folders, routes, files, headings."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.routing import Match
from typer.core import TyperGroup
from typer.main import get_command

from api.app import create_app
from catalog.settings import SETTINGS
from tokentape import app

HOUSE = Path(__file__).parent.parent
README = HOUSE / "README.md"
DOCUMENTS = [
    path
    for path in (*sorted(HOUSE.glob("*.md")), *sorted((HOUSE / "docs").rglob("*.md")))
    if "node_modules" not in path.parts
]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")


def commands() -> set[str]:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return set(group.commands)


def code(path: Path) -> str:
    """Give what a document has between backticks, in lines or blocks."""
    text = path.read_text("utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def first_cells(heading: str) -> list[str]:
    """Give the first cell of each row of the table under one of the README's headings."""
    section = README.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows[2:]]


def ids(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_command_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"\btokentape ([a-z][a-z-]+)", code(document)))
    assert named <= commands(), f"{ids(document)} names {named - commands()}"


def test_the_readmes_table_of_commands_names_only_those_there_are() -> None:
    cells = " ".join(first_cells("The command line"))
    named = {words.split()[0] for words in re.findall(r"`([^`]+)`", cells)}
    assert named
    assert named <= commands()


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_setting_that_is_named_exists(document: Path) -> None:
    named = set(re.findall(r"\bTOKENTAPE_[A-Z_]+", document.read_text("utf-8")))
    assert named <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("document", DOCUMENTS, ids=ids)
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    assert not list(_broken_links(document))


def _broken_links(document: Path) -> Iterator[str]:
    prose = re.sub(r"`[^`\n]+`", "", document.read_text("utf-8"))
    for found in LINK.finditer(prose):
        path, _, anchor = found["target"].partition("#")
        target = document.parent / path if path else document
        if "://" in path or path.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            yield found["target"]


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", document.read_text("utf-8"))
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_readmes_folders_and_targets_exist() -> None:
    text = code(README)
    folders = re.findall(r"(?m)^([a-z]+)/ ", text)
    assert "catalog" in folders
    assert all((HOUSE / folder).is_dir() for folder in folders)
    targets = re.findall(r"\bmake ([a-z]+)", text)
    made = re.findall(r"(?m)^([a-z]+):", (HOUSE / "Makefile").read_text("utf-8"))
    assert set(targets) <= set(made)


def test_the_readmes_requests_are_answered_by_a_route() -> None:
    routes = create_app(create_engine("sqlite://")).routes
    asked = re.findall(r"localhost:8000(/[^\s'?]*)", code(README))
    assert asked
    for path in asked:
        scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
        matched = {route.matches(scope)[0] for route in routes}
        assert matched != {Match.NONE}, f"{path} has no route"


def test_the_generator_says_how_to_mend_what_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(HOUSE / "docs"))
    generate = importlib.import_module("generate")
    monkeypatch.setattr(generate, "REFERENCE", tmp_path / "reference")
    monkeypatch.setattr(generate, "PAGES", {"jobs.md": generate.jobs_page})
    monkeypatch.setattr(generate, "OF_HISTORY", {})
    assert generate.main(check=True) == 1
    assert capsys.readouterr().out == (
        "docs/reference/ is behind the code: jobs.md; run: make docs\n"
    )
    assert generate.main(check=False) == 0
    assert generate.main(check=True) == 0
