#!/usr/bin/env bash
# How long an explanation takes with a million episodes stored, over one TLS connection: each KPI twelve times. The very first is told apart: it reads the counts.
#
#   tools/with_service.sh bench/explanations.sh
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/../tools/lib.sh"
cd "$ROOT"
[ -n "${QUARTERDAY_RUN_JSON:-}" ] || die "usage: tools/with_service.sh bench/explanations.sh"
readonly PERIOD=2025-26-Q3 # of the quit dates that bench/rows.c writes

compile plain bench >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
running() { jq -r "$1" "$QUARTERDAY_RUN_JSON"; }
url=$(running .url)
ask=(curl -s --cacert "$(running .caFile)")

"$(built plain/bench/rows)" csv 1000000 1 0 >"$work/rows.csv"
"${ask[@]}" --fail-with-body -H "Authorization: Bearer $(running .keys.providers.homerton)" -H 'Content-Type: text/csv' -T "$work/rows.csv" -o "$work/receipt" \
    "$url/v1/returns/city-and-hackney/homerton/$PERIOD/episodes?reason=bench" || { cat "$work/receipt" && die "the million was not taken"; }
for _ in $(seq 12); do
    jq -r '.kpis[].ref' frameworks/city-and-hackney.json |
        while read -r ref; do printf 'url = "%s/v1/kpis/city-and-hackney/%s/%s/explanation"\noutput = /dev/null\n' "$url" "$ref" "$PERIOD"; done
done >"$work/questions"
"${ask[@]}" -H "Authorization: Bearer $(running .keys.commissioner)" -K "$work/questions" -w '%{http_code} %{time_total} %{time_pretransfer}\n' >"$work/times"
[ "$(grep -c '^200 ' "$work/times")" = "$(wc -l <"$work/times")" ] || { sort "$work/times" | head && die "not every question was answered"; }
awk '{ printf "%.2f\n", ($2 - $3) * 1000 }' "$work/times" >"$work/ms"
printf 'first %s ms; then ' "$(head -n 1 "$work/ms")"
tail -n +2 "$work/ms" | sort -n | awk '{ v[NR] = $1 } END { printf "%d: p50 %s ms, p95 %s ms, longest %s ms\n", NR, v[int(NR * 0.5)], v[int(NR * 0.95)], v[NR] }'
