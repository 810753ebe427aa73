"""The demonstration shows what it promises, over real HTTP."""

from io import StringIO

from rich.console import Console

from cron.demo.tour import show

CHANGED = ["price.changed", "openai/gpt-5.6-terra", "input_tokens", "2.5", "2"]


def test_the_demonstration_walks_the_whole_way() -> None:
    said = StringIO()
    show(Console(file=said, width=120))
    text = said.getvalue()
    assert "anthropic: ok, 37 prices" in text
    assert any(line.split()[:5] == CHANGED for line in text.splitlines())
    assert "large_factor: openai/gpt-5.6-luna" in text
    assert "Short context input: $2.00" in text
