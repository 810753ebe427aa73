"""What a month of use would cost: on every model, and routed over several.

Pure: it takes a workload, the prices that hold and the models as they are listed.
"""

from catalog.estimating.bills import Adjustment, Bill, Item
from catalog.estimating.estimate import Estimate, Reckoner, Sellers, Told, estimates
from catalog.estimating.routing import Plan, Route, Routed, plan
from catalog.estimating.tariff import Tariff, tariff
from catalog.estimating.workload import Workload, WorkloadError

__all__ = [
    "Adjustment",
    "Bill",
    "Estimate",
    "Item",
    "Plan",
    "Reckoner",
    "Route",
    "Routed",
    "Sellers",
    "Tariff",
    "Told",
    "Workload",
    "WorkloadError",
    "estimates",
    "plan",
    "tariff",
]
