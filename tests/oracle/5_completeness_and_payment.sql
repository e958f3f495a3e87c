-- Contract section 8 (completeness; asks of a provider are about its own return) and section 9 (payment by results).

CREATE MATERIALIZED VIEW oracle.item_at AS
SELECT ask, item.provider, episode_id, item, is_complete
FROM oracle.ask
JOIN oracle.item USING (service, known_at, period)
WHERE ask.provider IS NULL OR item.provider = ask.provider
UNION ALL
SELECT ask, e.provider, e.episode_id, 'outcome4w', outcome4 IS NOT NULL
FROM oracle.ask
JOIN oracle.known_episode AS e USING (service, known_at, period)
JOIN oracle.rules USING (service)
WHERE (ask.provider IS NULL OR e.provider = ask.provider) AND quit_date + to4 < as_at;

CREATE VIEW oracle.completeness_by_item AS
SELECT ask.ask, items.item, count(is_complete) FILTER (WHERE is_complete) AS "complete", count(is_complete) AS "required",
    oracle.percent(count(is_complete) FILTER (WHERE is_complete), count(is_complete)) AS "value"
FROM oracle.ask
CROSS JOIN unnest('{ethnicCategory,gender,sexualOrientation,nssec,freePrescription,pregnant,interventionType,setting,aid,outcome4w}'::text[]) AS items (item)
LEFT JOIN oracle.item_at ON (item_at.ask, item_at.item) = (ask.ask, items.item)
GROUP BY ask.ask, items.item;

-- Of a provider and quarter: the items of its episodes, or the mandatory cells of its national return.
CREATE VIEW oracle.complete_of AS
SELECT ask, provider, count(*) AS required, count(*) FILTER (WHERE is_complete) AS complete FROM oracle.item_at GROUP BY ask, provider
UNION ALL
SELECT ask, n.provider, n.denominator::bigint, n.numerator::bigint
FROM oracle.ask
JOIN oracle.count_national AS n ON (n.service, n.known_at, n.period, n.ref) = (ask.service, ask.known_at, ask.period, '1.14')
WHERE ask.provider IS NULL OR n.provider = ask.provider;

CREATE VIEW oracle.completeness_by_provider AS
SELECT ask.ask, p.provider, coalesce(complete, 0) AS "complete", coalesce(required, 0) AS "required", oracle.percent(complete, required) AS "value",
    EXISTS (SELECT FROM oracle.submitted AS s WHERE (s.service, s.known_at, s.provider, s.period) = (ask.service, ask.known_at, p.provider, ask.period)) AS "submitted"
FROM oracle.ask
JOIN quarterday.provider AS p ON p.service = ask.service
LEFT JOIN oracle.complete_of ON (complete_of.ask, complete_of.provider) = (ask.ask, p.provider)
WHERE ask.provider IS NULL OR p.provider = ask.provider;

-- Saturdays and Sundays roll on to Monday.
CREATE FUNCTION oracle.roll_to_monday(day date) RETURNS date IMMUTABLE LANGUAGE sql
    RETURN day + CASE extract(isodow FROM day)::int WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END;

-- No service here has sent finance, without which none is ready; a provider's own answer does not wait for it.
CREATE VIEW oracle.completeness AS
SELECT ask.ask, coalesce(complete, 0) AS "complete", coalesce(required, 0) AS "required", oracle.percent(complete, required) AS "value",
    coalesce(required - complete, 0) AS "incomplete.metadata.total", deadline AS "deadline", deadline - as_at AS "daysLeft",
    all_signed AND NOT still_open AND coalesce(required > 0 AND complete * 100 >= 95 * required, false)
        AND ask.provider IS NOT NULL AS "ready"
