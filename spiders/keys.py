"""Keys that some sites' APIs ask for: taken from the environment at run time, kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.reading import NotRead
from catalog.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Key:
    """The request header a key is sent in, and the setting that holds it."""

    header: str
    setting: str

    def headers(self, keys: Mapping[str, str], asked: str) -> dict[str, str]:
        """Give the header with its key; raises NotRead where nobody has set it."""
        key = keys.get(self.setting, "")
        if not key:
            detail = f"{asked} answers only with a key; get one there, and set {self.setting}"
            raise NotRead(Outcome.BLOCKED, detail)
        return {self.header: key}
