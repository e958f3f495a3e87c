#!/usr/bin/env bash
# The receiver's checks in docs/events.md, Python and shell, take the page's own example and refuse it with anything changed.
# shellcheck disable=SC2015,SC2016
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
page=$root/docs/events.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# snippet LANGUAGE WORD: the block of that language in which the word stands.
snippet() {
    awk -v fence="\`\`\`$1" -v word="$2" '
        $0 == fence { inside = 1; text = ""; next }
        $0 == "```" { if (inside && index(text, word)) printf "%s", text; inside = 0 }
        inside { text = text $0 "\n" }' "$page"
}
example() { sed -n "s/.*$1 \`\([^\`]*\)\`.*/\1/p" "$page" | head -n 1; }

secret=$(example 'the secret') timestamp=$(example 'the timestamp')
printf '%s' "$(example 'the body')" >"$work/body"
signature=$(sed -n 's/^`\(v1=[0-9a-f]\{64\}\)`\.$/\1/p' "$page")
[ -n "$secret" ] && [ -n "$timestamp" ] && [ -s "$work/body" ] && [ -n "$signature" ] || { echo "the example is not found in $page" && exit 1; }
snippet python is_ours >"$work/check.py"
snippet sh openssl >"$work/check.sh"
[ -s "$work/check.py" ] && [ -s "$work/check.sh" ] || { echo "the snippets are not found in $page" && exit 1; }

in_python() { # SECRET TIMESTAMP SIGNATURE BODY NOW
    python3 -B - "$work/check.py" "$@" <<'PYTHON'
import sys
source, secret, stamp, signature, body, now = sys.argv[1:]
space = {}
exec(open(source).read(), space)
headers = {"Quarterday-Timestamp": stamp, "Quarterday-Signature": signature}
sys.exit(0 if space["is_ours"](secret, headers, open(body, "rb").read(), now=float(now)) else 1)
PYTHON
}
in_shell() { # SECRET TIMESTAMP SIGNATURE BODY
    secret=$1 timestamp=$2 signature=$3 body=$4 bash -c "$(cat "$work/check.sh")"
}
taken() { # WHAT SECRET TIMESTAMP SIGNATURE BODY
    in_python "${@:2}" "$timestamp" || { echo "Python refuses $1" && exit 1; }
    in_shell "${@:2}" || { echo "the shell refuses $1" && exit 1; }
}
refused() {
    ! in_python "${@:2}" "$timestamp" || { echo "Python takes $1" && exit 1; }
    ! in_shell "${@:2}" || { echo "the shell takes $1" && exit 1; }
}

taken "the example" "$secret" "$timestamp" "$signature" "$work/body"
refused "another secret" "${secret}x" "$timestamp" "$signature" "$work/body"
refused "another time" "$secret" "$((timestamp + 1))" "$signature" "$work/body"
refused "another signature" "$secret" "$timestamp" "v1=${signature:4}0" "$work/body"
printf ' ' >>"$work/body"
refused "another body" "$secret" "$timestamp" "$signature" "$work/body"
printf '%s' "$(example 'the body')" >"$work/body"
! in_python "$secret" "$timestamp" "$signature" "$work/body" "$((timestamp + 301))" || { echo "Python takes what is old" && exit 1; }
