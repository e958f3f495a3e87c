#!/usr/bin/env bash
# sbom.sh [PROGRAM]: the software bill of materials of the built program: what it is linked with, as dpkg has it installed here, in CycloneDX 1.5 (JSON).
# The same program on the same packages gives the same bytes: no time, no random serial number.
#
# --packages: only the names and versions, one "package<TAB>version<TAB>source" a line (tools/updates.sh).
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

only_packages=''
[ "${1:-}" != --packages ] || {
    only_packages=yes
    shift
}
program=${1:-${BUILD:-build}/quarterday}
[ -x "$program" ] || die "There is no $program; run 'make build' first."

# One question for all libraries. Files of the merged /usr are known to dpkg by one of two paths, so it is asked for both and misses one of each.
linked() {
    local libraries packages
    mapfile -t libraries < <(ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }' | sed 's|^/usr||' | sort -u)
    packages=$({ dpkg-query -S "${libraries[@]}" "${libraries[@]/#//usr}" 2>/dev/null || true; } | sed 's/, .*//; s/: .*//' | sort -u)
    [ -n "$packages" ] || die "dpkg knows none of the libraries that $program is linked with."
    say "$packages"
}

packages() {
    local packages
    mapfile -t packages < <(linked)
    [ ${#packages[@]} -gt 0 ] || exit 1
    dpkg-query -W -f '${Package}\t${Version}\t${source:Package}\n' "${packages[@]}" | sort -u
}

if [ -n "$only_packages" ]; then
    packages
    exit
fi
packages | jq --raw-input --slurp --arg version "$("$program" --version | cut -d ' ' -f 2)" --arg sha "$(sha256sum "$program" | cut -d ' ' -f 1)" \
    --arg debian "$(. /etc/os-release && echo "$VERSION_ID")" '
    def lines: split("\n") | map(select(length > 0) | split("\t"));
    {
        bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
        metadata: {component: {type: "application", name: "quarterday", version: $version, "bom-ref": "quarterday",
                               hashes: [{alg: "SHA-256", content: $sha}], licenses: [{license: {name: "see LICENSE"}}]}},
        components: [lines[] | {type: "library", name: .[0], version: .[1],
            purl: "pkg:deb/debian/\(.[0])@\(.[1] | @uri)?distro=debian-\($debian)&source=\(.[2])",
            "bom-ref": .[0]}],
        dependencies: [{ref: "quarterday", dependsOn: [lines[] | .[0]]}]
    }'
