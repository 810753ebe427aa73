"""AI21: the cards of its pricing page (HTML), in USD."""

from spiders import kit


class Ai21(kit.Official):
    """Jamba models, sold by their maker."""

    cadence = kit.TWICE_A_DAY
    document = kit.Document(
        "pricing",
        "https://www.ai21.com/pricing/",
        forms=(
            kit.Form(
                "cards",
                recognise=kit.all_of(
                    kit.has_heading("Foundation Models"), kit.has_text(r'class="card__footer"')
                ),
                part="#foundation-models",
                tables=(
                    kit.Sentence(
                        r"^(?P<price>\S+ / \S+ (?:input|output) tokens)$",
                        kit.Terms(),
                        section="Foundation Models",
                        titled=True,
                        expect=kit.ONE_OR_MORE,
                    ),
                ),
            ),
        ),
        minimum_points=2,
    )
