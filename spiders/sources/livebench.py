"""LiveBench: each model's result in each task (CSV), and the categories of the tasks (JSON)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from catalog.reading import Fact
from catalog.vocabulary import SourceKind
from spiders.page import Kind, Page, changed
from spiders.reader import Found
from spiders.score_table import ScoreTable
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

RELEASE = "2026_01_08"
TASK = "livebench {}"
RESULTS = ScoreTable(
    model="model",
    further=TASK,
    short="in January 2026 a model had 20 results in 23 columns, in the wrong ones",
)


def categories(page: Page, _: date | None) -> Found:
    """Read the category of each task, as a fact about the task."""
    groups = page.data if isinstance(page.data, Mapping) else {}
    if not groups or not all(isinstance(tasks, Sequence) for tasks in groups.values()):
        raise changed("an object of categories with their tasks is expected, and this is none")
    return Found(
        facts=tuple(
            Fact(
                model=TASK.format(task),
                name="category",
                value=category,
                evidence=f"{category}: {task}",
            )
            for category, tasks in groups.items()
            if isinstance(tasks, Sequence)
            for task in tasks
        )
    )


class Livebench(PriceSource):
    """A table of models by tasks, in percent; a later release has addresses of its own."""

    name = "livebench"
    kind = SourceKind.BENCHMARK
    cadence = timedelta(days=1)
    documents = (
        Document(
            "table",
            f"https://livebench.ai/table_{RELEASE}.csv",
            forms=(
                Form(
                    "table",
                    recognise=has_text(r"\Amodel,\w+,\w+,[^\n]*\n"),
                    tables=(RESULTS,),
                ),
            ),
            minimum_models=3,
            minimum_points=30,
        ),
        Document(
            "categories",
            f"https://livebench.ai/categories_{RELEASE}.json",
            forms=(
                Form(
                    "categories",
                    recognise=all_of(is_kind(Kind.JSON), has_text(r'"Reasoning":\s*\[\s*"')),
                    read=categories,
                ),
            ),
            minimum_models=0,
            minimum_points=0,
        ),
    )
