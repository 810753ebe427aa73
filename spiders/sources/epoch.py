"""Epoch AI: the Epoch Capabilities Index, one number for what a model can do (CSV)."""

from spiders import kit

INDEX = "epoch-capabilities-index"
RELEASED = kit.Says("released_on", kit.iso_day)
MAKER = kit.Says("maker")


def open_weights(accessibility: kit.Json) -> str:
    """Say whether a model's weights can be had; an unknown word is refused."""
    word = str(accessibility)
    if word.startswith("Open weights"):
        return "yes"
    if word in ("API access", "Hosted access (no API)", "Unreleased"):
        return "no"
    raise kit.changed(f"{word!r} is no known accessibility of a model; say what it means")


ACCESS = (kit.Says("accessibility"), kit.Says("open_weights", open_weights))


class Epoch(kit.Benchmark):
    """One file in the two layouts it has: all versions of all models, or one row a model."""

    document = kit.Document(
        "capabilities-index",
        "https://epoch.ai/data/eci_scores.csv",
        forms=(
            kit.Form(
                "scores",
                recognise=kit.has_text(r"\AModel,Display name,eci,"),
                tables=[
                    kit.ScoreTable(
                        model="Model",
                        scores={"eci": INDEX},
                        facts={
                            "date": RELEASED,
                            "Organization": MAKER,
                            "Model accessibility": ACCESS,
                        },
                        ignored={
                            "Display name": "another name of the same row",
                            "eci_ci_low": "the interval around the score",
                            "eci_ci_high": "the interval around the score",
                            "Country (of organization)": "of the maker, not of the model",
                            "Accessibility group": "sums up the model's accessibility",
                            "model_versions": "the versions that the score is made from",
                        },
                        optional=frozenset(
                            {
                                "Country (of organization)",
                                "Model accessibility",
                                "Accessibility group",
                                "model_versions",
                            }
                        ),
                    )
                ],
            ),
            kit.Form(
                "versions",
                recognise=kit.has_text(r"\AModel version,ECI Score,"),
                tables=[
                    kit.ScoreTable(
                        model="Model version",
                        scores={"ECI Score": INDEX},
                        facts={
                            "Release date": RELEASED,
                            "Organization": MAKER,
                            "Model accessibility": ACCESS,
                        },
                        ignored={
                            "Country": "of the maker, not of the model",
                            "Training compute (FLOP)": "not used",
                            "Confidence": "in the training compute",
                            "Model name": "the family of the version",
                            "Description": "prose",
                            "Display name": "another name of the same row",
                        },
                    )
                ],
            ),
        ),
        minimum_models=50,
        minimum_points=50,
    )
