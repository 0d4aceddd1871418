# One door a task. `make` alone lists them. Everything made here stays in .venv and .work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := pip --quiet --disable-pip-version-check --cache-dir $(CURDIR)/.work/pip
AXE_VERSION := 4.14.1
AXE := .work/axe/package/axe.min.js
NGINX := .work/nginx/usr/sbin/nginx
RUN_STATE ?= .work/run
ATHERIS := .work/fuzz/atheris
SECONDS ?= 180
SEED ?= $(shell date +%s)
# As Debian sorts versions: a release comes after its candidates.
VERSION := $(shell sed -nE 's/^__version__ = "(.*)"/\1/;T;s/(a|b|rc|\.dev)([0-9])/~\1\2/;p' src/scan/__init__.py)
DEB := .work/deb/scan_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null).deb
PACKAGED := pyproject.toml README.md CHANGELOG.md LICENSE \
	$(sort $(shell find src packaging docs -type f ! -path '*/__pycache__/*'))
EXAMPLE = XDG_STATE_HOME=$(RUN_STATE) $(BIN)/scan --config examples/jobs/scan.yaml

# What was compiled once is kept, else every process of the tests would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help:  ## list the tasks
	@grep -hE '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.ready: pyproject.toml requirements-dev.txt
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m $(PIP) install --require-hashes --requirement requirements-dev.txt
	@$(BIN)/python -m $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.ready  ## make the development environment in .venv

lock:  ## renew the versions, with their hashes, that `make setup` installs
	@$(PYTHON) -m venv .work/lock && .work/lock/bin/python -m $(PIP) install 'uv>=0.9'
	@.work/lock/bin/uv pip compile --quiet --no-config --no-header --universal --python-version 3.11 --upgrade \
		--generate-hashes --extra postgresql --extra sheets --group dev --output-file requirements-dev.txt pyproject.toml

audit:  ## ask the advisory database whether any of them has a known vulnerability; needs the internet
	@$(PYTHON) -m venv .work/audit && .work/audit/bin/python -m $(PIP) install 'pip-audit>=2.9'
	@.work/audit/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.txt

run: setup  ## scan the shipped example, then show how it went and what matched
	@$(EXAMPLE) --log-format text run --all
	@echo
	@$(EXAMPLE) status
	@echo
	@$(EXAMPLE) matches

$(AXE):
	@mkdir -p .work/axe
	@cd .work/axe && tar -xzf "$$(npm pack --silent axe-core@$(AXE_VERSION))" package/axe.min.js && touch package/axe.min.js

axe: $(AXE)  ## fetch the accessibility checks that tests of pages run

tools:  ## install what the tests run that is no Python package; only root can, anybody else is told
	@.ci/tools </dev/null

test: tools setup axe  ## run every test
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

unit: setup  ## run the tests that need neither processes nor servers: seconds
	@$(MAKE) --no-print-directory --jobs 2 --output-sync .unit-a-r .unit-s-z

# Two halves side by side: pytest-xdist would collect all twice, and carry each result from process to process.
UNIT := $(BIN)/python -m pytest -q -m 'not cli and not integration and not system and not recorded and not long'
.unit-a-r:
	@$(UNIT) tests/[a-r]*/
.unit-s-z:
	@$(UNIT) tests/[s-z]*/ tests/test_*.py

faults: setup  ## kill runs at every point and see that nothing is lost; writes docs/reliability.md
	@$(BIN)/python -m tests.faults

$(ATHERIS): $(VENV)/.ready
	@$(BIN)/python -m $(PIP) install --target $@ 'atheris>=3'
	@touch $@

fuzz: setup $(ATHERIS)  ## feed what reads foreign texts with millions of broken ones; writes docs/reliability.md
	@PYTHONPATH=$(ATHERIS) $(BIN)/python -m fuzz --seconds $(SECONDS) $(SURFACES)

soak: setup  ## two weeks in a world that misbehaves, held against its ledger; writes docs/reliability.md; SEED=
	@$(BIN)/python -m tests.soak --seed $(SEED)

online: setup  ## ask the true services, once in a while: does every adapter still fit its own
	@$(BIN)/python -m pytest -m online tests/online

lint: setup  ## check style, types and who imports whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# Unpacked, not installed: it serves the benchmark, and nobody on port 80.
$(NGINX):
	@mkdir -p .work/nginx && cd .work/nginx && apt-get -qq download nginx 2>/dev/null && dpkg-deb --extract nginx_*.deb . || true

bench: setup $(NGINX)  ## what scan costs beside floors and peers; writes docs/performance.md, in half an hour or more
	@$(BIN)/python -m bench --publish

bench-quick: setup $(NGINX)  ## some of it in two minutes, held against what was recorded
	@$(BIN)/python -m bench --quick

docs: setup  ## write the generated pages of docs/ anew
	@SCAN_REWRITE=1 $(BIN)/python -m pytest -q -p no:randomly tests/channels/test_manual.py tests/cli/test_manual.py \
		tests/reports/test_manual.py tests/probe/test_recorded.py tests/test_dependencies.py
	@$(BIN)/python -m tests.sources.test_manual
	@$(BIN)/python -c "from scan.config.manual import reference; print(reference(), end='')" > docs/config.md

prepared: setup  ## compile the store's statements anew into src/scan/store/prepared.py
	@$(BIN)/python -m tests.store.prepared

wheel: setup  ## build the wheel, install it into an environment of its own and run the example with it
	@rm -rf .work/wheel && mkdir -p .work/wheel
	@$(BIN)/python -m $(PIP) wheel --no-deps --wheel-dir .work/wheel .
	@$(PYTHON) -m venv .work/wheel/venv
	@.work/wheel/venv/bin/python -m $(PIP) install .work/wheel/scan-*.whl
	@XDG_STATE_HOME=.work/wheel/state .work/wheel/venv/bin/scan --config examples/jobs/scan.yaml --log-format text run

install:  ## put scan on this machine: PREFIX=/usr/local, DESTDIR, SYSCONFDIR, PYTHON
	@PYTHON='$(PYTHON)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' SYSCONFDIR='$(SYSCONFDIR)' packaging/machine install

uninstall:  ## take away what that put there; config and state stay
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' SYSCONFDIR='$(SYSCONFDIR)' packaging/machine uninstall

deb: $(DEB)  ## build the Debian package for this machine's architecture
	@echo $(DEB)

$(DEB): $(PACKAGED) .work/packaged
	@rm -rf .work/deb && mkdir -p .work/deb
	@PIP_CACHE_DIR=$(CURDIR)/.work/pip packaging/debian/build $(CURDIR)/$@

# A file that is gone makes nothing newer: the list does.
.work/packaged: FORCE
	@mkdir -p .work && printf '%s\n' $(PACKAGED) | cmp --quiet - $@ 2>/dev/null || printf '%s\n' $(PACKAGED) > $@

FORCE:

clean:  ## remove everything that was made here
	@rm -rf $(VENV) .work dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: .unit-a-r .unit-s-z help setup tools lock audit run axe test online unit faults soak fuzz lint bench bench-quick docs prepared wheel install uninstall deb clean
