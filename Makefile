# `make help` lists what there is. Nothing but Python 3.11+, pip, make and git is needed.

PYTHON ?= python3
PORT ?= 8000
UNTIL ?=
ROWS ?=
QUICK ?=
SEED ?=
RUNS ?=
PY := .venv/bin/python
# Compiled modules make the second start quick.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test coverage run lint format fix shell messages lock bench chaos rounds bench-judging clean

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.demo ## Start the portal with a demo year: PORT=8000 UNTIL=workshop|submission|screening|judging|presentation|winners
	@$(PY) -m kipp.demo --port $(PORT) $(if $(UNTIL),--until $(UNTIL))

test: .venv/.test ## All static checks and the whole suite, on throw-away servers and in a real Chromium
	@$(PY) scripts/check.py

coverage: .venv/.test ## The whole suite with its branch coverage, which must reach 95 %
	@$(PY) scripts/check.py --coverage

run: .venv/.test ## Django's development server on the demo's database and mail: PORT=8000
	@$(PY) -m kipp.demo --port $(PORT) --develop $(if $(UNTIL),--until $(UNTIL))

lint: .venv/.test ## The static checks alone
	@$(PY) scripts/check.py --static

format: .venv/.test ## Format Python and templates
	@.venv/bin/ruff format .
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

fix: .venv/.test ## Repair what the linter can repair, then format
	@.venv/bin/ruff check --fix .
	@$(MAKE) --no-print-directory format

shell: .venv/.demo ## A Python shell on the running demo
	@$(PY) -m kipp.demo.surroundings shell

messages: .venv/.test ## Collect new sentences into locale/
	@$(PY) scripts/messages.py collect

lock: .tools/uv/bin/uv ## Pin and hash all dependencies again
	@$(PYTHON) scripts/lock.py

bench: .venv/.test ## Measure the budgets beside a bare Django project: ROWS=3500 QUICK=1
	@$(PY) -m bench $(if $(QUICK),--quick) $(if $(ROWS),--rows $(ROWS))

chaos: .venv/.test ## Kill, freeze and starve the portal's processes by a schedule: SEED=7 RUNS=10 NODES=1
	@$(PY) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(RUNS),--runs $(RUNS)) $(if $(NODES),--nodes)

rounds: .venv/.test ## Close and publish again and again while eight judges save: ROUNDS=500
	@CLOSE_ROUNDS=$(or $(ROUNDS),500) $(PY) -m pytest -q tests/judging/test_close_under_load.py

bench-judging: .venv/.test ## How many of the truly best each way of judging finds, on synthetic editions
	@$(PY) -m bench.selection

clean: ## Remove the demo's data, caches and installed packages
	@$(PYTHON) scripts/clean.py

.venv/.%: requirements/%.txt scripts/install.py
	@$(PYTHON) scripts/install.py $*
	@touch $@

.tools/uv/bin/uv: requirements/uv.txt
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools/uv --upgrade --require-hashes -r requirements/uv.txt
