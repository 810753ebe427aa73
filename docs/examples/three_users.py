"""What three kinds of users come for, with plain HTTP and nothing but Python's own library.

tokentape up &
python docs/examples/three_users.py http://127.0.0.1:8000
"""

import json
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

# What was used in March, as the provider's API told it after each call.
MARCH = [
    ("claude-opus-4-6", {"input_tokens": 120_000, "output_tokens": 8_000}),
    ("claude-haiku-4-5", {"input_tokens": 900_000, "output_tokens": 30_000}),
]


def get(url, **query):
    """Ask for JSON."""
    with urlopen(f"{url}?{urlencode(query)}") as answer:
        return json.load(answer)


def post(url, **body):
    """Send JSON, and get JSON."""
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request) as answer:
        return json.load(answer)


def best_value(api, most):
    """Somebody who chooses: the model that gives most for its price, under a price per 1M."""
    listed = get(f"{api}/models", sort="value", max_price=most, limit=1)
    return listed["data"][0] if listed["data"] else None


def recompute(api, usages, at):
    """Somebody who pays: what a month's usage cost by the prices that held then."""
    return [post(f"{api}/cost", model=model, usage=usage, at=at) for model, usage in usages]


class PriceTable:
    """Somebody who builds: all prices, asked for often and sent only when one differs."""

    def __init__(self, url):
        self.url, self.etag, self.rows = url, None, []

    def refresh(self):
        """Ask whether anything is new; say whether it was."""
        held = {"If-None-Match": self.etag} if self.etag else {}
        try:
            with urlopen(Request(self.url, headers=held)) as answer:
                self.etag, self.rows = answer.headers["ETag"], list(map(json.loads, answer))
                return True
        except HTTPError as error:
            with error:
                if error.code != 304:
                    raise
                return False


def main(server):
    """Do all three, and print what came of it."""
    api = f"{server}/v1"
    best = best_value(api, "3")
    if best:
        print(f"best value under $3: {best['model']} at ${best['price']} per 1M tokens")
    for bill in recompute(api, MARCH, at="2026-03-15"):
        if bill["total"]:
            print(
                f"{bill['model']} in March: {bill['total']['amount']} {bill['total']['currency']}"
            )
        else:
            reasons = {line["reason"] for line in bill["lines"] if line["reason"]}
            print(f"{bill['model']} in March: not known: {'; '.join(sorted(reasons))}")
    table = PriceTable(f"{api}/prices?format=ndjson")
    print(f"prices: new {table.refresh()}, {len(table.rows)} rows; again: new {table.refresh()}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
