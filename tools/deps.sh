#!/usr/bin/env bash
# deps.sh SECTION...: sees to it that the packages of these sections of tools/packages.txt are installed.
#
# The usual case, nothing missing, must stay cheap (one dpkg-query), because `make run` asks every time. When something is
# missing: prints the exact lines first, then runs them, through sudo when the caller is not root. `--list` only prints
# the names of a section. Nothing but apt is ever asked, and nothing is ever removed.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"
# Installing under a strict umask would leave the whole system files that only root can read.
umask 022

readonly PACKAGES=$ROOT/tools/packages.txt
# While postgresql-15 installs, this file keeps Debian from making and starting a cluster of its own.
readonly NO_MAIN_CLUSTER=/etc/postgresql-common/createcluster.d/quarterday.conf
# While nginx installs, this file keeps Debian from starting it; and it is not to start with the machine.
readonly NO_START=/usr/sbin/policy-rc.d
readonly REMOVE_NOTE="rm -f $NO_MAIN_CLUSTER && rmdir --ignore-fail-on-non-empty ${NO_MAIN_CLUSTER%/*}"

# One line for each entry of the sections asked for: "package alternative...".
entries() {
    awk -v wanted=" $* " '
        /^[[:space:]]*(#|$)/ { next }
        /^\[.*\]$/ { inside = index(wanted, " " substr($0, 2, length($0) - 2) " "); next }
        inside && !seen[$1]++ { gsub(/\|/, " "); print }
    ' "$PACKAGES"
}

# The packages of standard input that dpkg does not report as installed, as entries() gives them.
missing() {
    local entry=() names=() installed line package other found
    while IFS= read -r line; do
        entry+=("$line")
        for other in $line; do [[ $other == @* ]] || names+=("$other"); done
    done
    [ ${#names[@]} -gt 0 ] || return 0
    # Unknown names make dpkg-query fail; it still lists the others.
    installed=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package} ' "${names[@]}" 2>/dev/null || true) "
    for line in "${entry[@]}"; do
        found=''
        for other in $line; do
            if [[ $other == @* ]]; then
                command -v "${other#@}" >/dev/null && found=yes
            elif [[ $installed == *" ii $other "* ]]; then
                found=yes
            fi
        done
        package=${line%% *}
        [ -n "$found" ] || printf '%s\n' "$package"
    done
}

# Lists may be absent (a fresh container) or know none of a package; only then is `apt-get update` worth its time.
lists_are_stale() {
    local package
    for package in "$@"; do
        apt-cache --no-all-versions show "$package" >/dev/null 2>&1 || return 0
    done
    return 1
}

explain_refusal() {
    local line
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
    printf '       Run this by hand (as root), then try again:\n' >&2
    for line in "${plan[@]}"; do printf '         %s\n' "$line" >&2; done
    exit 1
}

# as_root LINE: runs one line of the plan.
as_root() {
    if is_root; then
        sh -c "$1"
    else
        sudo ${SUDO_FLAGS:+"$SUDO_FLAGS"} sh -c "$1"
    fi
}

may_become_root() {
    is_root && return
    command -v sudo >/dev/null ||
        explain_refusal "packages are missing, you are not root, and there is no sudo."
    # Without a terminal sudo cannot ask for a password: better to fail at once than to hang.
    [ -t 0 ] || SUDO_FLAGS=-n
    sudo ${SUDO_FLAGS:+"$SUDO_FLAGS"} -v 2>/dev/null || sudo ${SUDO_FLAGS:+"$SUDO_FLAGS"} true ||
        explain_refusal "packages are missing and sudo refused."
}

# The plan is printed as it will be run, so that a refused reader can paste it.
make_plan() {
    local install="DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --no-remove $*"
    plan=()
    ! lists_are_stale "$@" || plan+=("apt-get update")
    local starts=''
    if [[ " $* " == *" nginx "* && ! -e $NO_START ]]; then
        starts=yes
        plan+=("printf '#!/bin/sh\\nexit 101\\n' > $NO_START && chmod 0755 $NO_START")
    fi
    case " $* " in
    *" postgresql-15 "*)
        plan+=("mkdir -p ${NO_MAIN_CLUSTER%/*} && echo 'create_main_cluster = false' > $NO_MAIN_CLUSTER")
        plan+=("$install")
        plan+=("$REMOVE_NOTE")
        ;;
    *) plan+=("$install") ;;
    esac
    [ -z "$starts" ] || plan+=("rm -f $NO_START")
    [[ " $* " != *" nginx "* ]] || plan+=("update-rc.d nginx disable")
}

run_plan() {
    local line
    for line in "${plan[@]}"; do as_root "$line" || return 1; done
}

refresh_and_retry() {
    [[ ${plan[0]} != "apt-get update" ]] || return 1
    say "The package lists may be old: refreshing them once."
    plan=("apt-get update" "${plan[@]}")
    run_plan
}

install_packages() {
    command -v apt-get >/dev/null || die "this is not a Debian system (no apt-get)." \
        "Quarterday is built for Debian 12. Install what these Debian packages hold:" "$*"
    make_plan "$@"
    say "${BOLD}Missing packages.${PLAIN} As root:"
    printf '  %s\n' "${plan[@]}"
    may_become_root
    run_plan || refresh_and_retry || {
        [ ! -e "$NO_MAIN_CLUSTER" ] || as_root "$REMOVE_NOTE" || true
        [[ ${plan[*]} != *"> $NO_START"* ]] || as_root "rm -f $NO_START" || true
        explain_refusal "the installation failed; the lines above say why (no network? a full disk?)."
    }
    ok "installed: $*"
}

main() {
    [ $# -gt 0 ] || die "usage: tools/deps.sh [--list] SECTION..." "Sections: $(grep -o '^\[[a-z]*' "$PACKAGES" | tr -d '[' | tr '\n' ' ')"
    if [ "$1" = --list ]; then
        shift
        entries "$@" | cut -d' ' -f1
        return
    fi
    local wanted
    mapfile -t wanted < <(entries "$@" | missing)
    [ ${#wanted[@]} -eq 0 ] || install_packages "${wanted[@]}"
}

main "$@"
