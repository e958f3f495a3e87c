-- Contract section 6: figures and statuses of each ask, for the quarter, the year to date and the headline before.

CREATE MATERIALIZED VIEW oracle.summed AS
SELECT ask, span, service_wide, ref, coalesce(sum(numerator), 0)::bigint AS numerator, coalesce(sum(denominator), 0)::bigint AS denominator,
    coalesce(sum(due), 0)::bigint AS due, coalesce(sum(waiting), 0)::bigint AS waiting, coalesce(sum(unknown), 0)::bigint AS unknown
FROM oracle.span_quarter AS s
JOIN oracle.counted AS c ON (c.service, c.known_at, c.as_at, c.period) = (s.service, s.known_at, s.as_at, quarter)
WHERE (s.provider IS NULL OR s.service_wide OR c.provider = s.provider)
    AND (s.local_authority IS NULL OR c.local_authority = s.local_authority)
GROUP BY ask, span, service_wide, ref;

-- Distinct per provider, summed.
CREATE VIEW oracle.distinct_clients AS
SELECT ask, span,
    count(DISTINCT (e.provider, client_id)) AS all_clients,
    count(DISTINCT (e.provider, client_id)) FILTER (WHERE e.local_authority = 'E09000012') AS hackney,
    count(DISTINCT (e.provider, client_id)) FILTER (WHERE e.local_authority = 'E09000001') AS city
FROM oracle.span AS s
JOIN oracle.known_episode AS e ON (e.service, e.known_at) = (s.service, s.known_at) AND e.period BETWEEN since AND until
WHERE (s.provider IS NULL OR e.provider = s.provider) AND (s.local_authority IS NULL OR e.local_authority = s.local_authority)
    AND NOT service_wide
GROUP BY ask, span;

-- Which parts were sent for a quarter of the span; those of the late cohorts for any period at all. Calls and training do not
-- know an authority.
CREATE MATERIALIZED VIEW oracle.sent AS
SELECT DISTINCT ask, span, service_wide, part, false AS is_late
FROM oracle.span_quarter AS s
JOIN oracle.standing AS v ON (v.service, v.known_at, v.period) = (s.service, s.known_at, s.quarter)
WHERE (s.provider IS NULL OR service_wide OR v.provider = s.provider) AND (local_authority IS NULL OR part IN (0, 2, 3))
UNION
SELECT DISTINCT ask, span, service_wide, part, true
FROM oracle.span AS s
JOIN oracle.standing AS v ON (v.service, v.known_at, v.part) = (s.service, s.known_at, 0)
WHERE s.provider IS NULL OR service_wide OR v.provider = s.provider;

