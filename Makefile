# Everything one does with Outlay, in one place. `make` alone explains it.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test coverage mutate chaos truth hindsight bench check docs client api-diff changelog release fixture env lock clean

# The newest Python that is here; PYTHON=… names another.
ifndef PYTHON
PYTHON := $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
ifeq ($(PYTHON),)
$(error Outlay needs Python 3.11 or newer, and found none on PATH)
endif

VENV := .venv/bin
SETUP := $(PYTHON) -m deploy.local.setup

help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Settings:     PORT=8000  HOST=127.0.0.1  OUTLAY_HOME=.outlay  (docs/operations.md has them all)"

setup: ## Fetch and build all that `run` needs; the other targets do it by themselves
	@$(SETUP) run

run: setup ## Start Outlay at http://localhost:8000
	@exec $(VENV)/python -m deploy.local

demo: setup ## The same, with a sample account of two years
	@exec $(VENV)/python -m deploy.local.demo

test: ## Run every test, on real databases, a real Redis and a real browser (TESTS=tests/chassis for some, JOBS=1 one by one)
	@$(SETUP) test
	@$(VENV)/pytest --numprocesses=$(or $(JOBS),auto) --maxprocesses=4 --dist=loadfile $(TESTS)
	@$(if $(TESTS),,$(SETUP) web test)

coverage: ## Run the Python tests, and print which share of each package they run (TESTS=tests/chassis for some)
	@$(SETUP) test
	@$(VENV)/python -m tests.coverage $(TESTS)

mutate: ## Change a module in small ways, and print what no test notices (MODULE=contracts/money.py MINUTES=10 SEED=1 TESTS=…)
	@$(SETUP) test
	@$(VENV)/python -m tests.mutation --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1) \
		$(or $(MODULE),contracts/money.py) $(TESTS)

chaos: ## Kill, wipe and cut everything while clients write and read (MINUTES=12 DATABASE=both SEED=…)
	@$(SETUP) test
	@MINUTES=$(or $(MINUTES),12) DATABASE=$(or $(DATABASE),both) SEED=$(SEED) $(VENV)/python -m tests.chaos

truth: ## Print how many facts worth knowing are found in made-up ledgers, and how many are told wrongly
	@$(SETUP) check
	@$(VENV)/python -m bench.truth

hindsight: ## Print what insights told of ledgers made elsewhere, and what became of it (LEDGERS="a.csv" EXAMPLES="1 2")
	@$(SETUP) check
	@$(VENV)/python -m bench.hindsight $(LEDGERS) $(if $(EXAMPLES),--examples $(EXAMPLES))

bench: ## Measure each figure beside its goal, into docs/performance.md (BENCH="gateway list" for some)
	@$(SETUP) test
	@$(VENV)/python -m bench $(BENCH)

check: ## Lint, types, import laws, house rules, and the web app's own checks
	@$(SETUP) check
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check --quiet
	@$(VENV)/mypy
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/pytest --quiet --no-header tests/house
	@$(VENV)/zensical build --clean --strict
	@$(SETUP) web lint
	@$(SETUP) web typecheck

docs: ## Build the documentation as a site, in .outlay/site/
	@$(SETUP) check
	@$(VENV)/zensical build --clean --strict

client: ## Write the API's descriptions anew (OpenAPI, AsyncAPI), and the web app's client and currencies
	@$(SETUP) check
	@$(VENV)/python -m deploy.openapi
	@$(VENV)/python -m deploy.asyncapi
	@$(VENV)/python -m deploy.web_currencies
	@$(SETUP) web client

api-diff: ## Print what the API gained and lost (SINCE=v0.1.0), and fail if it lost anything
	@$(SETUP) check
	@$(VENV)/python -m deploy.api_diff $(SINCE)

changelog: ## Show what changelog.d/ adds to CHANGELOG.md
	@$(SETUP) check
	@$(VENV)/towncrier build --draft --version next

release: ## Make the commit and the tag of a release (VERSION=0.2.0)
	@$(SETUP) check
	@$(VENV)/python -m deploy.release $(VERSION)

fixture: ## Record a database dump of this version, for the upgrade tests of later ones (COMMIT=… for an earlier version)
	@$(SETUP) test
	@$(VENV)/python -m tests.versions.record $(COMMIT)

env: ## Write .env for docker compose, with secrets made for this machine
	@$(PYTHON) -m deploy.env

lock: ## Write the lock files anew from the pyprojects (UPGRADE=1 takes newer versions)
	@$(PYTHON) -m deploy.locks $(if $(UPGRADE),--upgrade)

clean: ## Remove what was fetched and built; your data in OUTLAY_HOME stays
	@$(PYTHON) -m deploy.local.clean
