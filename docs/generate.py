"""Writes the reference tables under docs/reference/ from the code; --check says whether they are.

Run as ``python docs/generate.py`` from the checkout.
"""

import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from command_pages import commands_page
from cost_pages import cost_page
from delivery_pages import delivery_page
from discrepancy_pages import discrepancies_page
from estimate_pages import estimates_page
from export_pages import exports_page
from http_pages import http_page
from identity_pages import identity_page
from list_pages import lists_page
from ranking_pages import ranking_page
from source_pages import sources_page, worded
from tables import page, section, table

from catalog import vocabulary
from catalog.reading import PricePoint
from catalog.review import guards
from catalog.settings import SETTINGS
from catalog.vocabulary import Word
from cron.schedule import JOBS

REFERENCE = Path(__file__).parent / "reference"


def vocabulary_page() -> str:
    """Every closed list and what its members mean."""
    lists = [kind for kind in vars(vocabulary).values() if _is_list_of_words(kind)]
    return page("Words", *(section(k.__name__, k.__doc__ or "", _words(k)) for k in lists))


def _is_list_of_words(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Word) and kind is not Word


def _words(kind: type[Word]) -> str:
    return table(("value", "means"), ((f"`{word.value}`", word.meaning) for word in kind))


def columns_page() -> str:
    """The columns of a price point, in their order."""
    rows = ((f"`{name}`", column.description) for name, column in PricePoint.model_fields.items())
    return page("Columns of a price", table(("column", "holds"), rows))


def settings_page() -> str:
    """Every setting: the variable of the environment, its default, what it means."""
    rows = ((f"`{s.name}`", f"`{s.default}`" if s.default else "", s.meaning) for s in SETTINGS)
    return page("Settings", SETTINGS_ABOUT, table(("variable", "default", "means"), rows))


SETTINGS_ABOUT = "Settings are variables of the environment; one that is empty counts as not set."


def guards_page() -> str:
    """Every guard: what it holds, why, and what lifts it."""
    rows = ((f"`{g.name}`", g.holds, g.scope.meaning, g.lifted_by) for g in guards.GUARDS)
    return page(
        "Guards",
        GUARDS_ABOUT,
        table(("guard", "holds where a visit says", "holds", "lifted by"), rows),
        section("Thresholds", table(("threshold", "is"), _thresholds())),
    )


GUARDS_ABOUT = (
    "What a crawl observes and a guard holds is stored and not published until it is lifted; "
    "the last good price goes on holding. `tokentape review` lists what waits. A backfill is only "
    "annotated."
)


def _thresholds() -> Iterator[tuple[str, str]]:
    for name, value in vars(guards).items():
        numbers = value if isinstance(value, tuple) else (value,)
        if name.isupper() and all(isinstance(number, int | Decimal) for number in numbers):
            yield name.replace("_", " ").lower(), ", ".join(f"{number:,}" for number in numbers)


def jobs_page() -> str:
    """What runs when."""
    rows = ((f"`{job.name}`", worded(job.every), job.does) for job in JOBS)
    return page("Jobs", JOBS_ABOUT, table(("job", "every", "does"), rows))


JOBS_ABOUT = (
    "What `tokentape work`, and so `tokentape up`, does again and again. Beside these, where "
    "TOKENTAPE_SECRET_KEY is set, it follows the log all the time and sends subscribers their "
    "messages."
)

PAGES: dict[str, Callable[[], str]] = {
    "columns.md": columns_page,
    "commands.md": commands_page,
    "costs.md": cost_page,
    "discrepancies.md": discrepancies_page,
    "estimates.md": estimates_page,
    "guards.md": guards_page,
    "http.md": http_page,
    "identity.md": identity_page,
    "jobs.md": jobs_page,
    "lists.md": lists_page,
    "ranking.md": ranking_page,
    "settings.md": settings_page,
    "sources.md": sources_page,
    "subscriptions.md": delivery_page,
    "words.md": vocabulary_page,
}
OF_HISTORY: dict[str, Callable[[], str]] = {"exports.md": exports_page}
"""Pages that count the bundled history, which takes seconds to load: a test, which has it loaded
anyway, says whether they are what it holds."""


def main(*, check: bool) -> int:
    """Write every page, or say which are not what the code says."""
    pages = PAGES if check else PAGES | OF_HISTORY
    stale = [name for name, page in pages.items() if _stale(name, page() + "\n", write=not check)]
    if check and stale:
        print(f"docs/reference/ is behind the code: {', '.join(stale)}; run: make docs")
        return 1
    return 0


def _stale(name: str, text: str, *, write: bool) -> bool:
    path = REFERENCE / name
    if path.exists() and path.read_text("utf-8") == text:
        return False
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
