"""Collectors' envelopes around a captured answer, opened here and nowhere else."""

from collections.abc import Mapping

from spiders.exact_json import Json

_STAMPS = ("fetchedAt", "fetched_at", "collected_at")
"""What a collector adds and no price API of a provider has."""
_CONTENTS = ("body", "data", "models")


def opened(answer: Json) -> Json:
    """Give what the site answered: the body, or the list under the key that the site uses."""
    if not isinstance(answer, Mapping) or not any(stamp in answer for stamp in _STAMPS):
        return answer
    found = next((name for name in _CONTENTS if name in answer), None)
    if found is None:
        return answer
    return answer["body"] if found == "body" else {"data": answer[found]}
