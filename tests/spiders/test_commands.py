"""The commands, as a person and as a program meet them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from catalog.reading import COLUMNS
from spiders.commands import commands
from spiders.fetching import browser as browsing
from spiders.source import Source
from tests.spiders.shop import shop, table
from tests.spiders.site import Answer, Site, page, serving

PAGES = Path(__file__).parent.parent / "pages"
DOCS = PAGES / "anthropic" / "2026-08-08-docs.md"
CHALLENGE = "<!doctype html><title>Just a moment...</title><body></body></html>"


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a store and an archive of this test's own."""
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", f"sqlite:///{tmp_path / 'tokentape.db'}")
    monkeypatch.setenv("TOKENTAPE_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("TOKENTAPE_CONTACT", "mailto:prices@example.org")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.says("/pricing", page(table()))
        yield site


@pytest.fixture
def only_shop(site: Site, monkeypatch: pytest.MonkeyPatch, sqlite_store: Engine) -> Source:
    """Let the shop be the only source there is; its store is migrated."""
    del sqlite_store
    source = shop(site.url("/pricing"))

    def find(name: str) -> Source:
        return {"shop": source}[name]

    monkeypatch.setattr("spiders.crawling.source_named", find)
    monkeypatch.setattr("spiders.backfill.source_named", find)
    monkeypatch.setattr("spiders.loading.sources", lambda: {"shop": source})
    # Last, so that the modules above are imported with the real ones.
    monkeypatch.setattr("spiders.source.source_named", find)
    monkeypatch.setattr("spiders.source.source_names", lambda: ["shop"])
    monkeypatch.setattr("spiders.source.sources", lambda: {"shop": source})
    return source


def call(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_parse_prints_the_prices_in_the_pages_order_with_every_column() -> None:
    result = call("parse", "anthropic", str(DOCS), "--url", "found on a disk")
    assert result.exit_code == 0
    first = lines(result.stdout)[0]
    assert tuple(first) == COLUMNS
    assert (first["model"], first["meter"], first["amount"]) == (
        "Claude Fable 5",
        "input_tokens",
        "10",
    )
    assert first["context_over"] == 0
    assert (first["valid_from"], first["list_amount"]) == ("", "")


def test_parse_says_why_a_page_was_not_read_and_exits_3(tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_text(CHALLENGE)
    result = call("parse", "anthropic", str(saved))
    assert result.exit_code == 3
    assert result.stdout == ""
    refusal = lines(result.stderr)[-1]
    assert refusal["outcome"] == "blocked"
    assert list(refusal) == ["outcome", "detail"]


def test_parse_prints_scores_or_facts_when_asked() -> None:
    scores = call("parse", "anthropic", str(DOCS), "--scores")
    assert (scores.exit_code, scores.stdout) == (0, "")
    facts = call("parse", "anthropic", str(DOCS), "--facts")
    assert facts.exit_code == 0
    assert all(set(fact) >= {"model", "name", "value"} for fact in lines(facts.stdout))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("parse", "nobody", str(DOCS)), "no source is named 'nobody'"),
        (("parse", "../anthropic", str(DOCS)), "no source is named"),
        (("parse", "anthropic", "no-such-file.html"), "does not exist"),
        (("parse", "anthropic", str(DOCS), "--fetched-at", "yesterday"), "is no date"),
        (("parse", "anthropic", str(DOCS), "--facts", "--scores"), "choose one of"),
        (("backfill", "no-such-manifest.tsv"), "cannot be read"),
    ],
)
def test_a_bad_argument_exits_2_and_says_what_is_wrong(words: tuple[str, ...], why: str) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.replace("│", " ").split())


