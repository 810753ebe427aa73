"""Our own small linters: each says its rule, what it guards against, and its escape."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.reading import COLUMNS

HOUSE = Path(__file__).parent.parent
FOLDERS = ("api", "catalog", "cron", "migrations", "spiders")
MONEY_FOLDERS = ("catalog", "spiders")
VAGUE_NAMES = {"utils", "helpers", "common", "services", "manager", "core", "models"}


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def floats(tree: ast.Module) -> Iterator[ast.expr]:
    """Find float literals, and the name float other than as what an isinstance check refuses."""
    checks = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
        for part in ast.walk(node.args[1])
    }
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        named = isinstance(node, ast.Name) and node.id == "float" and id(node) not in checks
        if (literal or named) and isinstance(node, ast.expr):
            yield node


@pytest.mark.parametrize(
    "module", modules(*MONEY_FOLDERS), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_money_is_never_a_float(module: Path) -> None:
    """No float where prices are read and kept: 0.1 + 0.2 has cost people money.

    Escape: none for amounts; seconds and ratios are Decimal, Fraction, timedelta or int, too.
    """
    found = [f"{module}:{node.lineno}" for node in floats(ast.parse(module.read_text()))]
    assert not found, f"use Decimal, int or timedelta instead of float at {found}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A newcomer guesses a module's content from its name; utils.py holds anything.

    Escape: name it after the concept it holds.
    """
    vague = [path for path in modules(*FOLDERS) if path.stem in VAGUE_NAMES]
    assert not vague, f"name {vague} after what they hold"


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts)


def table_classes() -> set[tuple[str, str]]:
    """Find the table classes: the module each is declared in, and its name."""
    return {
        (dotted(path), node.name)
        for path in modules("catalog")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and any(word.arg == "table" for word in node.keywords)
    }


def calls(tree: ast.Module, module: str, tables: set[tuple[str, str]]) -> Iterator[ast.Call]:
    """Find calls of table classes that a module declares or imports."""
    names = {name for home, name in tables if home == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {
                one.asname or one.name for one in node.names if (node.module, one.name) in tables
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def test_rows_are_inserted_and_no_table_class_is_built() -> None:
    """A SQLModel class with a table validates nothing: Revision(amount="banana") is taken as it is.

    Escape: validate with a model that has no table, and give its values to insert().
    """
    tables = table_classes()
    found = [
        f"{path}:{call.lineno}"
        for path in modules(*FOLDERS)
        for call in calls(ast.parse(path.read_text()), dotted(path), tables)
    ]
    assert len(tables) >= 15
    assert not found, f"use insert() instead of building a table's class at {found}"


def test_a_price_point_keeps_its_columns_in_their_order() -> None:
    """Expected files, the bundle and other people's scripts read these columns by this order."""
    assert COLUMNS[:13] == (
        *("model", "tier", "region", "context_over", "variant", "window", "meter"),
        *("unit", "currency", "amount", "valid_from", "valid_to", "evidence"),
    )
