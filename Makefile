# Works on a bare checkout with python3 (3.11 or newer, with venv) and make. `make help` lists the verbs.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PORT ?= 8000
SHELL = /bin/sh
export DJANGO_SETTINGS_MODULE ?= supportdesk.settings.dev

.PHONY: help setup demo test check bench crawl format messages lock css js clean

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.run: requirements.lock
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: locale
locale: $(VENV)/.run
	@$(BIN)/python manage.py compile_translations

setup: $(VENV)/.dev locale  ## everything that tests and checks need

demo: export DEBUG = 0
demo: export SITE_URL ?= http://127.0.0.1:$(PORT)
demo:  ## demo content in twelve languages on http://127.0.0.1:8000 (PORT=)
	@start=$$(date +%s); $(MAKE) --no-print-directory locale \
	&& $(BIN)/python manage.py collectstatic --noinput --verbosity 0 \
	&& $(BIN)/python manage.py set_up --verbosity 0 \
	&& $(BIN)/python manage.py demo --port $(PORT) \
	&& echo "Set-up took $$(( $$(date +%s) - start )) s." \
	&& exec $(BIN)/python manage.py run --port $(PORT)

test: setup  ## the whole suite; what needs Chromium, PostgreSQL or Redis is skipped with its reason
	$(BIN)/python -m tests $(ARGS)

check: setup  ## exactly what CI runs
	@$(MAKE) --no-print-directory --jobs 2 --output-sync form types
	$(BIN)/python -m tests --cov

.PHONY: form types
form: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	git ls-files 'helpcenter/*.html' 'supportdesk/*.html' 'tickets/*.html' | xargs $(BIN)/djade --check --target-version 5.2
	git ls-files 'helpcenter/*.html' 'supportdesk/*.html' 'tickets/*.html' | xargs $(BIN)/djhtml --check --tabwidth 2
	$(BIN)/lint-imports --no-cache
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	DJANGO_SETTINGS_MODULE=supportdesk.settings.prod SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") ALLOWED_HOSTS=help.example SITE_URL=https://help.example $(BIN)/python manage.py check --deploy --fail-level WARNING

types: $(VENV)/.dev
	$(BIN)/mypy supportdesk helpcenter tickets

bench: setup  ## the performance table of docs/performance.md
	$(BIN)/python -m bench $(ARGS)

crawl: setup  ## every public page in every language, theme and width
	$(BIN)/python -m bench.crawl $(ARGS)

format: setup  ## bring code and templates into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	git ls-files 'helpcenter/*.html' 'supportdesk/*.html' 'tickets/*.html' | xargs $(BIN)/djade --target-version 5.2 || true
	git ls-files 'helpcenter/*.html' 'supportdesk/*.html' 'tickets/*.html' | xargs $(BIN)/djhtml --tabwidth 2 || true

messages: setup  ## collect messages into locale/ (needs gettext)
	$(BIN)/python manage.py collect_translations

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-header pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

css:  ## build the style sheets from supportdesk/ui/styles (needs node)
	cd supportdesk/ui/styles && npm ci --silent && npm run --silent build

js:  ## build the script of the admin's editor from supportdesk/ui/scripts (needs node)
	cd supportdesk/ui/scripts && npm ci --silent && npm run --silent build

clean:  ## remove what the other verbs made
	rm -rf $(VENV) var staticfiles .mypy_cache .ruff_cache
