# Every target makes what it needs first, in .venv/ of this checkout.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := run
.PHONY: run test check spectral contract fuzz bench bench-history faults deliveries lock docs book clean

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

PORT ?= 8000
run: .venv/installed  ## migrate, load the bundled history, serve, crawl; PORT=n for another port
	$(BIN)/tokentape up --port $(PORT)

# Without a browser only its tests are skipped, and they say so.
.venv/browser: .venv/installed
	-$(BIN)/tokentape install-browser
	touch $@

test: .venv/installed .venv/browser  ## the whole suite, network off
	$(BIN)/python -m pytest

check: .venv/installed  ## linters, types, import contracts, generated docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/zizmor --quiet --offline --no-progress .github/workflows
	$(BIN)/python docs/generate.py --check
	$(BIN)/python docs/contract/contract.py --check
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory spectral; else \
	  echo "!!! NOT CHECKED: docs/contract/openapi.json by Spectral, for want of Node.js" >&2; fi

SPECTRAL := .venv/spectral
$(SPECTRAL)/installed: docs/contract/package-lock.json docs/contract/package.json
	mkdir -p $(SPECTRAL)
	cp $^ $(SPECTRAL)/
	cd $(SPECTRAL) && npm ci --silent --ignore-scripts --no-audit --no-fund
	touch $@

spectral: $(SPECTRAL)/installed  ## the API's description by OpenAPI's and OWASP's rules
	cp docs/contract/.spectral.yaml docs/contract/openapi.json $(SPECTRAL)/
	cd $(SPECTRAL) && npx --no-install spectral lint --fail-severity warn openapi.json

contract: .venv/installed  ## take what was added to the API into the committed contract
	$(BIN)/python docs/contract/contract.py --write

fuzz: .venv/installed  ## ask the API all that its description allows and much that it does not
	nice $(BIN)/python -m tests.api.fuzz

bench: .venv/installed  ## reading beside mere parsing; costs beside two calculators; streams; history; serving
	$(BIN)/python -m bench.reading
	$(BIN)/python -m bench.cost
	$(BIN)/python -m bench.streaming
	$(BIN)/python -m bench.history --revisions 50
	$(BIN)/python -m bench.serve

# Needs 25 GB; KEEP=folder keeps what is filled, and a run that broke off goes on from it.
HISTORY = $(BIN)/python -m bench.history $(if $(KEEP),--keep $(KEEP)) --json docs/evidence/history.json
bench-history: .venv/installed  ## ten million revisions on SQLite and two on PostgreSQL, as evidence
	$(HISTORY)
	$(HISTORY) --store postgresql --revisions 100

SEED ?= 1
# What a commit has been through is kept in var/faults: PART=writers runs a part, and a run that
# broke off goes on where it was.
faults: .venv/installed  ## break, kill, fill up and set back all there is; SEED=n chooses the chances
	$(BIN)/python -m pytest tests/faults --faults $(SEED) -n0 -s -v $(if $(PART),-k '$(PART)')

deliveries: .venv/installed  ## kill writers and couriers on both stores, attack both; SEED=n
	$(BIN)/python -m pytest tests/api/delivery/test_kills.py --kills $(SEED) -n0 -s -v $(if $(STORE),-k $(STORE))

docs: .venv/installed  ## write the generated reference tables anew
	$(BIN)/python docs/generate.py

book: .venv/installed  ## write the price book of the bundled history, for pricing without a store
	store=$$(mktemp -d) && export TOKENTAPE_DATABASE_URL=sqlite:///$$store/book.db && \
	$(BIN)/tokentape migrate && $(BIN)/tokentape load-history && \
	$(BIN)/tokentape price-book catalog/cost/book.tsv; rm -r $$store

# Needs uv. The lock names no package index: an installation takes its own.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv
