"""LiveBench: each model's result in each task (CSV), and the categories of the tasks (JSON)."""

from collections.abc import Mapping
from datetime import date

from catalog.reading import Fact
from spiders import kit

RELEASE = "2026_01_08"
TASK = "livebench {}"
RESULTS = kit.ScoreTable(
    model="model",
    further=TASK,
    short="in January 2026 a model had 20 results in 23 columns, in the wrong ones",
)


def categories(page: kit.Page, _: date | None) -> kit.Found:
    """Read the category of each task, as a fact about the task."""
    groups = page.data if isinstance(page.data, Mapping) else {}
    if not groups or not all(isinstance(tasks, list) for tasks in groups.values()):
        raise kit.changed("an object of categories with their tasks is expected, and this is none")
    return kit.Found(
        facts=tuple(
            Fact(model=TASK.format(t), name="category", value=group, evidence=f"{group}: {t}")
            for group, tasks in groups.items()
            for t in (tasks if isinstance(tasks, list) else ())
        )
    )


class Livebench(kit.Benchmark):
    """A table of models by tasks, in percent; a later release has addresses of its own."""

    documents = (
        kit.Document(
            "table",
            f"https://livebench.ai/table_{RELEASE}.csv",
            (kit.Form("table", kit.has_text(r"\Amodel,\w+,\w+,[^\n]*\n"), (RESULTS,)),),
            minimum_models=3,
            minimum_points=30,
        ),
        kit.Document(
            "categories",
            f"https://livebench.ai/categories_{RELEASE}.json",
            (kit.Form("categories", kit.json_with("Reasoning"), read=categories),),
            minimum_models=0,
            minimum_points=0,
        ),
    )
