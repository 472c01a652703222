# The project's commands. `make demo` and `make test` need python3 (3.11 or newer), make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.dev-installed
RUN_STAMP := $(VENV)/.run-installed
JOBS ?= 3

.PHONY: demo test check bench long pictures lock clean help

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(RUN_STAMP) ## pack sample orders, in the terminal or by itself
	@$(BIN)/station demo

test: $(STAMP) ## run the tests
	$(BIN)/pytest -q -n $(JOBS) --dist loadfile

check: $(STAMP) ## lint, format, types, import contracts, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell station labels tests docs README.md Makefile pyproject.toml

bench: $(STAMP) ## print speeds as ratios to a floor measured in the same run
	$(BIN)/python tests/benchmarks

long: $(STAMP) ## the long property and fault suites
	STATION_HYPOTHESIS=long STATION_LONG=1 $(BIN)/pytest -q -n $(JOBS) --dist loadfile

pictures: $(STAMP) ## draw the pictures of the documentation from real screens and papers
	$(BIN)/python tests/pictures.py docs/images

lock: $(STAMP) ## pin the dependencies anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group build -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group dev -o requirements-dev.txt

clean: ## remove what was built
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "station needs Python 3.11 or newer; this is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "python3 has no venv module: install it (Debian: apt install python3-venv)"; exit 1; }

$(RUN_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMP): requirements-dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)
