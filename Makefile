# Two commands set everything up: `make demo` and `make test`. They need python3 (3.11 or later, with venv), git and make.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
READY := $(VENV)/.ready
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
PYWB := .venv-pywb
export UV_PYTHON_DOWNLOADS := never

.PHONY: demo cluster test test-all soak lint docs bench bench-quick locks clean help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

demo: $(RUNS) ## collect from made-up sites on this machine, then serve the archive (ONCE=1: stop before serving)
	@trap : INT; $(BIN)/thinker demo $(if $(ONCE),--once) || { code=$$?; test $$code = 7 || exit $$code; } # 7: Ctrl-C

cluster: $(READY) ## several workers on one archive of a made-up site, on this machine (ONCE=1: one crawl); needs redis-server
	@trap : INT; $(BIN)/python deploy/cluster.py $(if $(ONCE),--once)

test: $(READY) ## the quick tests of every layer: under 6 minutes on two cores
	$(PYTEST) -m "not slow" $(ARGS)

test-all: $(READY) ## what `make test` leaves out: long trials, most browser pages, real processes killed again and again
	$(PYTEST) -m slow $(ARGS)

soak: $(READY) ## the long trials in full size, again and again: ROUNDS=1
	set -e; for round in $$(seq $(or $(ROUNDS),1)); do \
		THINKER_SOAK=1 $(BIN)/python -m pytest -q -m "slow and soak" $(ARGS); done

# A file stays whole on one worker, for its tests share what they build; WORKERS=0 runs all in one process.
PYTEST = $(BIN)/python -m pytest -q -n $(or $(WORKERS),auto) --dist loadfile --no-loadscope-reorder

lint: $(READY) ## style and types, and the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

docs: $(READY) ## write anew what is generated: the commands in docs/commands.md, the schema in archive/README.md
	$(BIN)/python docs/generate.py

bench: $(READY) ## the benchmarks, one after another
	set -e; for file in bench/*.py; do PYTHONPATH=.:tests $(BIN)/python "$$file"; done

bench-quick: $(READY) ## the cost of a page in under three minutes: a crawl, 304s, an ingest, a parse
	$(BIN)/python bench/crawl.py --articles 1000 --runs 1
	$(BIN)/python bench/ingest.py --articles 1000 --runs 2
	$(BIN)/python bench/parse.py --every 20 --newsroom 60

clean: ## remove the environment and what the tools left behind; data/ stays
	rm -rf $(VENV) $(PYWB) build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

# Two locks, one environment: what runs, and all of that with what tests need. Nothing is taken away, so either may come
# first. Hashes are checked. uv is used when it is there, else pip; neither compiles what may never be imported.
$(RUNS): requirements.lock pyproject.toml
	$(call installed,$(VENV),requirements.lock)
	$(call ours,$(VENV))
	@touch $@

$(READY): requirements-dev.lock pyproject.toml
	$(call installed,$(VENV),requirements-dev.lock)
	$(call ours,$(VENV))
	@touch $(RUNS) $@

# pywb replays our WARC files in the tests: a program of its own, so an environment of its own.
$(PYWB)/.ready: tests/pywb/requirements.lock
	$(call installed,$(PYWB),tests/pywb/requirements.lock)
	@touch $@

define installed # an environment, its lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.13 …" >&2; exit 1; }
	@test -n "$(UV)" || $(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "installing $$(grep -c == $(2)) packages of $(2) into $(1) with $(or $(UV),pip): $(if $(UV),seconds,about a minute) …" >&2
	@$(if $(UV),test -x $(1)/bin/python,$(1)/bin/python -m pip --version >/dev/null 2>&1) || \
		$(PYTHON) -c '$(BY_VENV)' $(if $(UV),--without-pip) $(1)
	@$(if $(UV),$(BY_UV),$(BY_PIP)) --require-hashes -r $(2)
endef

define ours # an environment
	@PYTHONWARNINGS=ignore $(if $(UV),$(BY_UV),$(BY_PIP)) --no-deps --no-build-isolation --editable .
endef

# Ctrl-C ends it without a traceback; what it leaves half made is made anew.
BY_VENV = import runpy, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); runpy.run_module("venv", run_name="__main__")

BY_UV = uv pip install --quiet --python $(1)/bin/python
BY_PIP = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile

locks: ## write both locks anew after a change of pyproject.toml; needs uv (RENEW=--upgrade: with today's releases)
	$(LOCKED) --extra dev -o requirements-dev.lock
	cp requirements-dev.lock requirements.lock
	$(LOCKED) -o requirements.lock

LOCKED = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(RENEW) pyproject.toml
