"""LMArena: the ratings of its text arena, from its page's data (HTML) or a collector's CSV."""

from datetime import timedelta

from catalog.vocabulary import SourceKind
from spiders.embedded import streamed
from spiders.exact_json import Json, objects
from spiders.page import Kind, Page, changed
from spiders.price_list import PriceList, Record, Says
from spiders.score_table import ScoreTable
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind


def leaderboard(page: Page) -> Json:
    """Find the one leaderboard that the page streams."""
    rows = list(streamed(page.text).values())
    found = list(objects(rows, "arenaSlug", "params", "entries"))
    if len(found) != 1:
        raise changed(f"the page streams {len(found)} leaderboards; 1 was expected")
    return found[0]


def arena(record: Record) -> str:
    """Name the ratings as the page does: the arena, the category, and how they are worked out."""
    parts = [record.text("^arenaSlug"), record.text("^params.category")]
    controlled = record.text("^params.styleControl") == "yes"
    return f"lmarena {' '.join(parts)}{', style control' if controlled else ''}"


RATINGS = PriceList(
    records="entries[]",
    model="modelDisplayName",
    data=leaderboard,
    prices={},
    scores={"rating": arena},
    facts={"modelOrganization": "maker", "license": "licence"},
)
RANKED = ScoreTable(
    model="model",
    scores={"arena_score": "lmarena text"},
    facts={
        "organization": Says("maker"),
        "license": Says("licence"),
        "knowledge_cutoff": Says("knowledge_cutoff", lambda said: str(said).replace("/", "-")),
    },
    ignored={
        "rank": "follows from the score",
        "rank_stylectrl": "follows from another score, which is not there",
        "95_pct_ci": "the interval around the score",
        "votes": "how many comparisons the score is made from",
        "url": "an address",
    },
)


class Lmarena(PriceSource):
    """Ratings by people's votes between two answers; models by the names shown there."""

    name = "lmarena"
    kind = SourceKind.BENCHMARK
    cadence = timedelta(days=1)
    documents = (
        Document(
            "text",
            "https://lmarena.ai/leaderboard/text",
            forms=(
                Form(
                    "streamed",
                    recognise=all_of(
                        is_kind(Kind.HTML),
                        has_text(r'\\"modelDisplayName\\"', r'\\"ratingUpper\\"'),
                    ),
                    tables=(RATINGS,),
                ),
                Form(
                    "csv",
                    recognise=has_text(r"\Arank,rank_stylectrl,model,arena_score,"),
                    tables=(RANKED,),
                ),
            ),
            minimum_models=3,
            minimum_points=3,
        ),
    )