def test_parse_needs_no_database_and_only_its_own_source(tmp_path: Path) -> None:
    program = (
        "import sys; from spiders.commands import commands\n"
        f"commands(['parse', 'anthropic', {str(DOCS)!r}], standalone_mode=False)\n"
        "print(*[name for name in sys.modules if name.startswith('spiders.sources.')"
        " or name in {'sqlalchemy', 'playwright', 'fastapi'}], file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.split() == ["spiders.sources.anthropic"]


@pytest.mark.usefixtures("only_shop")
def test_crawl_prints_a_json_object_a_document_into_a_pipe() -> None:
    result = call("crawl")
    assert result.exit_code == 0
    [printed] = lines(result.stdout)
    assert list(printed) == ["source", "document", "url", "outcome", "points", "changes", "detail"]
    assert (printed["source"], printed["outcome"], printed["points"]) == ("shop", "ok", 2)


@pytest.mark.usefixtures("only_shop")
def test_crawl_of_an_unknown_source_names_those_there_are() -> None:
    result = call("crawl", "nobody")
    assert result.exit_code == 2
    assert "no source is named 'nobody'; there are: shop" in result.stderr.replace("│", " ")


@pytest.mark.usefixtures("only_shop")
def test_crawl_exits_3_when_nothing_could_be_read(site: Site) -> None:
    site.says("/pricing", Answer(status=404))
    result = call("crawl", "shop")
    assert result.exit_code == 3
    assert lines(result.stdout)[0]["outcome"] == "gone"


@pytest.mark.parametrize("words", [("crawl",), ("backfill", "MANIFEST.tsv")])
def test_a_store_that_is_not_migrated_is_refused_with_the_next_step(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("MANIFEST.tsv").write_text("file\tsource\turl\tcaptured_at\n")
    result = call(*words)
    assert result.exit_code == 1
    assert result.stderr == "The store is not migrated; run `tokentape migrate` first.\n"


@pytest.mark.usefixtures("only_shop")
def test_what_record_fetches_backfill_takes(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    [recorded] = lines(call("record", "shop", "--into", str(folder)).stdout)
    assert (folder / str(recorded["file"])).read_text() == table()
    assert recorded["url"] == site.url("/pricing")
    result = call("backfill", str(folder / "MANIFEST.tsv"))
    assert result.exit_code == 0
    [taken] = lines(result.stdout)
    assert list(taken) == ["file", "outcome", "points", "changes", "detail"]
    assert (taken["file"], taken["outcome"], taken["points"]) == (recorded["file"], "ok", 2)


@pytest.mark.usefixtures("only_shop")
def test_record_says_what_could_not_be_fetched(site: Site, tmp_path: Path) -> None:
    site.says("/pricing", Answer(status=403))
    [recorded] = lines(call("record", "shop", "--into", str(tmp_path / "captures")).stdout)
    assert recorded["file"] == ""
    assert "403 Forbidden" in str(recorded["detail"])
    assert not (tmp_path / "captures").exists()


@pytest.mark.parametrize(
    ("root", "first"), [(True, "apt-get"), (False, sys.executable)], ids=["root", "user"]
)
def test_install_browser_takes_debians_package_where_it_may(
    *, root: bool, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert browsing.install_commands(root=root)[0][0] == first


def test_install_browser_runs_nothing_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "installed_browser", lambda: "/usr/bin/chromium")
    result = call("install-browser")
    assert result.stdout == "There is one already: /usr/bin/chromium\n"


def test_install_browser_says_what_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "installed_browser", lambda: None)
    monkeypatch.setattr(browsing, "install_commands", lambda **_: [[sys.executable, "--version"]])
    result = call("install-browser")
    assert result.exit_code == 0
    assert result.stdout == f"{sys.executable} --version\n"


def test_install_browser_that_fails_says_what_goes_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "installed_browser", lambda: None)
    failing = [[sys.executable, "-c", "raise SystemExit(1)"]]
    monkeypatch.setattr(browsing, "install_commands", lambda **_: failing)
    result = call("install-browser")
    assert result.exit_code == 1
    assert "Only the sources that need a browser go without" in result.stderr


@pytest.mark.parametrize("command", ["parse", "crawl", "backfill", "record", "install-browser"])
def test_each_command_explains_itself(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.split()) > 15


def test_the_commands_can_be_mounted() -> None:
    app = typer.Typer()
    app.add_typer(commands)
    assert CliRunner().invoke(app, ["parse", "--help"]).exit_code == 0
