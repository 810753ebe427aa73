"""Epoch AI: the Epoch Capabilities Index, one number for what a model can do (CSV)."""

from spiders import kit

URL = "https://epoch.ai/data/eci_scores.csv"
INDEX = "epoch-capabilities-index"
RELEASED = kit.Says("released_on", kit.iso_day)
OPEN = kit.one_of(
    {"Open weights.*": "yes", r"API access|Hosted access \(no API\)|Unreleased": "no"},
    "{} is no known accessibility of a model; say what it means",
)
ACCESS = ("accessibility", kit.Says("open_weights", OPEN))
COUNTRY = "Country (of organization)"
SCORES = kit.ScoreTable(
    model="Model",
    scores={"eci": INDEX},
    facts={"date": RELEASED, "Organization": "maker", "Model accessibility": ACCESS},
    ignored=kit.ignore("says how sure the score is", "eci_ci_low", "eci_ci_high")
    | kit.ignore("says again what the row does", "Display name", "Accessibility group")
    | kit.ignore("of the maker, or of the score's versions", COUNTRY, "model_versions"),
    optional=(COUNTRY, "Model accessibility", "Accessibility group", "model_versions"),
)
VERSIONS = kit.ScoreTable(
    model="Model version",
    scores={"ECI Score": INDEX},
    facts={"Release date": RELEASED, "Organization": "maker", "Model accessibility": ACCESS},
    ignored=kit.ignore("of the maker, not of the model", "Country")
    | kit.ignore("how it was trained", "Training compute (FLOP)", "Confidence")
    | kit.ignore("its family, another name, prose", "Model name", "Display name", "Description"),
)
ROWS = kit.Form("scores", kit.has_text(r"\AModel,Display name,eci,"), (SCORES,))
ALL = kit.Form("versions", kit.has_text(r"\AModel version,ECI Score,"), (VERSIONS,))


class Epoch(kit.Benchmark):
    """One file in the two layouts it has: all versions of all models, or one row a model."""

    document = kit.Document(
        "capabilities-index", URL, (ROWS, ALL), minimum_models=50, minimum_points=50
    )
