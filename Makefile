# Quarterday: `make help` lists what there is to do.
#
# Two halves. Without VARIANT: the commands for people, each a script in tools/. With VARIANT: the build itself, one
# variant in $(BUILD)/$(VARIANT), called by the first half. A new .c, .sql, .json or test file is found by its place.

BUILD ?= build
export BUILD
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

ifndef VARIANT
# ---- for people ---------------------------------------------------------------------------------------------------

# One build at a time in one folder: `make run` and `make test` may well meet.
compile = @mkdir -p $(BUILD) && flock $(BUILD)/.lock $(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) \
    --no-print-directory VARIANT=$(1) $(2)
SECONDS ?= 60
CYCLES ?= 200

.PHONY: help deps run test lint format bench bench-quick bench-growth bench-scale fuzz torture soak valgrind coverage sbom updates reset clean build asan tsan

help: ## this list
	@printf 'Quarterday: quarterly returns in, red, amber and green out.\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18
	@printf '\nA newcomer needs two: make run, make test. Settings of make run: QUARTERDAY_HOME, _PORT, _SAMPLE and others (docs/operator.md).\n'

run: ## start the service here: packages, build, private database, certificate, sample data; Ctrl-C stops it
	@exec env --default-signal=INT,QUIT tools/run.sh # also when a script starts it in the background, where INT is ignored

test: ## every test (SUITE="unit http" runs only suites that begin so)
	@tools/test.sh $(SUITE)

build: ## compile build/quarterday
	$(call compile,plain,program)

lint: ## style, warnings of two compilers, directions between the rooms, ...; RULES="format gcc" runs some
	@tools/lint.sh $(RULES)

format: ## apply .clang-format to all C sources
	@tools/deps.sh lint
	@tools/format.sh

fuzz: ## search for crashing inputs, SECONDS=60 for each target (libFuzzer)
	@tools/fuzz.sh $(SECONDS)

torture: ## kill service and database under load, CYCLES=200 times (10000 for a night); SUITE="torture_backend" runs one
	@tools/torture.sh $(CYCLES) $(SUITE)

soak: ## the service under steady load and a fault every ten minutes, MINUTES=60 (1440 for a day)
	@tools/torture.sh $$(($(or $(MINUTES),60) * 60)) soak

valgrind: ## memcheck over the unit suites, and over the program under a few http suites; slow
	@tools/valgrind.sh $(SUITE)

bench: ## what is fast, beside its limit
	@tools/bench.sh

bench-quick: ## some of it in under two minutes, beside the ratios and instruction counts that are kept: what fell?
	@tools/bench.sh quick

bench-growth: ## uploads and dashboards with 0.1, 1 and 10 million episodes stored
	@tools/bench.sh growth

bench-scale: ## a deadline day of a whole country, scaled down
	@tools/bench.sh scale

coverage: ## run the tests and report the lines and branches that they reached
	@tools/coverage.sh

asan: ## compile with AddressSanitizer and UBSan: build/asan/quarterday and build/asan/tests/run
	$(call compile,asan,program tests)

tsan: ## compile with ThreadSanitizer: build/tsan/quarterday and build/tsan/tests/run
	$(call compile,tsan,program tests)

sbom: build ## the software bill of materials of what was built: CycloneDX 1.5 on standard output
	@tools/sbom.sh

updates: build ## are updates pending for the packages that the program is linked with?
	@tools/updates.sh

deps: ## install the missing Debian packages (prints the line first)
	@tools/deps.sh run build test

reset: ## delete the private state of this clone: cluster, keys, certificate
	@tools/reset.sh

clean: ## delete what was built
	@rm -rf $(BUILD)

else
# ---- the build ----------------------------------------------------------------------------------------------------

B := $(BUILD)/$(VARIANT)
GEN := $(BUILD)/gen
PROGRAM := $(if $(filter plain,$(VARIANT)),$(BUILD)/quarterday,$(B)/quarterday)
LIBRARY := $(B)/libquarterday.a
RUNNER := $(B)/tests/run
PRELOAD := $(B)/tests/nth.so

