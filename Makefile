# The commands of this project. Each sets up what it needs; nothing has to be installed by hand.
VENV    := .venv
PYTHON  := $(VENV)/bin/python
RUN     := $(VENV)/.run-installed
DEV     := $(VENV)/.dev-installed
PACKAGES := gateway channels normalizer store deploy tests

# Many commands and tests start processes of their own: compiled once, each of them starts in a third of the time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test lint serve eval bench chaos fuzz audit lock clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(RUN) ## the whole gateway with simulated providers and a sandbox page
	@.ci/system-packages fonts
	@$(PYTHON) -m gateway demo

serve: $(RUN) ## the gateway itself; settings come from TOUSU_* variables
	@$(PYTHON) -m gateway serve

test: $(DEV) ## every test, against real servers where the system has or gets them
	@.ci/system-packages
	$(PYTHON) -m pytest -n 2 --dist loadgroup -q

lint: $(DEV) ## formatting, style, types and import rules
	$(VENV)/bin/ruff format --check $(PACKAGES)
	$(VENV)/bin/ruff check $(PACKAGES)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

eval: $(DEV) ## how often the normalizer is right, on the tests' own cases
	@$(PYTHON) -m tests.eval

bench: $(DEV) ## speed, as ratios within one run
	@$(PYTHON) -m tests.bench

chaos: $(DEV) ## kill gateways while people complain on every channel, and count what is there
	@$(PYTHON) -m tests.chaos --kills 15 --seed 7 --newcomers 1
	@$(PYTHON) -m tests.chaos --kills 15 --seed 11 --newcomers 1 --database postgres --processes 3

fuzz: $(DEV) ## fire at every parser, a minute each
	@$(PYTHON) -m tests.fuzz

audit: $(DEV) ## locks, licences, known vulnerabilities; writes the bill of materials
	@.ci/audit

lock: $(DEV) ## pin all dependencies anew from pyproject.toml
	$(VENV)/bin/pip install -q uv
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header pyproject.toml -o deploy/lock/run.txt
	$(VENV)/bin/uv pip compile -q --universal --generate-hashes --no-annotate --no-header --extra dev pyproject.toml -o deploy/lock/dev.txt

clean: ## remove what the commands above made, the demo's data included
	rm -rf $(VENV) var/demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(PYTHON):
	@.ci/make-venv $(VENV)

# The lock names every package; without --no-deps rapidocr would bring a second cv2 that needs a graphical system.
$(RUN): deploy/lock/run.txt | $(PYTHON)
	@echo "Installing what the gateway needs (about a minute) …"
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r deploy/lock/run.txt
	@touch $@

$(DEV): deploy/lock/dev.txt | $(PYTHON)
	@echo "Installing what the tests need (about a minute) …"
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps -r deploy/lock/dev.txt
	@touch $@ $(RUN)
