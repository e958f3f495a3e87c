# The elements of a framework that count episodes, as one SQL statement over the stored rows: what a service would ask that has no facts. Sums over
# items (KPI 1.14) are left out, and so are follow-ups that came later (none are stored here): both only make it quicker.
# Arguments: $service, $provider, $day, $rows (the table).

def quoted: "'" + gsub("'"; "''") + "'";
def column: gsub("(?<one>[A-Z]|[0-9]+)"; "_" + (.one | ascii_downcase));
def is_flag: IN("seriousMentalIllness", "pregnant", "homeless", "substanceMisuse", "freePrescription", "swapToStop", "extendedSupport");
def literal($name): if ($name | is_flag) then (if . == "Y" then "true" else "false" end) elif type == "number" then tostring else quoted end;

def member($name; $codes):
    ($codes | map(select(. != ""))) as $named
    | [(if ($named | length) > 0 then "\($name | column) IN (\($named | map(literal($name)) | join(", ")))" else empty end),
       (if any($codes[]; . == "") then "\($name | column) IS NULL" else empty end)]
    | join(" OR ");
def condition:
    . as $c
    | if .in then "(" + member(.column; .in) + ")"
      else "(NOT (" + member(.column; .notIn) + ") OR \($c.column | column) IS NULL)" end;

# What each derived condition says, as contract section 5 has it: r4 and so on are the results of the stages.
{
    due4: "due4", notDue4: "NOT due4", quit4: "quit4", lost4: "(due4 AND r4 NOT IN ('Q', 'N'))",
    coVerified4: "(quit4 AND co_4w_ppm < \(.settings.coVerifiedBelow) AND coalesce(co_4w_date, follow_up_4w_date) - quit_date BETWEEN \(.settings.windows["4W"].from) AND \(.settings.windows["4W"].to) AND (co_4w_date IS NOT NULL OR coalesce(follow_up_4w_method, 'FACE_TO_FACE') = 'FACE_TO_FACE'))",
    satisfactionBase: "quit4", satisfied: "(quit4 AND satisfaction >= 4)",
    due12: "due12", notDue12: "NOT due12", quit12: "(due12 AND quit4 AND r12 = 'Q')",
    coVerified12: "(due12 AND quit4 AND r12 = 'Q' AND co_12w_ppm < \(.settings.coVerifiedBelow))",
    due26: "due26", notDue26: "NOT due26", known26: "r26 IN ('Q', 'N')",
    due52: "due52", notDue52: "NOT due52", known52: "r52 IN ('Q', 'N')"
} as $derived
| {QUIT_DATE: 0, CLOSES_12W: .settings.windows["12W"].to, CLOSES_26W: .settings.windows["26W"].to, CLOSES_52W: .settings.windows["52W"].to} as $after
| def result($stage): .settings.windows[$stage] as $w | ($stage | ascii_downcase) as $s
    | "CASE WHEN outcome_\($s) IS NULL THEN '-' WHEN outcome_\($s) NOT IN ('1', '2') THEN 'L' WHEN follow_up_\($s)_date IS NULL THEN 'D'"
      + " WHEN follow_up_\($s)_date - quit_date NOT BETWEEN \($w.from) AND \($w.to) THEN 'O' WHEN outcome_\($s) = '1' THEN 'Q' ELSE 'N' END";
  def due($stage): "quit_date + \(.settings.windows[$stage].to) < date \($day | quoted)";
"WITH told AS (
    SELECT *, \(result("4W")) AS r4, \(result("12W")) AS r12, \(result("26W")) AS r26, \(result("52W")) AS r52,
           \(due("4W")) AS due4, \(due("12W")) AS due12, \(due("26W")) AS due26, \(due("52W")) AS due52
    FROM \($rows)
    JOIN (SELECT service, provider, period, max(version) AS version FROM version WHERE part = 0 GROUP BY 1, 2, 3) AS newest
         USING (service, provider, period, version)
    WHERE service = \($service | quoted) AND provider = \($provider | quoted)
), row AS (
    SELECT *, due4 AND r4 = 'Q' AS quit4 FROM told
)
" + ([.elements | to_entries | map(select(.value.part == "episodes" and (.value.sum | not))) | group_by(.value.cohort)[]
    | .[0].value.cohort as $cohort
    | "SELECT to_char(quarter - interval '3 months', 'YYYY') || '-' || to_char(quarter + interval '9 months', 'YY') || '-Q' || to_char(quarter - interval '3 months', 'Q'), name, n
FROM (
    SELECT date_trunc('quarter', closes) AS quarter,
" + (to_entries | map("           count(*) FILTER (WHERE " + ([(.value.value.is // [])[] | $derived[.]] + [(.value.value.where // [])[] | condition] + ["true"] | join(" AND ")) + ") AS c\(.key)") | join(",\n"))
      + "
    FROM (SELECT *, quit_date + \($after[$cohort]) AS closes FROM row) AS dated GROUP BY 1
) AS counted, LATERAL (VALUES " + (to_entries | map("(\(.value.key | quoted), c\(.key))") | join(", ")) + ") AS said (name, n)
WHERE n > 0"] | join("\nUNION ALL\n")) + "\nORDER BY 1, 2;"
