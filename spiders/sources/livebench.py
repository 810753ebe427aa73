"""LiveBench: each model's result in each task (CSV), and the categories of the tasks (JSON)."""

from datetime import date

from catalog.reading import Fact
from spiders import kit

RELEASE = "2026_01_08"
TABLE_URL = f"https://livebench.ai/table_{RELEASE}.csv"
TASKS_URL = f"https://livebench.ai/categories_{RELEASE}.json"
TASK = "livebench {}"
RESULTS = kit.ScoreTable(
    model="model",
    further=TASK,
    short="in January 2026 a model had 20 results in 23 columns, in the wrong ones",
)


def categories(page: kit.Page, _: date | None) -> kit.Found:
    """Read the category of each task, as a fact about the task."""
    said = [(str(task), at.around.key) for task, at in kit.values(page.data, "*[]") if at.around]
    return kit.Found(
        facts=tuple(
            Fact(model=TASK.format(task), name="category", value=group, evidence=f"{group}: {task}")
            for task, group in said
        )
    )


TABLE = kit.Form("table", kit.has_text(r"\Amodel,\w+,\w+,[^\n]*\n"), (RESULTS,))
CATEGORIES = kit.Form("categories", kit.json_with("Reasoning"), read=categories)


class Livebench(kit.Benchmark):
    """A table of models by tasks, in percent; a later release has addresses of its own."""

    documents = (
        kit.Document("table", TABLE_URL, (TABLE,), minimum_models=3, minimum_points=30),
        kit.Document("categories", TASKS_URL, (CATEGORIES,), minimum_models=0, minimum_points=0),
    )
