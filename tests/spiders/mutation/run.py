"""A run of the mutator: which pages are changed how, and what came of them all."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.spiders.mutation.judge import Came, Judge, Verdict
from tests.spiders.mutation.kinds import KINDS, MutationKind
from tests.spiders.mutation.made import Made
from tests.spiders.mutation.sheets import Sheet, Specimen


@dataclass(frozen=True)
class Judged:
    """One mutated page and its verdict."""

    kind: MutationKind
    page: str
    what: str
    verdict: Verdict

    @property
    def is_needless(self) -> bool:
        """Tell whether a page that should be read was not."""
        return self.kind.readable and self.verdict.came in (Came.REFUSED, Came.HELD)


def mutants(specimen: Specimen, kinds: Sequence[MutationKind], seed: int) -> Iterator["_Mutant"]:
    """Change a page in each way that it offers a place for."""
    for kind in kinds:
        for mutation in kind.applies.get(specimen.kind, ()):
            random = Random(f"{seed} {specimen.name} {kind.name}")  # noqa: S311 a repeatable choice, no secret
            if made := mutation(Sheet.of(specimen), random):
                yield _Mutant(kind, made)
                break


@dataclass(frozen=True)
class _Mutant:
    kind: MutationKind
    made: Made


def judged(
    pages: Iterable[Specimen], seed: int, kinds: Sequence[MutationKind] = KINDS
) -> Iterator[Judged]:
    """Judge every mutation of some pages."""
    with tempfile.TemporaryDirectory(prefix="tokentape-mutations-") as folder:
        judge = Judge(Path(folder))
        for page in pages:
            for mutant in mutants(page, kinds, seed):
                verdict = judge.verdict(page, mutant.made)
                yield Judged(mutant.kind, page.name, mutant.made.what, verdict)


def counted(every: Iterable[Judged]) -> dict[str, Counter[str]]:
    """Count what came of each kind: refused, held, read; of those, needlessly; and wrong."""
    counts: dict[str, Counter[str]] = {kind.name: Counter() for kind in KINDS}
    for one in every:
        counts[one.kind.name] += Counter(
            {
                "pages": 1,
                one.verdict.came.value: 1,
                "needless": one.is_needless,
                "wrong": len(one.verdict.wrong),
            }
        )
    return counts
