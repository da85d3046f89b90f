# What people type; `make` alone lists it. Needs Python 3.11 or newer, make and git, nothing else.

PYTHON ?= python3
VENV ?= .venv
TRAINING ?= .venv-train
TORCH ?= torch==2.13.0
DEMO_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=

RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.usher-installed

.DEFAULT_GOAL := help
.PHONY: help install install-train demo test test-train check format bench docs lock wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s  %s\n", $$1, $$2 }' Makefile

install: $(INSTALLED) ## Install Usher and its tools into .venv, every package checked by its hash

# Repeated calls end here, unless a dependency changed.
$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Usher needs Python 3.11 or newer: make PYTHON=python3.12 install")'
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

install-train: $(TRAINING)/.usher-installed ## Install what training the classifier needs into .venv-train: torch and a gigabyte or more

# torch comes first and by version alone: which build is right (CPU, CUDA) depends on the machine. The rest is hashed.
$(TRAINING)/.usher-installed: requirements.lock requirements-train.lock pyproject.toml
	@test -x $(TRAINING)/bin/python || $(PYTHON) -m venv $(TRAINING)
	$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check "$(TORCH)"
	$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--requirement requirements.lock --requirement requirements-train.lock
	$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## Play a day of a project on a local GitHub: no account (DEMO_ARGS=--once to end after it)
	$(VENV)/bin/usher demo $(DEMO_ARGS)

test: install ## Run all tests (TEST_ARGS="tests/rules -x" for some of them)
	$(RUN) -m pytest $(TEST_ARGS)
	@if test -e $(TRAINING)/.usher-installed && test -z "$(TEST_ARGS)"; then $(MAKE) --no-print-directory test-train; fi

test-train: install-train ## Run the tests of training (make test does so where .venv-train is there)
	$(TRAINING)/bin/python -m pytest tests/training

check: install ## Check style, types, the direction of imports and the house rules
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy --strict
	$(VENV)/bin/lint-imports
	$(RUN) -m pytest --quiet tests/test_house_rules.py tests/test_house_source.py tests/test_house_manual.py

format: install ## Format the code, and mend what can be mended by itself
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

bench: install ## Measure, and print the numbers (BENCH_ARGS for its options)
	$(RUN) -m tests.benchmarks $(BENCH_ARGS)

docs: install ## Write the pages that come from the code: config, commands and contribution flow
	$(RUN) -m bot.config_docs > docs/config.md.new && mv docs/config.md.new docs/config.md
	$(RUN) -m bot.flow_docs > docs/contribution-flow.md.new && mv docs/contribution-flow.md.new docs/contribution-flow.md
	$(RUN) -m bot.cli.reference > docs/commands.md.new && mv docs/commands.md.new docs/commands.md

lock: install ## Pin every dependency anew, with hashes (LOCK_ARGS=--upgrade for newer versions)
	$(RUN) -m pip install --quiet --disable-pip-version-check uv
	$(RUN) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --extra dev --extra postgres \
		--output-file requirements.lock $(LOCK_ARGS) pyproject.toml
	$(RUN) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--no-emit-index-url --no-emit-find-links --no-header --extra train-tools --constraint requirements.lock \
		--output-file requirements-train.lock $(LOCK_ARGS) pyproject.toml

wheel: install ## Build a wheel into dist/
	$(RUN) -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Remove built packages and caches (the environment stays: delete .venv to start afresh)
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find bot model tests migrations -type d -name __pycache__ -prune -exec rm -rf {} +
