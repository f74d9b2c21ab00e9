# Every command a person types. `make help` lists them.
PYTHON ?= $(shell for p in .venv/bin/python3 python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
STAGES := $(PYTHON) tools/bootstrap.py
BIN := .venv/bin
export REFLEX_USE_NPM := 1
export REFLEX_DIR := $(CURDIR)/.venv/reflex
export NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED := true
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Python keeps what it compiled, whatever the shell says: the app starts in 4 s then, in 11 s without.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup environment build run dev test check format bench migration reset lock features

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: ## prepare the environment (.venv), nothing else
	@$(STAGES) setup

environment: ## prepare the environment with what tests and checks need
	@$(STAGES) setup-dev

build: ## compile and bundle the front end; quick when nothing changed
	@$(STAGES) setup build

run: ## set up, build, migrate, load the demo when the database is new, start server and worker
	@$(STAGES) setup build
	@exec $(BIN)/c360 up

dev: ## start with hot reload, for work on pages
	@$(STAGES) setup-dev
	@$(BIN)/c360 migrate
	@exec $(BIN)/reflex run

test: ## run every test but the benchmarks, on SQLite and PostgreSQL, in a browser too; ARGS= goes to pytest
	@$(STAGES) setup-dev build browser
	@result=0; \
	$(BIN)/python -m pytest -m "not bench and not e2e" -n 2 --dist load $(ARGS) || result=1; \
	$(BIN)/python -m pytest -m e2e -n 2 --dist loadfile $(ARGS) || result=1; \
	exit $$result

check: ## format, lint, types, contracts, migrations, spelling, docs
	@$(STAGES) setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell
	@$(BIN)/lint-imports
	@$(BIN)/pyright
	@$(BIN)/python tools/check_models.py
	@$(BIN)/python -m pytest -q tests/architecture

format: ## put the code in shape
	@$(STAGES) setup-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: ## measure the budgets and write docs/benchmarks.md; ARGS= goes to pytest
	@$(STAGES) setup-dev build browser
	@$(BIN)/python -m pytest -m bench --timeout 0 -s $(ARGS)

migration: ## write a migration from the models: make migration m="add contact nickname"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add contact nickname"'; exit 2; }
	@$(STAGES) setup-dev
	@$(BIN)/python -m alembic revision --autogenerate -m "$(m)"

reset: ## remove the local data, the front end and its caches (asks first)
	@printf 'This removes .c360 (all local data), .web and the stamps. Type yes: '; read answer; test "$$answer" = yes
	@rm -rf .c360 .web .states .stamps

lock: ## write the lock files anew from pyproject.toml
	@$(STAGES) setup-dev
	@uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	@uv pip compile -q pyproject.toml --group build --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements-dev.lock

features: ## print which features are done and which tests prove them
	@$(STAGES) setup-dev
	@$(BIN)/python tools/features.py
