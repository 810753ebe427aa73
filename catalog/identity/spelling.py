"""How names are spelled: what is folded together before a name is looked up, and what is not."""

import re
import unicodedata

from catalog.reading import fold

_DASHES = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
_POINT = re.compile(r"(?<=\d)[-p](?=\d)")
_GLUE = re.compile(r"(?<=[a-z])[-.](?=\d)")


def slug(printed: str) -> str:
    """Fold case, and spaces, underscores and dashes to one dash; everything else tells apart."""
    if not printed.isascii():
        printed = unicodedata.normalize("NFKC", fold(printed))
    return _DASHES.sub("-", printed.casefold()).strip("-")


def underscored(printed: str) -> str:
    """Give the slug with the last underscore kept: Epoch writes a reasoning effort behind it."""
    name, _, last = printed.rpartition("_")
    return f"{slug(name)}_{slug(last)}"


def pointed(name: str) -> str:
    """Write a dash or a p between digits as the point that it stands for: ``llama-3-1-8b``."""
    return _POINT.sub(".", name)


def skeleton(name: str) -> str:
    """Give what spellings of one slug share: ``llama-3-1-8b``, ``llama3.1-8b``, ``llama-v3p1``.

    A dash or a p between digits is a point, and a dash before a digit is none. Two models with
    one skeleton are refused when the tables are read, so this merges none that are declared.
    """
    return _GLUE.sub("", pointed(name))
