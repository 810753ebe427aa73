"""LMArena: the ratings of its text arena, from its page's data (HTML) or a collector's CSV."""

from spiders import embedded, kit


def leaderboard(page: kit.Page) -> kit.Json:
    """Find the one leaderboard that the page streams."""
    rows = list(embedded.streamed(page.text).values())
    found = list(kit.objects(rows, "arenaSlug", "params", "entries"))
    if len(found) != 1:
        raise kit.changed(f"the page streams {len(found)} leaderboards; 1 was expected")
    return found[0]


def arena(record: kit.Record) -> str:
    """Name the ratings as the page does: the arena, the category, and how they are worked out."""
    controlled = record.text("^params.styleControl") == "yes"
    name = f"lmarena {record.text('^arenaSlug')} {record.text('^params.category')}"
    return f"{name}, style control" if controlled else name


RATINGS = kit.PriceList(
    records="entries[]",
    model="modelDisplayName",
    data=leaderboard,
    scores={"rating": arena},
    facts={"modelOrganization": "maker", "license": "licence"},
)
RANKED = kit.ScoreTable(
    model="model",
    scores={"arena_score": "lmarena text"},
    facts={
        "organization": kit.Says("maker"),
        "license": kit.Says("licence"),
        "knowledge_cutoff": kit.Says("knowledge_cutoff", lambda said: str(said).replace("/", "-")),
    },
    ignored={
        **kit.ignore("follows from a score", "rank", "rank_stylectrl"),
        "95_pct_ci": "the interval around the score",
        "votes": "how many comparisons the score is made from",
        "url": "an address",
    },
)
IS_STREAMED = kit.html_with(r'\\"modelDisplayName\\"', r'\\"ratingUpper\\"')
IS_CSV = kit.has_text(r"\Arank,rank_stylectrl,model,arena_score,")


class Lmarena(kit.Benchmark):
    """Ratings by people's votes between two answers; models by the names shown there."""

    document = kit.Document(
        "text",
        "https://lmarena.ai/leaderboard/text",
        (kit.Form("streamed", IS_STREAMED, (RATINGS,)), kit.Form("csv", IS_CSV, (RANKED,))),
        minimum_models=3,
        minimum_points=3,
    )
