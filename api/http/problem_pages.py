"""The pages that the types of problems lead to."""

from html import escape

from api.http.problem_types import TYPES, ProblemType

_PAGE = (
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n{body}\n</html>\n'
)


def problem_page(one: ProblemType) -> str:
    """Explain one type."""
    title = f"{one.status} {one.status.phrase}"
    return _PAGE.format(
        title=escape(title),
        body=f"<h1>{escape(title)}</h1>\n<p>{_prose(one.meaning)}</p>\n<p>{_prose(one.remedy)}</p>",
    )


def problems_page() -> str:
    """List all types."""
    rows = "\n".join(
        f'<dt><a href="{one.uri}">{one.status} {escape(one.name)}</a></dt>'
        f"<dd>{_prose(one.meaning)} {_prose(one.remedy)}</dd>"
        for one in TYPES
    )
    return _PAGE.format(title="Problems", body=f"<h1>Problems</h1>\n<dl>\n{rows}\n</dl>")


def _prose(text: str) -> str:
    """Write a sentence with its code words marked."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))