ROOMS := base returns kpi db handlers client server
ROOM_SOURCES := $(filter-out server/main.c,$(sort $(wildcard $(ROOMS:%=%/*.c) $(ROOMS:%=%/*/*.c))))
TEST_SOURCES := $(filter-out tests/fuzz/% tests/preload/%,$(sort $(wildcard tests/*.c tests/*/*.c)))
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/replay_main.c,$(sort $(wildcard tests/fuzz/*.c))))
BENCH_NAMES := $(patsubst bench/%.c,%,$(sort $(wildcard bench/*.c)))

object = $(patsubst %.c,$(B)/obj/%.o,$(1))
ROOM_OBJECTS := $(call object,$(ROOM_SOURCES)) $(B)/obj/gen/embed.o $(B)/obj/gen/embed_table.o
TEST_OBJECTS := $(call object,$(TEST_SOURCES))
# What may still be missing while the house is being built; then there is less to build, not an error.
MAIN_OBJECT := $(call object,$(wildcard server/main.c))
HAS_RUNNER := $(wildcard tests/main.c)

.PHONY: program tests fuzz bench objects FORCE
.SECONDARY:
program: $(if $(MAIN_OBJECT),$(PROGRAM),$(LIBRARY))
tests: program $(if $(HAS_RUNNER),$(RUNNER) $(PRELOAD)) $(FUZZ_NAMES:%=$(B)/fuzz/%)
fuzz: $(FUZZ_NAMES:%=$(B)/fuzz/%)
bench: program $(BENCH_NAMES:%=$(B)/bench/%)
objects: $(ROOM_OBJECTS) $(MAIN_OBJECT) $(TEST_OBJECTS) $(call object,$(wildcard tests/fuzz/*.c tests/preload/*.c bench/*.c tools/*.c))
FORCE:

# ---- flags ----

ifeq ($(origin CC),default)
CC := $(if $(filter clang fuzz,$(VARIANT)),clang,gcc)
endif

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wvla -Wformat=2 \
    -Wimplicit-fallthrough -Wtrampolines -Wbidi-chars=any -Werror=format-security -Werror=implicit \
    -Werror=incompatible-pointer-types -Werror=int-conversion
# Behaviour that ISO C leaves open and that we want defined, in every variant. Hidden: a function of ours that has the name
# of one inside a library (json_object) would otherwise be called by that library in the place of its own.
DEFINED := -fvisibility=hidden -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -fexceptions
# security.md R15. The sanitizers have their own checks in the place of FORTIFY_SOURCE.
HARDENED := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection -fstack-protector-strong \
    -fcf-protection=full -ftrivial-auto-var-init=zero
LINK_HARDENED := -pie -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now -Wl,-z,nodlopen -Wl,--as-needed

# Warnings are judged where nothing is instrumented: a sanitizer's checks make gcc see conversions that are not there.
QUIET := -Wno-conversion -Wno-sign-conversion -Wno-maybe-uninitialized
MODE_plain := -Werror $(HARDENED)
MODE_clang := -Werror $(HARDENED)
MODE_asan := $(QUIET) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
MODE_tsan := $(QUIET) -O1 -fno-omit-frame-pointer -fsanitize=thread
MODE_fuzz := $(QUIET) -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
MODE_coverage := -O0 --coverage -fprofile-update=atomic -fprofile-abs-path
ifndef MODE_$(VARIANT)
$(error there is no VARIANT=$(VARIANT); use plain, clang, asan, tsan, coverage or fuzz)
endif
# The crash points and other doors for tests exist only where this is defined, and never in what ships.
TEST_DOORS := $(if $(filter plain clang,$(VARIANT)),,-DQUARTERDAY_TEST_BUILD)

CPPFLAGS := -D_GNU_SOURCE -I. -I$(BUILD) $(TEST_DOORS)
# FLAGS and PACKAGE_* come from flags.mk: what this compiler accepts of the flags, asked once.
CFLAGS = -std=c17 -g -fPIE $(FLAGS) $(PACKAGE_CFLAGS)
LDFLAGS = $(filter -f% --coverage,$(MODE_$(VARIANT))) $(LINK_HARDENED)
LDLIBS = $(PACKAGE_LIBS) -lpthread -lm
PACKAGES := libmicrohttpd libpq jansson gnutls libcurl zlib liblz4 libsystemd $(EXTRA_PACKAGES)

$(B)/flags.mk: Makefile tools/flags.sh
	@mkdir -p $(@D)
	@CC="$(CC)" PACKAGES="$(PACKAGES)" tools/flags.sh $(WARNINGS) $(DEFINED) $(MODE_$(VARIANT)) \
	    -ffile-prefix-map='$(CURDIR)'=. > $@.new && mv $@.new $@
-include $(B)/flags.mk

quiet = $(if $(V),,@)
announce = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# ---- generated sources ----

# keep TARGET TEXT: writes TARGET only when its text changes, so that what depends on it rests otherwise.
keep = @mkdir -p $(@D); printf '%s\n' $(1) > $@.new; if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

STATEMENTS := $(sort $(wildcard db/sql/*.sql))
EMBEDDED := $(STATEMENTS) $(sort $(wildcard migrations/*.sql frameworks/*.json docs/errors.md)) \
    $(sort $(shell find web -type f 2>/dev/null))
OPENAPI := $(wildcard openapi/openapi.yaml)
GENERATORS := $(wildcard $(ROOMS:%=%/*.gen.sh))
GENERATED := $(GEN)/db_statements.h $(GEN)/db_statements.inc $(GENERATORS:%.gen.sh=%.inc)
GENERATED := $(foreach file,$(GENERATED),$(GEN)/$(notdir $(file)))

$(GEN)/embed.list: FORCE
	$(call keep,$(EMBEDDED) $(OPENAPI))
$(GEN)/embed.S $(GEN)/embed_table.c &: $(GEN)/embed.list $(EMBEDDED) $(if $(OPENAPI),$(GEN)/openapi.json) tools/embed.sh
	$(call announce,EMBED,"$(words $(EMBEDDED) $(OPENAPI)) files")
	$(quiet)tools/embed.sh $(GEN)/embed.S $(GEN)/embed_table.c $(EMBEDDED) \
	    $(if $(OPENAPI),openapi/openapi.json=$(GEN)/openapi.json)

$(GEN)/statements.list: FORCE
	$(call keep,$(STATEMENTS))
$(GEN)/db_statements.h $(GEN)/db_statements.inc &: $(GEN)/statements.list tools/statements.sh
	$(quiet)tools/statements.sh $(GEN)/db_statements.h $(GEN)/db_statements.inc $(STATEMENTS)

$(BUILD)/tools/yaml_to_json: tools/yaml_to_json.c
	@mkdir -p $(@D)
	$(quiet)$(CC) -std=c17 -D_GNU_SOURCE -O1 $< -lyaml -o $@
$(GEN)/openapi.json: openapi/openapi.yaml $(BUILD)/tools/yaml_to_json
	@mkdir -p $(@D)
	$(quiet)$(BUILD)/tools/yaml_to_json $< > $@.new && mv $@.new $@

# A room may make a table from its own data: ROOM/X.gen.sh prints what becomes gen/X.inc.
define generator_rule
$(GEN)/$(notdir $(1:.gen.sh=.inc)): $(1) $(wildcard $(dir $(1))*.csv)
	@mkdir -p $(GEN)
	$(quiet)sh $(1) > $$@.new && mv $$@.new $$@
endef
$(foreach script,$(GENERATORS),$(eval $(call generator_rule,$(script))))

# ---- compiling and linking ----

$(B)/obj/%.o: %.c $(B)/flags.mk | $(GENERATED)
	@mkdir -p $(@D)
	$(call announce,CC,$<)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(B)/obj/gen/%.o: $(GEN)/%.c $(B)/flags.mk
	@mkdir -p $(@D)
	$(quiet)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(B)/obj/gen/%.o: $(GEN)/%.S
	@mkdir -p $(@D)
	$(quiet)$(CC) -c $< -o $@

# The version goes into one file, so that a commit does not rebuild the house.
$(GEN)/version: FORCE
	$(call keep,"$$(tools/version.sh)")
# When the commit was made, in seconds, which is the same for every build of it; 0 where git cannot tell.
$(GEN)/made_at: FORCE
	$(call keep,"$$(git log -1 --format=%ct 2>/dev/null || echo 0)")
$(B)/obj/server/version.o: CPPFLAGS += -DQUARTERDAY_VERSION='"$(shell cat $(GEN)/version 2>/dev/null)"' \
    -DQUARTERDAY_MADE_AT=$(shell cat $(GEN)/made_at 2>/dev/null || echo 0)
$(B)/obj/server/version.o: $(GEN)/version $(GEN)/made_at

$(B)/objects.list: FORCE
	$(call keep,$(ROOM_OBJECTS) $(TEST_OBJECTS))

$(LIBRARY): $(ROOM_OBJECTS) $(B)/objects.list
	$(quiet)rm -f $@ && ar rcsD $@ $(ROOM_OBJECTS)

link = $(quiet)$(CC) $(LDFLAGS) $(filter %.o %.a,$^) $(LDLIBS)
$(PROGRAM): $(MAIN_OBJECT) $(LIBRARY)
	$(call announce,LINK,$@)
	$(link) -o $@
$(RUNNER): $(TEST_OBJECTS) $(LIBRARY) $(B)/objects.list
	@mkdir -p $(@D)
	$(call announce,LINK,$@)
	$(link) -lcunit -lcurl -lutil -o $@
# What tests load into the service with LD_PRELOAD: a library, and not instrumented itself.
$(PRELOAD): tests/preload/nth.c tests/preload/nth_board.h $(B)/flags.mk
	@mkdir -p $(@D)
	$(call announce,LINK,$@)
	$(quiet)$(CC) $(CPPFLAGS) $(if $(filter asan tsan fuzz,$(VARIANT)),-DNTH_SANITIZED) -std=c17 -g -O1 -fPIC -fvisibility=hidden -fexceptions \
	    $(WARNINGS) $(PACKAGE_CFLAGS) -shared $< -ldl -o $@
$(B)/bench/%: $(B)/obj/bench/%.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call announce,LINK,$@)
	$(link) -lcurl -o $@

# A fuzz target is a function; libFuzzer brings the main() that searches, replay_main.c the one that replays the corpus.
FUZZ_MAIN := $(if $(filter fuzz,$(VARIANT)),,$(B)/obj/tests/fuzz/replay_main.o)
$(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(LIBRARY)
	@mkdir -p $(@D)
	$(call announce,LINK,$@)
	$(link) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $@

-include $(patsubst %.o,%.d,$(filter-out %/embed.o,$(ROOM_OBJECTS) $(MAIN_OBJECT) $(TEST_OBJECTS)))
-include $(patsubst %.c,$(B)/obj/%.d,$(wildcard tests/fuzz/*.c bench/*.c))
endif
