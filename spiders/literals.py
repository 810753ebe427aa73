"""JavaScript literals, as pages embed them in markup: read exactly, or refused by name.

Understood: objects with bare or quoted keys, arrays, strings, templates without substitutions,
decimal numbers, ``true false null undefined``, trailing commas, comments, fragments of text
(``<>{"$"}0.30</>``), and calls of the functions that the caller names. Nothing is executed.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NoReturn, TypeAlias

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.exact_json import Json

Call: TypeAlias = Callable[..., Json]
"""What a function of the page makes of its arguments."""

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_KEY = re.compile(r"[A-Za-z_$][\w$]*|\d+(?![\w.])")
_PLAIN = {
    '"': re.compile(r'[^"\\\n]+'),
    "'": re.compile(r"[^'\\\n]+"),
    "`": re.compile(r"(?:[^`\\$]|\$(?!\{))+"),
}
_TEXT = re.compile(r"[^<{]+")
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^ux1-9]))"
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS: Mapping[str, Json] = {"true": True, "false": False, "null": None, "undefined": None}
_CONTEXT = 40


def parse_literal(text: str, calls: Mapping[str, Call] | None = None) -> Json:
    """Read a text that is one literal and nothing else."""
    reader = LiteralReader(text, calls=calls or {})
    value = reader.value()
    reader.skip_blank()
    if reader.at != len(text):
        reader.refuse("something follows the literal")
    return value


class LiteralReader:
    """Reads literals from a place in a text; ``at`` moves behind what was read."""

    def __init__(self, text: str, at: int = 0, *, calls: Mapping[str, Call]) -> None:
        """Start at a place; ``calls`` are the functions that may be called there."""
        self.text = text
        self.at = at
        self.calls = calls

    def value(self) -> Json:
        """Read the next literal."""
        self.skip_blank()
        start = self.text[self.at : self.at + 1]
        if start in _PLAIN:
            return self._string()
        if start == "[":
            return self._items("[", "]")
        if start == "{":
            return self._object()
        if self.text.startswith("<>", self.at):
            return self._fragment()
        return self._number_or_word()

    def skip_blank(self) -> None:
        """Move over white space and comments."""
        self.at = self._match(_BLANK).end()

    def take(self, token: str) -> bool:
        """Move over a token, if it comes next."""
        self.skip_blank()
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def expect(self, token: str) -> None:
        """Move over a token that must come next."""
        if not self.take(token):
            self.refuse(f"{token!r} is expected")

    def refuse(self, what: str) -> NoReturn:
        """Refuse the page, quoting the place."""
        near = self.text[max(0, self.at - _CONTEXT) : self.at + _CONTEXT]
        raise NotRead(
            Outcome.PAGE_CHANGED,
            f"a literal in the page is not understood: {what}, near {near!r};"
            " teach spiders/literals.py this form if it is one",
        )

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if found is None:
            self.refuse("unknown text")
        return found

    def _string(self) -> str:
        quote = self.text[self.at]
        self.at += 1
        parts = []
        while not self.text.startswith(quote, self.at):
            parts.append(self._string_part(quote))
        self.at += 1
        return self._joined_pairs("".join(parts))

    def _joined_pairs(self, text: str) -> str:
        """Make one character of each pair of escapes that stands for it."""
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.refuse("a string holds half a character")

    def _string_part(self, quote: str) -> str:
        if self.text.startswith("\\", self.at):
            return self._escape()
        plain = self._match(_PLAIN[quote])
        self.at = plain.end()
        return plain[0]

    def _escape(self) -> str:
        escape = self._match(_ESCAPE)
        self.at = escape.end()
        code = escape[1] or escape[2] or escape[3]
        return chr(int(code, 16)) if code else _ESCAPED.get(escape[4], escape[4])

    def _items(self, opening: str, closing: str) -> list[Json]:
        self.expect(opening)
        items: list[Json] = []
        while not self.take(closing):
            items.append(self.value())
            if not self.take(","):
                self.expect(closing)
                break
        return items

    def _object(self) -> dict[str, Json]:
        self.expect("{")
        fields: dict[str, Json] = {}
        while not self.take("}"):
            key = self._key()
            if key in fields:
                self.refuse(f"the field {key!r} comes twice")
            self.expect(":")
            fields[key] = self.value()
            if not self.take(","):
                self.expect("}")
                break
        return fields

    def _key(self) -> str:
        self.skip_blank()
        if self.text[self.at : self.at + 1] in {'"', "'"}:
            return self._string()
        key = self._match(_KEY)
        self.at = key.end()
        return key[0]

    def _number_or_word(self) -> Json:
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            return Decimal(number[0])
        name = self._match(_NAME)[0]
        if name not in _WORDS and name not in self.calls:
            self.refuse(f"{name!r} is neither a literal nor a known function")
        self.at += len(name)
        return _WORDS[name] if name in _WORDS else self.calls[name](*self._items("(", ")"))

    def _fragment(self) -> str:
        self.at += len("<>")
        parts = []
        while not self.text.startswith("</>", self.at):
            parts.append(self._fragment_part())
        self.at += len("</>")
        return "".join(parts)

    def _fragment_part(self) -> str:
        if self.text.startswith("{", self.at):
            self.at += 1
            value = self.value()
            self.expect("}")
            if not isinstance(value, str | Decimal):
                self.refuse("a fragment holds something other than text")
            return str(value)
        text = self._match(_TEXT)
        self.at = text.end()
        return text[0]
