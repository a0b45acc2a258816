# Two commands set everything up: `make demo` and `make test`. They need python3 (3.11 or later, with venv), git and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYWB := .venv-pywb
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo test soak lint docs bench clean help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: $(READY) ## collect from a newsroom on this machine, then serve the archive (ONCE=1: stop before serving)
	$(BIN)/thinker --home "$${THINKER_HOME:-data}" demo $(if $(ONCE),--once)

test: $(READY) ## every test
	$(BIN)/python -m pytest -q $(ARGS)

soak: $(READY) ## the long trials in full size, again and again: ROUNDS=1
	set -e; for round in $$(seq $(or $(ROUNDS),1)); do THINKER_SOAK=1 $(BIN)/python -m pytest -q -m slow $(ARGS); done

lint: $(READY) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY) ## write anew what is generated: the commands in README.md, the schema in archive/README.md
	$(BIN)/python docs/generate.py

bench: $(READY) ## the benchmarks, one after another
	set -e; for file in bench/*.py; do $(BIN)/python "$$file"; done

clean: ## remove the environment and what the tools left behind; data/ stays
	rm -rf $(VENV) $(PYWB) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

# The lock's hashes are checked. uv is used when it is there (seconds instead of a minute), else pip.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.13 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	if uv --version >/dev/null 2>&1; then \
	  uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	touch $@

# pywb replays our WARC files in the tests: a program of its own, so an environment of its own.
$(PYWB)/.ready: tests/pywb/requirements.lock
	test -x $(PYWB)/bin/python || $(PYTHON) -m venv $(PYWB)
	if uv --version >/dev/null 2>&1; then \
	  uv pip sync --quiet --python $(PYWB)/bin/python --require-hashes tests/pywb/requirements.lock ; \
	else \
	  $(PYWB)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/pywb/requirements.lock ; \
	fi
	touch $@
