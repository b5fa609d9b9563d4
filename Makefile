# The doors of the checkout: `make demo` and `make test`. `make` alone lists the others.
# A machine needs Python 3.11-3.13 and make, nothing else; where uv is on the path it installs, being quicker.
# All of it goes into .venv, which is made anew from the lock whenever the lock is newer. No other venv is touched.

export PREFECT_SERVER_ANALYTICS_ENABLED = false
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
unexport PYTHONDONTWRITEBYTECODE # else each process compiles Prefect anew, for some six seconds
.PHONY: help demo test install install-dev serve lint bench soak lock clean

RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

demo: $(RUNTIME) ## a whole evaluation year of one province, rehearsed with no service needed
	@.venv/bin/tcpl demo

test: $(DEV) ## all tests, on SQLite and on PostgreSQL
	@.venv/bin/pytest

install: $(RUNTIME) ## .venv with what the application needs; .venv/bin/tcpl runs it

install-dev: $(DEV) ## the same and the tools of development

serve: $(RUNTIME) ## Prefect's server, the schedules and the dashboard, until Ctrl-C
	@.venv/bin/tcpl serve

lint: $(DEV) ## format, style, types, YAML, imports, container files: all of them, even after a fault
	@faults=; for check in 'ruff format --check' 'ruff check' pyright 'yamllint --strict .' 'lint-imports --no-logo' \
	  'hadolint deployments/Dockerfile' \
	  'check-jsonschema --builtin-schema vendor.compose-spec deployments/compose.yaml'; do \
	  echo "== $$check"; .venv/bin/$$check || faults="$$faults [$$check]"; \
	done; if [ -n "$$faults" ]; then echo "make lint: faults in$$faults"; exit 1; fi

bench: $(DEV) ## benchmarks; `make bench BENCH=watch N=1000` runs one
	@.venv/bin/python tests/benchmarks/run.py

soak: $(DEV) ## acts under kills and lost devices; `make soak SOAK=delivery KILLS=100 SEED=7` runs one
	@.venv/bin/python tests/soak/run.py

lock: ## renew both locks after a change in pyproject.toml (needs uv); `make lock UPGRADE=1` lifts versions
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --group build --group dev pyproject.toml -o requirements-dev.txt
	@cp requirements-dev.txt requirements.txt # uv keeps the versions it finds there: the two locks agree
	@$(COMPILE) --group build pyproject.toml -o requirements.txt

clean: ## remove .venv and caches; .tcpl/, where the work is kept, stays
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command 'make lock'

$(RUNTIME): requirements.txt pyproject.toml
$(DEV): requirements-dev.txt pyproject.toml # holds all of requirements.txt, in the same versions
$(RUNTIME) $(DEV):
	@$(install)

# Installs the first prerequisite. One make at a time: the shell keeps file 9 open, and with it the lock, until it ends;
# a make that waited finds the work done. (.venv/.lock is the name of a lock that uv takes.)
# For tests uv compiles everything at once, as pip does: else each of their processes compiles the same.
# The lock names every package, so nothing is resolved: older pips stumble over a pinned package wanted with an extra.
define install
set -e; \
python=$$(for p in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done || :); \
if [ -z "$$python" ]; then \
  echo "No Python 3.11, 3.12 or 3.13 on the path. Install one, or say where it is: make install PYTHON=/path/to/python3" >&2; \
  exit 1; fi; \
mkdir -p .venv; exec 9>.venv/.make-lock; "$$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'; \
if [ $@ -nt $< ] && [ $@ -nt pyproject.toml ]; then exit 0; fi; \
echo "Installing $< into .venv ..." >&2; \
if command -v uv >/dev/null; then \
  [ -x .venv/bin/python ] || uv venv --quiet --allow-existing --python "$$python" .venv; \
  pip="uv pip install --quiet --python .venv/bin/python"; compiled=--compile-bytecode; \
else \
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv .venv; \
  pip=".venv/bin/python -m pip install --quiet --disable-pip-version-check"; compiled=; \
fi; \
$$pip --require-hashes --no-deps -r $< $(if $(filter $(DEV),$@),$$compiled); \
$$pip --no-build-isolation --no-deps -e .; \
touch $(RUNTIME) $@
endef