CREATE MATERIALIZED VIEW oracle.figure AS
WITH figures AS (
    SELECT s.ask, s.provider, s.span, s.service_wide, s.until, kpi.ref, is_count, target, lower_is_better, is_strict, tolerance, tolerated,
        green_from, red_to, sent.ask IS NOT NULL OR form.ask IS NOT NULL AS is_sent, coalesce(due, 0) AS due, coalesce(waiting, 0) AS waiting,
        coalesce(numerator, 0) AS numerator, coalesce(denominator, 0) AS denominator, coalesce(unknown, 0) AS unknown,
        CASE WHEN is_count AND s.span = 'QUARTER' THEN of_quarter ELSE to_date END AS aim
    FROM oracle.span AS s
    JOIN oracle.kpi ON (kpi.service, kpi.period) = (s.service, s.until)
    LEFT JOIN oracle.sent ON (sent.ask, sent.span, sent.service_wide, sent.part, sent.is_late) = (s.ask, s.span, s.service_wide, kpi.part, kpi.stage IS NOT NULL)
    LEFT JOIN oracle.sent AS form ON (form.ask, form.span, form.service_wide, form.part, form.is_late) = (s.ask, s.span, s.service_wide, 10, false)
        AND kpi.ref IN (SELECT ref FROM oracle.national_kpi)
    LEFT JOIN oracle.summed AS n ON (n.ask, n.span, n.service_wide, n.ref) = (s.ask, s.span, s.service_wide, kpi.ref)
), scaled AS (
    SELECT figures.*,                                               -- scaled is compared with aim × base
        CASE WHEN is_count THEN numerator ELSE numerator * 100 END AS scaled,
        CASE WHEN is_count THEN 1 ELSE denominator END AS base
    FROM figures
)
SELECT *,
    CASE
        WHEN NOT is_sent THEN 'NO_DATA'
        WHEN NOT is_count AND due = 0 THEN 'NOT_DUE'
        WHEN NOT is_count AND denominator = 0 THEN 'NO_DATA'
        WHEN target IS NULL THEN 'BASELINE'
        WHEN tolerance = 'LIMITS' AND NOT lower_is_better THEN
            CASE WHEN scaled >= green_from * base THEN 'GREEN' WHEN scaled <= red_to * base THEN 'RED' ELSE 'AMBER' END
        WHEN tolerance = 'LIMITS' THEN
            CASE WHEN scaled <= green_from * base THEN 'GREEN' WHEN scaled >= red_to * base THEN 'RED' ELSE 'AMBER' END
        WHEN NOT lower_is_better THEN
            CASE WHEN scaled > aim * base OR scaled = aim * base AND NOT is_strict THEN 'GREEN'
                WHEN tolerance = 'RELATIVE' AND scaled * 100 >= aim * (100 - tolerated) * base THEN 'AMBER'
                WHEN tolerance IN ('POINTS', 'WHOLE') AND scaled >= (aim - tolerated) * base THEN 'AMBER'
                ELSE 'RED' END
        ELSE
            CASE WHEN scaled < aim * base OR scaled = aim * base AND NOT is_strict THEN 'GREEN'
                WHEN tolerance = 'RELATIVE' AND scaled * 100 <= aim * (100 + tolerated) * base THEN 'AMBER'
                WHEN tolerance IN ('POINTS', 'WHOLE') AND scaled <= (aim + tolerated) * base THEN 'AMBER'
                ELSE 'RED' END
    END AS rag
FROM scaled;

-- One figure as it is answered: without a value where it has none; a count's denominator is null.
CREATE VIEW oracle.shown AS
SELECT ask, span, service_wide, ref, numerator AS counted, due, waiting, aim,
    CASE WHEN is_sent THEN numerator END AS numerator,
    CASE WHEN is_sent AND NOT is_count THEN denominator END AS denominator,
    CASE WHEN NOT is_sent THEN NULL WHEN is_count THEN numerator ELSE oracle.percent(numerator, denominator) END AS value,
    CASE WHEN provider IS NULL OR NOT is_count THEN rag END AS rag,
    CASE WHEN is_sent AND ref LIKE '4.%' THEN unknown END AS unknown,
    CASE WHEN is_sent AND ref LIKE '4.%' THEN oracle.percent(numerator, denominator - unknown) END AS value_among_known,
    is_sent
FROM oracle.figure;

-- Wilson's interval in percent, for its z of 95 %.
CREATE FUNCTION oracle.wilson(part bigint, whole bigint, side int) RETURNS numeric IMMUTABLE LANGUAGE sql
    RETURN CASE WHEN whole > 0 THEN (
        SELECT round(100 * (p + z * z / (2 * n) + side * z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n), 2)
        FROM (SELECT 1.959963984540054 AS z, whole::numeric(40, 20) AS n, part::numeric(40, 20) / whole AS p) AS given
    ) END;

-- A national return stands in for episodes, in the KPIs of which it tells and where no authority is asked for.
CREATE VIEW oracle.coverage AS
SELECT ask, ref, count(*) AS expected, count(*) FILTER (WHERE EXISTS (
        SELECT FROM oracle.standing AS v
        WHERE (v.service, v.known_at, v.provider, v.period) = (e.service, e.known_at, e.provider, e.period)
            AND (v.part = e.part OR v.part = 10 AND e.part = 0 AND tells)
    )) AS reported
FROM (
    SELECT DISTINCT ask.ask, ask.service, known_at, ask.period, ref, k.part, e.provider,
        local_authority IS NULL AND ref IN (SELECT ref FROM oracle.national_kpi) AS tells
    FROM oracle.ask
    JOIN oracle.expected AS e ON e.service = ask.service AND ask.period BETWEEN from_period AND to_period
    JOIN oracle.kpi_source AS k ON k.part = e.part OR k.part = 0 AND e.part = 10
    WHERE ask.provider IS NULL OR e.provider = ask.provider
) AS e
GROUP BY ask, ref;

