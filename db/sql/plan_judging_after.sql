-- The first judging of plans that covered a version: when its period became final after it, or when the return of a final period was signed
-- again after it; and what that did to plans, a row a step, or one row without a plan. No row: there was none yet.
-- $1 service, $2 provider, $3 period, $4 seq of the version.
WITH final AS (
    SELECT min(seq) AS seq, min(at) AS at FROM period_event
    WHERE service = $1::text AND period = $3::int2 AND kind = 'FINAL'
), judging AS (
    SELECT at FROM (
        SELECT seq, at FROM final WHERE seq > $4::int8
        UNION ALL
        SELECT s.seq, s.at FROM sign_off s JOIN final f ON s.seq > f.seq
        WHERE s.service = $1::text AND s.provider = $2::text AND s.period = $3::int2 AND s.seq > $4::int8
    ) judged ORDER BY seq LIMIT 1
)
SELECT j.at, e.plan, p.kpi, p.opened_for, e.from_status, e.to_status, e.comment
FROM judging j
LEFT JOIN plan_event e ON e.service = $1::text AND e.at = j.at
LEFT JOIN plan p ON p.service = e.service AND p.plan = e.plan
ORDER BY p.opened_for, length(e.plan), e.plan, e.version
