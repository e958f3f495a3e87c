#!/usr/bin/env bash
# What is handed to operators beside the program: the systemd unit's exposure, the bill of materials, the check for pending updates, the hardening of the binary.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../../tools/lib.sh"
cd "$ROOT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 15 is an exposure of 1.5.
systemd-analyze security --offline=true --threshold=15 --no-pager deploy/quarterday.service >"$work/unit" ||
    { grep '✗' "$work/unit" && die "deploy/quarterday.service is exposed by more than 1.5"; }
tail -n 1 "$work/unit"
sed "s|/usr/local/bin/quarterday|$QUARTERDAY_TEST_BINARY|" deploy/quarterday.service >"$work/quarterday.service"
systemd-analyze verify "$work/quarterday.service" 2>"$work/verify" || { cat "$work/verify" && die "systemd does not understand the unit"; }
! grep -q 'Unknown\|Failed to parse' "$work/verify" || { cat "$work/verify" && die "systemd does not understand a line of the unit"; }

tools/sbom.sh "$QUARTERDAY_TEST_BINARY" >"$work/sbom.json"
tools/sbom.sh "$QUARTERDAY_TEST_BINARY" | cmp - "$work/sbom.json" || die "the bill of materials is another one the second time"
for package in libmicrohttpd12 libpq5 libjansson4 libgnutls30 libc6; do
    jq -e --arg p "$package" '.components | map(.name == $p and (.version | length > 0) and (.purl | startswith("pkg:deb/debian/" + $p + "@"))) | any' \
        "$work/sbom.json" >/dev/null || die "$package is missing from the bill of materials"
done
[ "$(jq '.components | length' "$work/sbom.json")" = "$(jq '.dependencies[0].dependsOn | length' "$work/sbom.json")" ] || die "components and dependencies differ"

# Whether an update is pending is the machine's business; that it is answered, and how, is ours.
status=0
QUARTERDAY_OFFLINE=1 tools/updates.sh "$QUARTERDAY_TEST_BINARY" >"$work/updates" || status=$?
case $status in
0) grep -q 'no update is pending' "$work/updates" ;;
1) grep -q '^  apt-get install --only-upgrade ' "$work/updates" ;;
77) grep -q 'apt-get update' "$work/updates" ;;
*) false ;;
esac || { cat "$work/updates" && die "updates.sh ended with $status and other words"; }

readelf -lW "$QUARTERDAY_TEST_BINARY" | grep GNU_RELRO >/dev/null || die "no RELRO"
readelf -dW "$QUARTERDAY_TEST_BINARY" | grep NOW >/dev/null || die "symbols are not bound at the start"
readelf -hW "$QUARTERDAY_TEST_BINARY" | grep DYN >/dev/null || die "not position-independent"
readelf -lW "$QUARTERDAY_TEST_BINARY" | grep GNU_STACK | grep -q 'RW ' || die "the stack may be executed"
# Not grep -q: with pipefail its early end would be readelf's failure.
readelf -sW --dyn-syms "$QUARTERDAY_TEST_BINARY" | grep __stack_chk_fail >/dev/null || die "no stack protector"
readelf -sW --dyn-syms "$QUARTERDAY_TEST_BINARY" | grep '_chk@' >/dev/null || die "no FORTIFY_SOURCE"
