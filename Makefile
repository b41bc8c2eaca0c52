# envd: build, test, try and install. `make help` lists the targets.
PREFIX ?= $(HOME)/.local
PROGRAMS := envd envd-hook envd-child
RELEASE := .build/release
STATIC := .build/static

.PHONY: help build release test soak fuzz claims lint format demo bench install uninstall clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build for development
	@contrib/scripts/setup build
	swift build

# The programs that every cd and every build starts are linked whole: no dynamic loader, no Foundation.
release: ## Build the programs as they are installed
	@contrib/scripts/setup build
	swift build -c release --static-swift-stdlib --product envd
	swift build -c release --scratch-path $(STATIC) -Xswiftc -static-executable --product envd-hook
	swift build -c release --scratch-path $(STATIC) -Xswiftc -static-executable --product envd-child
	@mkdir -p .build/programs
	@for program in $(RELEASE)/envd $(STATIC)/release/envd-hook $(STATIC)/release/envd-child; do \
		strip -o ".build/programs/$${program##*/}" "$$program"; done

test: ## Install what is missing and run the whole test suite
	@contrib/scripts/setup build test
	@contrib/scripts/run-tests

soak: ## Try the daemon with faults for an hour or two; ENVD_SEED=N for other luck
	@contrib/scripts/setup build test
	@ENVD_SOAK=1 contrib/scripts/run-tests --filter FaultTests

fuzz: ## Give every reader of foreign input random bytes, FUZZ_SECONDS=60 each
	@contrib/scripts/setup build
	@contrib/scripts/fuzz

claims: ## Write the table of claims in shell/README.md anew
	@contrib/scripts/claims

lint: ## Check formatting and shell scripts
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck -s bash shell/*.bash
	shellcheck contrib/scripts/* contrib/demo/run .ci/run

format: ## Format the Swift sources
	swift format --in-place --recursive Package.swift Sources Tests

demo: ## See the main job in a throw-away home, in all three shells
	@contrib/scripts/setup build demo
	@$(MAKE) --no-print-directory release
	@contrib/demo/run

bench: ## Measure side by side with direnv, C and the bare engine
	@contrib/scripts/setup build bench
	@$(MAKE) --no-print-directory release
	@contrib/bench/run

install: release ## Install below PREFIX (default ~/.local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(addprefix .build/programs/,$(PROGRAMS)) "$(DESTDIR)$(PREFIX)/bin/"
	@contrib/scripts/after-install "$(PREFIX)/bin"

uninstall: ## Remove what `make install` put there
	rm -f $(addprefix "$(DESTDIR)$(PREFIX)/bin"/,$(PROGRAMS))
	@echo "environments and settings stay: ~/.local/share/envd, ~/.local/state/envd, ~/.cache/envd"

clean: ## Remove what was built
	rm -rf .build
