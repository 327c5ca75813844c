# Liên Thư. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
PYTEST_FLAGS ?= -n 2 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help install demo test test-elasticsearch check lint types benchmarks clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Liên Thư needs Python 3.11 to 3.13; say which with: make PYTHON=python3.12 ...")'
	@echo "Installing Liên Thư into $(VENV) (about a minute)..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed pyproject.toml
	@echo "Installing the test tools..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

install: $(VENV)/installed ## Install the program into .venv

demo: $(VENV)/installed ## Harvest three sample libraries, index them, serve the search page (PORT=8080)
	@exec $(BIN)/lienthu demo --port $(PORT)

test: $(VENV)/installed-dev ## Install what the tests need, check style and types, run every test
	@sh tests/install_parts.sh
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

test-elasticsearch: $(VENV)/installed-dev ## The engine's contract, parity and a cluster on a real Elasticsearch
	@sh tests/install_parts.sh
	LIENTHU_REQUIRE_ALL=1 $(BIN)/python -m pytest $(PYTEST_FLAGS) -m elasticsearch

check: lint types ## Style and types

lint: $(VENV)/installed-dev ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev ## Types
	$(BIN)/mypy

benchmarks: $(VENV)/installed-dev ## Run the benchmarks; each prints ratios against a named baseline
	@for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

clean: ## Remove what was installed and built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
