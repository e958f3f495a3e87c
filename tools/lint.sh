#!/usr/bin/env bash
# lint.sh [RULE...] (make lint): what the house forbids, found by machines. Every rule runs, whatever the one before says.
# A rule that no build checks is a wish.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

readonly LONG=600
# Of one rule's findings, unless it was asked for alone.
SHOWN=60
passed=0 failed=0

# rule NAME WHAT-TO-DO COMMAND...: its output is shown only when it fails or warns.
rule() {
    local name=$1 advice=$2 began=$SECONDS output status=0
    shift 2
    [ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $name "* ]] || return 0
    output=$("$@" 2>&1) || status=$?
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
        ok "$name $DIM$((SECONDS - began)) s$PLAIN"
        [ -z "$output" ] || [ "$name" != length ] || printf '%s\n' "$output"
    else
        failed=$((failed + 1))
        printf '%s✗ %s%s\n' "$RED" "$name" "$PLAIN"
        head -n $SHOWN <<<"$output"
        [ "$(wc -l <<<"$output")" -le $SHOWN ] || printf '  ... and more: make lint RULES=%s\n' "$name"
        printf '  -> %s\n' "$advice"
    fi
}

# Everything, whatever fails first; without the lines that only say what is being compiled.
warnings_of() {
    local status=0 output
    output=$(compile "$1" -k objects 2>&1) || status=$?
    grep -v '^  [A-Z]* ' <<<"$output" || true
    return $status
}

# A fuzz target without inputs is replayed with none, and one that nobody reads of is not kept up.
fuzz_targets() {
    local source name status=0
    for source in tests/fuzz/fuzz_*.c; do
        name=$(basename "$source" .c)
        [ -n "$(ls "tests/fuzz/corpus/$name" 2>/dev/null)" ] || { status=1 && say "$name has no inputs in tests/fuzz/corpus/$name"; }
        grep -q "| \`$name\` |" docs/developer.md || { status=1 && say "$name is not in the table of docs/developer.md"; }
    done
    return $status
}

# A function that the program exports is called by every library that has one of the same name, instead of its own. One is meant to be: setsockopt
# (server/cork.h).
exports() {
    local found
    compile plain program >/dev/null 2>&1 || return 0
    found=$(nm --dynamic --defined-only "$(built quarterday)" 2>/dev/null | grep -E ' [TW] ' | grep -vE ' (_.*|setsockopt)$') || return 0
    printf 'exported by the program:\n%s\n' "$found"
    return 1
}

scripts() {
    local files
    mapfile -t files < <(source_files '*.sh' .ci/run)
    shellcheck --external-sources --source-path=SCRIPTDIR "${files[@]}"
}

static_analysis() {
    local cache
    cache=$(built cppcheck)
    mkdir -p "$cache"
    local folders=() folder
    for folder in base returns kpi db handlers client server tools tests bench; do
        [ -z "$(find "$folder" -name '*.c' -print -quit 2>/dev/null)" ] || folders+=("$folder")
    done
    cppcheck --quiet -j"$(nproc)" --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
        --error-exitcode=1 --cppcheck-build-dir="$cache" --suppressions-list=tools/cppcheck.txt \
        --template='{file}:{line}: {severity} {id}: {message}' -D_GNU_SOURCE -D__x86_64__ -I. -I"$BUILD" "${folders[@]}"
}

contract() {
    local spectral=tests/contract/node_modules/.bin/spectral
    [ -f openapi/openapi.yaml ] || return 0
    install_npm tests/contract
    [ -x $spectral ] || return 0
    $spectral lint openapi/openapi.yaml --ruleset tests/contract/.spectral.yaml --fail-severity=warn
}

# A warning only: length is a smell, not a fault.
long_files() {
    local file lines
    while IFS= read -r file; do
        lines=$(wc -l <"$file")
        [ "$lines" -le $LONG ] || printf '  %s has %d lines; over %d a file usually does two things\n' "$file" "$lines" $LONG
    done < <(source_files '*.c' '*.h' '*.sh')
}

main() {
    only=("$@")
    [ $# -eq 0 ] || SHOWN=1000000
    tools/deps.sh build test lint
    rule format "Run 'make format'." tools/format.sh --check
    rule includes "The directions are in tools/lint_includes.sh." tools/lint_includes.sh
    rule functions "The list and its reasons are in tools/lint_functions.sh." tools/lint_functions.sh
    rule words "The list is in tools/lint_words.sh." tools/lint_words.sh
    rule gcc "gcc must compile everything without a warning." warnings_of plain
    rule clang "clang must compile everything without a warning." warnings_of clang
    rule exports "Nothing is exported with -fvisibility=hidden; who took it away?" exports
    rule fuzz "Say in docs/developer.md what the target reads, and give it a few inputs by hand." fuzz_targets
    rule cppcheck "Mend it, or suppress it beside its line: // cppcheck-suppress id; reason" static_analysis
    rule shellcheck "Mend it, or # shellcheck disable=... with its reason." scripts
    rule openapi "The rules are in the ruleset beside the contract." contract
    rule length "" long_files
    printf 'lint: %d rules passed, %d failed\n' $passed $failed
    [ $failed -eq 0 ]
}

main "$@"
