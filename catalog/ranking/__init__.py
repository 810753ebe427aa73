"""What a model is worth: its maker's reference price against dated benchmarks, in exact decimals.

Pure: it takes models, the prices that hold, the scores known and the exchange rates, and gives
standings that carry everything they were made from. ``quality`` of one model never depends on
another; stars and the Pareto frontier, by their nature, do.
"""

from catalog.ranking.exact import CURRENCY, RankingError
from catalog.ranking.quality import (
    BENCHMARKS,
    CODING_BENCHMARKS,
    QUALITY_FORMULA,
    Benchmark,
    Quality,
    Scored,
)
from catalog.ranking.reference import MODES, Quote, Reference, ReferenceAmount, reference_price
from catalog.ranking.standing import STARS, Basis, Standing, Subject, basis, rank, stand
from catalog.ranking.worth import (
    BLENDED_FORMULA,
    FORMULA,
    PRICE_FLOOR,
    Band,
    Mix,
    Question,
    band,
    blended,
    parse_mix,
)

__all__ = [
    "BENCHMARKS",
    "BLENDED_FORMULA",
    "CODING_BENCHMARKS",
    "CURRENCY",
    "FORMULA",
    "MODES",
    "PRICE_FLOOR",
    "QUALITY_FORMULA",
    "STARS",
    "Band",
    "Basis",
    "Benchmark",
    "Mix",
    "Quality",
    "Question",
    "Quote",
    "RankingError",
    "Reference",
    "ReferenceAmount",
    "Scored",
    "Standing",
    "Subject",
    "band",
    "basis",
    "blended",
    "parse_mix",
    "rank",
    "reference_price",
    "stand",
]
