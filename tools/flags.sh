#!/usr/bin/env bash
# flags.sh FLAG...: prints, as a piece of Makefile, those of the flags that $CC accepts, and the flags of the libraries in
# $PACKAGES. gcc and clang differ in a few; asking once per build folder is cheaper than a table of versions.
set -euo pipefail

accepted=()
for flag in "$@"; do
    # What only makes sense with others, or takes the preprocessor, is known to both compilers.
    case $flag in
    -D* | -U* | -O* | -fsanitize=* | -fno-sanitize* | --coverage | -Werror=format-security)
        accepted+=("$flag")
        continue
        ;;
    esac
    if $CC -Werror "$flag" -x c -c /dev/null -o /dev/null 2>/dev/null; then accepted+=("'$flag'"); fi
done

# shellcheck disable=SC2086
pkg-config --exists --print-errors $PACKAGES >&2 || {
    echo "A library is missing: run 'make deps'." >&2
    exit 1
}
printf 'FLAGS := %s\n' "${accepted[*]}"
# shellcheck disable=SC2086
printf 'PACKAGE_CFLAGS := %s\nPACKAGE_LIBS := %s\n' "$(pkg-config --cflags $PACKAGES)" "$(pkg-config --libs $PACKAGES)"
