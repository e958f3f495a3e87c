#!/usr/bin/env bash
# updates.sh [PROGRAM]: does Debian have newer versions of what the program is linked with (a security update, as a rule)? Asks the package lists of this
# machine and refreshes them first where it may. A running service takes an update at its next start.
#
# 0: none. 1: there are, and the line that installs them. 77: nobody can tell here, because the lists are missing.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

! is_root || [ -n "${QUARTERDAY_OFFLINE:-}" ] ||
    apt-get update -qq >/dev/null 2>&1 || say "The package lists could not be refreshed; what this machine last knew counts."

# "package candidate" of those that an archive knows; what apt has only from dpkg's own list is no knowledge.
candidates() {
    apt-cache policy "$@" 2>/dev/null | awk '
        /^[^ ]+:$/ { package = $1; sub(/:$/, "", package); known = "" }
        $1 == "Candidate:" { candidate = $2 }
        /^ +[0-9]+ (https?|file|copy|cdrom|mirror)/ && !known { known = 1; print package, candidate }'
}

installed=$(tools/sbom.sh --packages "$@")
mapfile -t names < <(cut -f 1 <<<"$installed")
declare -A newest
while read -r package candidate; do newest[$package]=$candidate; done < <(candidates "${names[@]}")

if [ ${#newest[@]} -eq 0 ]; then
    echo "No package list is here that knows of updates; run 'apt-get update'."
    exit 77
fi
pending=()
while IFS=$'\t' read -r package version _; do
    candidate=${newest[$package]:-$version}
    dpkg --compare-versions "$candidate" gt "$version" || continue
    pending+=("$package")
    printf '%s %s is installed; Debian has %s\n' "$package" "$version" "$candidate"
done <<<"$installed"
if [ ${#pending[@]} -gt 0 ]; then
    printf 'Install them, then restart the service:\n  apt-get install --only-upgrade %s\n' "${pending[*]}"
    exit 1
fi
printf '%d linked packages, no update is pending.\n' "$(wc -l <<<"$installed")"
