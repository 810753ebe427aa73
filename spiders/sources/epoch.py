"""Epoch AI: the Epoch Capabilities Index, one number for what a model can do (CSV)."""

from spiders import kit

INDEX = "epoch-capabilities-index"
RELEASED, MAKER = kit.Says("released_on", kit.iso_day), kit.Says("maker")


def open_weights(accessibility: kit.Json) -> str:
    """Say whether a model's weights can be had; an unknown word is refused."""
    word = str(accessibility)
    if word.startswith("Open weights"):
        return "yes"
    if word in ("API access", "Hosted access (no API)", "Unreleased"):
        return "no"
    raise kit.changed(f"{word!r} is no known accessibility of a model; say what it means")


ACCESS = (kit.Says("accessibility"), kit.Says("open_weights", open_weights))
COUNTRY = "Country (of organization)"
SCORES = kit.ScoreTable(
    model="Model",
    scores={"eci": INDEX},
    facts={"date": RELEASED, "Organization": MAKER, "Model accessibility": ACCESS},
    ignored={
        **kit.ignore("the interval around the score", "eci_ci_low", "eci_ci_high"),
        **kit.ignore("another name of the same row", "Display name"),
        **kit.ignore("of the maker, not of the model", COUNTRY),
        **kit.ignore("sums up the model's accessibility", "Accessibility group"),
        **kit.ignore("the versions that the score is made from", "model_versions"),
    },
    optional=frozenset({COUNTRY, "Model accessibility", "Accessibility group", "model_versions"}),
)
VERSIONS = kit.ScoreTable(
    model="Model version",
    scores={"ECI Score": INDEX},
    facts={"Release date": RELEASED, "Organization": MAKER, "Model accessibility": ACCESS},
    ignored={
        **kit.ignore("of the maker, not of the model", "Country"),
        **kit.ignore(
            "what it was trained with, and how sure that is",
            "Training compute (FLOP)",
            "Confidence",
        ),
        **kit.ignore("the family of the version, or its other name", "Model name", "Display name"),
        **kit.ignore("prose", "Description"),
    },
)


class Epoch(kit.Benchmark):
    """One file in the two layouts it has: all versions of all models, or one row a model."""

    document = kit.Document(
        "capabilities-index",
        "https://epoch.ai/data/eci_scores.csv",
        (
            kit.Form("scores", kit.has_text(r"\AModel,Display name,eci,"), (SCORES,)),
            kit.Form("versions", kit.has_text(r"\AModel version,ECI Score,"), (VERSIONS,)),
        ),
        minimum_models=50,
        minimum_points=50,
    )