-- Somebody's national return of the quarter does not tell.
CREATE VIEW oracle.not_told AS
SELECT DISTINCT ask, ref
FROM oracle.ask
JOIN oracle.standing AS v ON (v.service, v.known_at, v.period, v.part) = (ask.service, ask.known_at, ask.period, 10)
    AND (ask.provider IS NULL OR v.provider = ask.provider)
JOIN oracle.kpi_source AS k ON k.part = 0 AND (local_authority IS NOT NULL OR ref NOT IN (SELECT ref FROM oracle.national_kpi));

-- One row an ask and KPI, in their order.
CREATE VIEW oracle.dashboard AS
SELECT q.ask, kpi.place, kpi.ref,
    CASE WHEN kpi.is_count THEN 'COUNT' ELSE 'PERCENT' END AS unit,
    kpi.target AS "target.annual",
    kpi.to_date AS "target.toDate",
    CASE WHEN kpi.is_count THEN kpi.of_quarter END AS "target.quarter",
    tolerance AS "tolerance.kind",
    CASE WHEN tolerance <> 'LIMITS' THEN tolerated END AS "tolerance.value",
    CASE WHEN tolerance_is_own THEN 'COMMISSIONER' ELSE 'DEFAULT' END AS "tolerance.source",
    oracle.first_day(ask.period) - shift AS "cohort.from",
    oracle.first_day(ask.period + 1) - 1 - shift AS "cohort.to",
    q.numerator AS "quarter.numerator", q.denominator AS "quarter.denominator", q.value AS "quarter.value", q.rag AS "quarter.rag",
    y.numerator AS "yearToDate.numerator", y.denominator AS "yearToDate.denominator", y.value AS "yearToDate.value", y.rag AS "yearToDate.rag",
    oracle.wilson(y.numerator, y.denominator, -1) AS "yearToDate.interval95.lower",
    oracle.wilson(y.numerator, y.denominator, 1) AS "yearToDate.interval95.upper",
    y.rag AS rag,
    CASE WHEN q.is_sent THEN CASE kpi.ref WHEN '1.1' THEN coalesce(qc.all_clients, 0) WHEN '1.2' THEN coalesce(qc.hackney, 0) WHEN '1.3' THEN coalesce(qc.city, 0) END END AS "quarter.distinctClients",
    CASE WHEN y.is_sent THEN CASE kpi.ref WHEN '1.1' THEN coalesce(yc.all_clients, 0) WHEN '1.2' THEN coalesce(yc.hackney, 0) WHEN '1.3' THEN coalesce(yc.city, 0) END END AS "yearToDate.distinctClients",
    q.unknown AS "quarter.unknown", q.value_among_known AS "quarter.valueAmongKnown",
    y.unknown AS "yearToDate.unknown", y.value_among_known AS "yearToDate.valueAmongKnown",
    CASE WHEN ask.provider IS NOT NULL AND kpi.is_count AND q.is_sent THEN oracle.percent(q.numerator, qs.counted) END AS "quarter.share",
    CASE WHEN ask.provider IS NOT NULL AND is_count AND y.is_sent THEN oracle.percent(y.numerator, ys.counted) END AS "yearToDate.share",
    coalesce(expected, 0) AS "coverage.expected", coalesce(reported, 0) AS "coverage.reported",
    coalesce(reported < expected, false) OR not_told.ask IS NOT NULL AS "partial",
    CASE WHEN b.rag <> 'NO_DATA' THEN oracle.quarter_name(ask.period - 1) END AS "previous.period",
    CASE WHEN b.rag <> 'NO_DATA' THEN b.rag END AS "previous.rag",
    CASE WHEN is_count AND y.is_sent THEN round(y.numerator * 100 / kpi.share, 2) END AS "forecast",
    CASE WHEN kpi.ref = '1.5' AND y.value IS NOT NULL AND y.rag NOT IN ('NO_DATA', 'NOT_DUE') THEN
        CASE y.rag WHEN 'GREEN' THEN 'FULL' WHEN 'AMBER' THEN 'PART' ELSE 'NONE' END END AS "earned"
