#!/usr/bin/env bash
# quick.sh (make bench-quick): some of the ratios in three rounds, beside those of bench/results.json, in under two minutes. Says what lies below
# the least that was measured then. Exit status 1: something lies below half of that least, which no busy neighbour explains: both sides of a ratio have the same
# neighbours.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"

found=${QUARTERDAY_RUN_JSON%/*}/quick.json
QUARTERDAY_BENCH_QUICK=$found QUARTERDAY_BENCH_ROUNDS=${QUARTERDAY_BENCH_ROUNDS:-3} bash "$ROOT/bench/run.sh"

# Lines: how it stands, ratio, ratio then, least then, the row.
compared=$(jq -r --slurpfile kept "$ROOT/bench/results.json" '.[] as $now
    | ($kept[0] | map(select(.path == $now.path and .against == $now.against)) | first) as $before
    | [if $before == null then "new" elif $now.ratio < $before.min / 2 then "fell" elif $now.ratio < $before.min then "below"
       elif $now.ratio > $before.max then "above" else "same" end,
       $now.ratio, $before.ratio // "-", $before.min // "-", $now.path, $now.against] | map(tostring) | join("\t")' "$found")

say
say "beside bench/results.json:"
awk -F '\t' '
    $1 == "new" { printf "  not there yet: %s, beside %s: %s\n", $5, $6, $2; next }
    $1 == "fell" { printf "  FELL: %s, beside %s: %s, then %s, at least %s\n", $5, $6, $2, $3, $4; next }
    $1 == "below" { printf "  below: %s, beside %s: %s, then %s, at least %s\n", $5, $6, $2, $3, $4; next }
    $1 == "above" { printf "  above: %s, beside %s: %s, then %s\n", $5, $6, $2, $3; next }
    { same++ }
    END { printf "  %d as then\n", same }' <<<"$compared"
! grep -q '^fell' <<<"$compared" || die "a ratio lies below half of the least that was ever measured." "make bench measures all of them, in more rounds."
