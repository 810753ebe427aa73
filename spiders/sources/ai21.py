"""AI21: the cards of its pricing page (HTML), in USD."""

from datetime import timedelta

from catalog.vocabulary import SourceKind
from spiders.price_table import ONE_OR_MORE, Terms
from spiders.sentence import Sentence
from spiders.source import Document, Form, PriceSource, all_of, has_heading, has_text


class Ai21(PriceSource):
    """Jamba models, sold by their maker."""

    name = "ai21"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=12)
    documents = (
        Document(
            "pricing",
            "https://www.ai21.com/pricing/",
            forms=(
                Form(
                    "cards",
                    recognise=all_of(
                        has_heading("Foundation Models"), has_text(r'class="card__footer"')
                    ),
                    part="#foundation-models",
                    tables=(
                        Sentence(
                            r"^(?P<price>\S+ / \S+ (?:input|output) tokens)$",
                            Terms(),
                            section="Foundation Models",
                            titled=True,
                            expect=ONE_OR_MORE,
                        ),
                    ),
                ),
            ),
            minimum_points=2,
        ),
    )
