"""Where other lists state another price than the maker does, and the likely reason.

Pure, but for ``earlier``: it takes the prices that hold and what was official before.
"""

from catalog.discrepancies.board import Discrepancy, Known, board
from catalog.discrepancies.delisted import delisted
from catalog.discrepancies.earlier import Earlier, earlier
from catalog.discrepancies.report import Report, report
from catalog.discrepancies.rules import RULES, UNEXPLAINED, Rule

__all__ = [
    "RULES",
    "UNEXPLAINED",
    "Discrepancy",
    "Earlier",
    "Known",
    "Report",
    "Rule",
    "board",
    "delisted",
    "earlier",
    "report",
]
