"""Groq: the list of models in its console's documentation (markdown), prices glued in one cell."""

from catalog.vocabulary import Meter, Unit
from spiders import kit

URL = "https://console.groq.com/docs/models.md"
LINKED = r"\|\s*\[[^|\n]*\]\([^)\s]*/docs/[^)\s]+\)[^|\s]+\s*\|"
GLUED = (
    r".*/(?P<linked>[^)/]+)(?P<more>[^)/]+)?/?\)(?P<badge>Enterprise|Preview|New|)"
    r"(?P<id>(?:[a-z0-9][a-z0-9._/-]*/)?(?P=linked)(?(more)|[a-z0-9._-]*))\s*\|"
)
"""A model's cell: its linked name, a badge, the API id. Link and id may each say more closely."""
NOT_ALIKE = "the link in {} does not name the same model as the id behind it"
API_ID = kit.named_as("(?P<model>[a-z0-9][a-z0-9._/-]*)", "{} is no API id; see how it is linked")
SOUND = {
    "per hour": kit.Terms(Meter.AUDIO, unit=Unit.HOUR),
    "per 1M characters": kit.Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
}
MODELS = kit.PriceTable(
    None,
    {
        "Model ID": kit.Model(read=API_ID, notes={"Enterprise|Preview|New": kit.Terms()}),
        "Price per {unit}": kit.Price(words=SOUND),
        r"Speed \(T/sec\)": kit.Ignored("how fast it answers"),
        "Rate limits.*|Max file size": kit.Ignored("how much may be asked, or uploaded"),
        r"Context window \(tokens\)": kit.States("context_tokens", kit.token_count),
        "Max completion tokens": kit.States("max_output_tokens", kit.token_count),
    },
    expect=kit.ONE_OR_MORE,
)
IS_LIST = kit.all_of(kit.markdown_with(), kit.has_column("Model ID", "Price per .+"))
SPLIT = kit.rewritten(LINKED, GLUED, r"| \g<id><br>\g<badge> |", NOT_ALIKE)
PAGE = kit.Form("models", IS_LIST, (MODELS,), prepare=SPLIT)


class Groq(kit.Official):
    """Open models on Groq's own chips; Enterprise ones have no public price."""

    document = kit.Document("models", URL, (PAGE,), minimum_models=3, minimum_points=4)