FROM oracle.ask
JOIN oracle.kpi ON (kpi.service, kpi.period) = (ask.service, ask.period)
JOIN oracle.rules ON rules.service = ask.service
CROSS JOIN LATERAL (SELECT CASE stage WHEN '12W' THEN to12 WHEN '26W' THEN to26 WHEN '52W' THEN to52 ELSE 0 END AS shift) AS moved
JOIN oracle.shown AS q ON (q.ask, q.ref, q.span, q.service_wide) = (ask.ask, kpi.ref, 'QUARTER', false)
JOIN oracle.shown AS y ON (y.ask, y.ref, y.span, y.service_wide) = (ask.ask, kpi.ref, 'YEAR', false)
LEFT JOIN oracle.shown AS b ON (b.ask, b.ref, b.span) = (ask.ask, kpi.ref, 'BEFORE')
LEFT JOIN oracle.shown AS qs ON (qs.ask, qs.ref, qs.span, qs.service_wide) = (ask.ask, kpi.ref, 'QUARTER', true)
LEFT JOIN oracle.shown AS ys ON (ys.ask, ys.ref, ys.span, ys.service_wide) = (ask.ask, kpi.ref, 'YEAR', true)
LEFT JOIN oracle.distinct_clients AS qc ON (qc.ask, qc.span) = (ask.ask, 'QUARTER')
LEFT JOIN oracle.distinct_clients AS yc ON (yc.ask, yc.span) = (ask.ask, 'YEAR')
LEFT JOIN oracle.coverage ON (coverage.ask, coverage.ref) = (ask.ask, kpi.ref)
LEFT JOIN oracle.not_told ON (not_told.ask, not_told.ref) = (ask.ask, kpi.ref)
ORDER BY ask.ask, place;

-- Once and for ever: since when.
CREATE VIEW oracle.is_final AS
SELECT service, period::int, min(at) AS since FROM quarterday.period_event WHERE kind = 'FINAL' GROUP BY service, period;

-- Signed off, and not opened again by a later version, as it was known.
CREATE VIEW oracle.submitted AS
SELECT known.service, known.known_at, s.provider, s.period::int
FROM (SELECT DISTINCT service, known_at FROM oracle.ask) AS known
JOIN quarterday.sign_off AS s ON s.service = known.service AND s.at <= known.known_at
GROUP BY known.service, known.known_at, s.provider, s.period
HAVING max(s.seq) > (
    SELECT coalesce(max(v.seq), 0) FROM oracle.in_force AS v
    WHERE (v.service, v.known_at, v.provider, v.period) = (known.service, known.known_at, s.provider, s.period::int)
);

-- One row an ask.
CREATE VIEW oracle.dashboard_head AS
SELECT ask.ask, oracle.quarter_name(ask.period) AS "period", ask.as_at AS "asAt",
    NOT EXISTS (SELECT FROM oracle.is_final AS f WHERE (f.service, f.period) = (ask.service, ask.period) AND since <= known_at)
    OR EXISTS (SELECT FROM oracle.shown AS s WHERE (s.ask, s.span, s.service_wide) = (ask.ask, 'QUARTER', false) AND s.waiting > 0) AS "provisional",
    (SELECT count(DISTINCT e.provider) FROM oracle.expected AS e
        WHERE e.service = ask.service AND ask.period BETWEEN from_period AND to_period AND (ask.provider IS NULL OR e.provider = ask.provider)
    ) AS "returns.expected",
    (SELECT count(DISTINCT e.provider) FROM oracle.expected AS e JOIN oracle.submitted AS u USING (service, provider)
        WHERE e.service = ask.service AND ask.period BETWEEN from_period AND to_period AND (ask.provider IS NULL OR e.provider = ask.provider)
            AND (u.known_at, u.period) = (ask.known_at, ask.period)
    ) AS "returns.submitted",
    count(*) FILTER (WHERE rag = 'GREEN') AS "summary.GREEN", count(*) FILTER (WHERE rag = 'AMBER') AS "summary.AMBER",
    count(*) FILTER (WHERE rag = 'RED') AS "summary.RED", count(*) FILTER (WHERE rag = 'BASELINE') AS "summary.BASELINE",
    count(*) FILTER (WHERE rag = 'NO_DATA') AS "summary.NO_DATA", count(*) FILTER (WHERE rag = 'NOT_DUE') AS "summary.NOT_DUE"
FROM oracle.ask
JOIN oracle.shown AS year ON (year.ask, span, service_wide) = (ask.ask, 'YEAR', false)
GROUP BY ask.ask
ORDER BY ask.ask;
