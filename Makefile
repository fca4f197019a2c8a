# Every command of the project. `make` alone lists them; the text behind `##` is what it prints.
# A bare `node` in a recipe is the Node of package-lock.json: node_modules/.bin stands first on PATH.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools:$(SYSTEM_PATH)

RESULTS := .results
TRACE ?= small
CLIENTS ?= 8
SCENARIO ?= swarm
SEEDS ?= 1000
VITEST = vitest run --reporter=$(if $(CI),dot,default) --reporter=json --outputFile.json=$(RESULTS)/$@.json
INSTALLED := node_modules/.concord-installed
PAGE := sdk/editor/dist/index.html
PAGE_SOURCES := sdk/editor/build.ts $(shell find sdk/ot/src sdk/runtime/src sdk/proto/src sdk/protocol/src sdk/client/src sdk/prosemirror/src sdk/editor/src sdk/editor/public -type f)

.PHONY: help run test test-browser test-long test-services sim sim-campaign sim-reports bench replay generate generated release-proto check all

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(PAGE) ## Start a development server on http://127.0.0.1:7420, no set-up (ARGS: options of `concord serve`)
	@concord serve $(ARGS)

test: $(INSTALLED) check ## Type check, contracts, tidiness and every test that needs neither service nor browser (at most 5 min)
	$(VITEST)

test-browser: $(INSTALLED) ## The page in headless Chromium (installs Debian's chromium where it is missing)
	.ci/tools chromium
	$(VITEST) --config vitest.browser.config.ts

test-services: $(INSTALLED) ## Suites with real processes: grpcurl, curl, strace, a killed server, the packed SDKs, README
	.ci/tools grpcurl curl strace
	$(VITEST) --config vitest.services.config.ts

test-long: $(INSTALLED) ## Long fuzzing of algebra and protocol, 100 rounds of SIGKILL (CONCORD_SEED repeats a run)
	$(VITEST) --config vitest.long.config.ts

sim: $(INSTALLED) ## The simulator: corpus of seeds and a short campaign, some twice with equal hashes (about a minute on two cores)
	$(VITEST) --config vitest.sim.config.ts

sim-campaign: $(INSTALLED) ## Many seeds on all cores (SCENARIO=swarm SEEDS=1000 or 5000-9999, ARGS: options of `concord sim campaign`)
	@concord sim campaign $(SCENARIO) --seeds $(SEEDS) $(ARGS)

sim-reports: $(INSTALLED) ## Reports of the scenarios that show most, with an index page, in .sim/reports (ARGS: names of scenarios, options)
	@concord sim gallery $(ARGS)

bench: $(INSTALLED) ## Measure beside the peers, then the simulator; prints tables, writes .bench/*.json (ARGS: names of rows, of the first alone)
	@cd loadtest/peers && if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then PATH="$(SYSTEM_PATH)" npm ci; fi
	node --conditions=source --expose-gc loadtest/bench/main.ts $(ARGS)
	$(if $(ARGS),,node --conditions=source sim/bench/speed.ts)

replay: $(INSTALLED) ## Replay an editing trace through real clients (TRACE=small CLIENTS=8, ARGS: more options)
	@concord replay $(TRACE) --clients $(CLIENTS) --start-server $(ARGS)

generate: $(INSTALLED) ## Generate code from proto/, the references of errors and limits, the picture of the architecture
	buf generate
	node --conditions=source docs/errors/write.ts
	node --conditions=source docs/limits/write.ts
	node --conditions=source docs/architecture/draw.ts
	node --conditions=source docs/simulator/write.ts

release-proto: $(INSTALLED) ## Make today's contract the one that `buf breaking` compares with
	buf lint
	buf build --exclude-source-info -o proto/baseline.binpb

check: $(INSTALLED) ## Types, lint and breaking changes of the contract
	tsc -p tsconfig.json
	buf lint
	buf breaking --against proto/baseline.binpb

all: generated test test-browser test-services sim ## What CI runs: everything but test-long and bench; generated files must be current

generated: generate
	git diff --exit-code --stat -- sdk/proto/src/gen sdk/service/src/gen docs/errors.md docs/limits.md docs/architecture.md docs/simulator README.md

# The page that the server serves at `/`.
$(PAGE): $(INSTALLED) $(PAGE_SOURCES)
	@node --conditions=source sdk/editor/build.ts --minify

# A tree that already satisfies the lockfile is left as it is; npm runs on the Node it came with.
$(INSTALLED): package-lock.json
	@if ! PATH="$(SYSTEM_PATH)" npm ls --all >/dev/null 2>&1; then PATH="$(SYSTEM_PATH)" npm ci; fi
	@touch $@
