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
    parts = [record.text("^arenaSlug"), record.text("^params.category")]
    controlled = record.text("^params.styleControl") == "yes"
    return f"lmarena {' '.join(parts)}{', style control' if controlled else ''}"


RATINGS = kit.PriceList(
    records="entries[]",
    model="modelDisplayName",
    data=leaderboard,
    prices={},
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
        "rank": "follows from the score",
        "rank_stylectrl": "follows from another score, which is not there",
        "95_pct_ci": "the interval around the score",
        "votes": "how many comparisons the score is made from",
        "url": "an address",
    },
)


class Lmarena(kit.Benchmark):
    """Ratings by people's votes between two answers; models by the names shown there."""

    document = kit.Document(
        "text",
        "https://lmarena.ai/leaderboard/text",
        forms=(
            kit.Form(
                "streamed",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.HTML),
                    kit.has_text(r'\\"modelDisplayName\\"', r'\\"ratingUpper\\"'),
                ),
                tables=(RATINGS,),
            ),
            kit.Form(
                "csv",
                recognise=kit.has_text(r"\Arank,rank_stylectrl,model,arena_score,"),
                tables=(RANKED,),
            ),
        ),
        minimum_models=3,
        minimum_points=3,
    )