FROM oracle.ask
JOIN oracle.rules USING (service)
LEFT JOIN (
    SELECT ask, sum(required)::bigint AS required, sum(complete)::bigint AS complete FROM oracle.complete_of GROUP BY ask
) AS n USING (ask)
CROSS JOIN LATERAL (
    SELECT oracle.roll_to_monday(oracle.first_day(ask.period + 1) - 1 + follow_up_days) + national_days AS deadline,
        NOT EXISTS (
            SELECT FROM oracle.expected AS e
            WHERE e.service = ask.service AND ask.period BETWEEN from_period AND to_period AND (ask.provider IS NULL OR e.provider = ask.provider)
                AND NOT EXISTS (SELECT FROM oracle.submitted AS s WHERE (s.service, s.known_at, s.provider, s.period) = (ask.service, ask.known_at, e.provider, ask.period))
        ) AS all_signed,
        EXISTS (
            SELECT FROM oracle.known_episode AS e
            WHERE (e.service, e.known_at, e.period) = (ask.service, ask.known_at, ask.period) AND quit_date + to4 >= as_at
                AND (ask.provider IS NULL OR e.provider = ask.provider)
        ) AS still_open
) AS state
ORDER BY ask.ask;

-- Every incomplete cell.
CREATE VIEW oracle.incomplete AS
SELECT ask, provider, episode_id, item FROM oracle.item_at WHERE NOT is_complete;

-- The year of the ask's period.
CREATE VIEW oracle.payment AS
SELECT ask.ask, oracle.year_name(ask.period) AS "year", contract AS "contractValuePence", round(pool)::bigint AS "poolPence",
    quit4 AS "numerator", due4 AS "denominator", oracle.percent(quit4, due4) AS "ratePercent",
    CASE WHEN due4 = 0 THEN 0 ELSE
        -- pool × clamp((quit4/due4 − red) / (green − red), 0, 1) in one fraction, rounded half up once
        floor(pool * least(greatest(quit4 * 100 - red_to * due4, 0), (green_from - red_to) * due4) / ((green_from - red_to) * due4) + 0.5)::bigint
    END AS "paymentPence",
    CASE WHEN all_due AND EXISTS (SELECT FROM oracle.is_final AS f WHERE (f.service, f.period) = (ask.service, ask.period / 4 * 4 + 3) AND since <= known_at)
        THEN 'FINAL' ELSE 'FORECAST' END AS "status"
FROM oracle.ask
JOIN oracle.framework USING (service)
JOIN oracle.kpi ON (kpi.service, kpi.period) = (ask.service, ask.period) AND kpi.ref = body #>> '{payment,kpi}'
CROSS JOIN LATERAL (
    SELECT (body -> 'contractValuePence' ->> oracle.year_name(ask.period))::bigint AS contract
) AS c
CROSS JOIN LATERAL (SELECT contract * (body #>> '{payment,poolPercent}')::numeric / 100 AS pool) AS p
CROSS JOIN LATERAL (
    SELECT coalesce(sum(due), 0)::bigint AS due4, coalesce(sum(quit), 0)::bigint AS quit4, coalesce(bool_and(is_due), true) AS all_due
    FROM (
        SELECT due4::int::bigint AS due, quit4::int::bigint AS quit, due4 AS is_due FROM oracle.episode_at AS e
        WHERE (e.service, e.known_at, e.as_at) = (ask.service, ask.known_at, ask.as_at) AND e.period / 4 = ask.period / 4
        UNION ALL
        SELECT denominator, numerator, true FROM oracle.count_national AS c
        WHERE (c.service, c.known_at, c.ref) = (ask.service, ask.known_at, '1.4') AND c.period / 4 = ask.period / 4
    ) AS people
) AS n
WHERE ask.provider IS NULL AND ask.local_authority IS NULL
ORDER BY ask.ask;

-- Works out everything for the asks that are there.
CREATE PROCEDURE oracle.refresh() LANGUAGE plpgsql AS $$
DECLARE
    part text;
BEGIN
    ANALYZE oracle.ask;
    FOREACH part IN ARRAY '{sent_episode,sent_follow_up,sent_site,sent_national_cell,sent_harm_reduction,sent_referral,sent_contact,sent_training_session,framework,rules,kpi,expected,calendar,in_force,standing,known_bundle,known_episode,item,episode_at,cell,count_national,span,span_quarter,asked_quarter,counted,sent,summed,figure,item_at,episode_member}'::text[]
    LOOP
        EXECUTE format('REFRESH MATERIALIZED VIEW oracle.%I', part);
        EXECUTE format('ANALYZE oracle.%I', part);
    END LOOP;
END
$$;
