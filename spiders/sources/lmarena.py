"""LMArena: the ratings of its text arena, from its page's data (HTML) or a collector's CSV."""

from spiders import kit


def arena(record: kit.Record) -> str:
    """Name the ratings as the page does: the arena, the category, and how they are worked out."""
    controlled = record.text("^params.styleControl") == "yes"
    name = f"lmarena {record.text('^arenaSlug')} {record.text('^params.category')}"
    return f"{name}, style control" if controlled else name


RATINGS = kit.PriceList(
    records="entries[]",
    model="modelDisplayName",
    data=kit.streamed_object("leaderboard", "arenaSlug", "params", "entries"),
    scores={"rating": arena},
    facts=kit.facts("modelOrganization", "license"),
)
RANKED = kit.ScoreTable(
    model="model",
    scores={"arena_score": "lmarena text"},
    facts=kit.facts("organization", "license")
    | {"knowledge_cutoff": kit.Says("knowledge_cutoff", lambda said: str(said).replace("/", "-"))},
    ignored=kit.ignore("follows from the scores", "rank", "rank_stylectrl", "95_pct_ci")
    | {"votes": "how many comparisons the score is made from", "url": "an address"},
)
IS_STREAMED = kit.html_with(r'\\"modelDisplayName\\"', r'\\"ratingUpper\\"')
STREAMED = kit.Form("streamed", IS_STREAMED, (RATINGS,))
FILE = kit.Form("csv", kit.has_text(r"\Arank,rank_stylectrl,model,arena_score,"), (RANKED,))
URL = "https://lmarena.ai/leaderboard/text"


class Lmarena(kit.Benchmark):
    """Ratings by people's votes between two answers; models by the names shown there."""

    document = kit.Document("text", URL, (STREAMED, FILE), minimum_models=3, minimum_points=3)
