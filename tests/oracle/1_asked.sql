-- The oracle: sections 5, 6, 8 and 9 of the contract a second time, in SQL over the stored rows, written from the contract
-- alone. It shares nothing with kpi/, and must never be changed to agree with it: where the two differ, the contract decides.
--
-- oracle.ask holds the questions, of one service or several; oracle.refresh() works out the materialized views in their order; then
-- oracle.dashboard, oracle.dashboard_head, oracle.completeness..., oracle.payment are the answers, one row an ask (and KPI).
-- A column named like "quarter.value" is the place of its value in the service's answer. All numbers are bigint or numeric.

CREATE SCHEMA oracle;

-- The rows as tables: they lie in packs, and what is asked of them here joins them many times.
CREATE MATERIALIZED VIEW oracle.sent_episode AS SELECT * FROM quarterday.episode;
CREATE MATERIALIZED VIEW oracle.sent_follow_up AS SELECT * FROM quarterday.follow_up;
CREATE MATERIALIZED VIEW oracle.sent_site AS SELECT * FROM quarterday.site;
CREATE MATERIALIZED VIEW oracle.sent_national_cell AS SELECT * FROM quarterday.national_cell;
CREATE MATERIALIZED VIEW oracle.sent_harm_reduction AS SELECT * FROM quarterday.harm_reduction;
CREATE MATERIALIZED VIEW oracle.sent_referral AS SELECT * FROM quarterday.referral;
CREATE MATERIALIZED VIEW oracle.sent_contact AS SELECT * FROM quarterday.contact;
CREATE MATERIALIZED VIEW oracle.sent_training_session AS SELECT * FROM quarterday.training_session;

CREATE TABLE oracle.ask (
    ask             int PRIMARY KEY,
    service         text COLLATE "C" NOT NULL,
    provider        text COLLATE "C",              -- NULL: the whole service
    local_authority text COLLATE "C",              -- NULL: wherever
    period          int NOT NULL,                  -- start year * 4 + quarter - 1
    as_at           date NOT NULL,
    known_at        timestamptz NOT NULL DEFAULT 'infinity',
    measure         text NOT NULL,                 -- of its breakdown, with the dimensions and the view
    first           text NOT NULL,
    second          text,
    year_to_date    boolean NOT NULL
);

CREATE FUNCTION oracle.quarter_of(day date) RETURNS int IMMUTABLE LANGUAGE sql
    RETURN (extract(year FROM day)::int * 12 + extract(month FROM day)::int - 4) / 3;

CREATE FUNCTION oracle.first_day(quarter int) RETURNS date IMMUTABLE LANGUAGE sql
    RETURN (make_date(quarter / 4, 4, 1) + make_interval(months => quarter % 4 * 3))::date;

CREATE FUNCTION oracle.quarter_name(quarter int) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN format('%s-%s-Q%s', quarter / 4, to_char((quarter / 4 + 1) % 100, 'FM00'), quarter % 4 + 1);

CREATE FUNCTION oracle.year_name(quarter int) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN format('%s-%s', quarter / 4, to_char((quarter / 4 + 1) % 100, 'FM00'));

CREATE FUNCTION oracle.percent(part bigint, whole bigint) RETURNS numeric IMMUTABLE LANGUAGE sql
    RETURN CASE WHEN whole > 0 THEN round(part * 100::numeric / whole, 2) END;

-- ---- what the service's framework says -----------------------------------------------------------------------------

CREATE MATERIALIZED VIEW oracle.framework AS
SELECT DISTINCT ON (service) service, framework.id, framework.version, body::jsonb AS body
FROM (SELECT DISTINCT service FROM oracle.ask) AS asked
JOIN quarterday.service USING (service)
JOIN quarterday.framework ON framework.id = service.framework_id
ORDER BY service, framework.version DESC;

CREATE MATERIALIZED VIEW oracle.rules AS
SELECT service,
    coalesce((body #>> '{settings,windows,4W,from}')::int, 25) AS from4,
    coalesce((body #>> '{settings,windows,4W,to}')::int, 42) AS to4,
    coalesce((body #>> '{settings,windows,12W,from}')::int, 81) AS from12,
    coalesce((body #>> '{settings,windows,12W,to}')::int, 98) AS to12,
    coalesce((body #>> '{settings,windows,26W,from}')::int, 168) AS from26,
    coalesce((body #>> '{settings,windows,26W,to}')::int, 210) AS to26,
    coalesce((body #>> '{settings,windows,52W,from}')::int, 351) AS from52,
    coalesce((body #>> '{settings,windows,52W,to}')::int, 393) AS to52,
    coalesce((body #>> '{settings,coVerifiedBelow}')::int, 10) AS co_below,
    coalesce((body #>> '{settings,stillQuit}')::boolean, true) AS still_quit,
    coalesce(body #>> '{settings,satisfactionBase}', 'ALL_QUITTERS') = 'RESPONDENTS' AS only_respondents,
    coalesce(body #>> '{settings,declinedCountsAs}', 'COMPLETE') = 'UNKNOWN' AS declined_is_unknown,
    coalesce((body #>> '{deadlines,followUpDays}')::int, 42) AS follow_up_days,
    coalesce((body #>> '{deadlines,nationalDays}')::int, 28) AS national_days
FROM oracle.framework;

-- The contract's table of KPIs: whose rows (the number of the part), and by which window's end (NULL: by the quit date, or
-- the return's own period).
CREATE TABLE oracle.kpi_source (ref text PRIMARY KEY, part int NOT NULL, stage text);
INSERT INTO oracle.kpi_source VALUES
    ('1.1', 0, NULL), ('1.2', 0, NULL), ('1.3', 0, NULL), ('1.4', 0, NULL), ('1.5', 0, NULL), ('1.6', 0, NULL),
    ('1.7', 0, '12W'), ('1.8', 0, '12W'), ('1.9', 0, NULL), ('1.10', 0, '26W'), ('1.11', 0, '52W'), ('1.12', 2, NULL),
    ('1.13', 0, NULL), ('1.14', 0, NULL), ('2.1', 4, NULL), ('2.2', 3, NULL), ('2.3', 3, NULL), ('3.1', 5, NULL),
    ('3.2', 5, NULL), ('3.3', 5, NULL), ('3.4', 5, NULL), ('4.1', 0, NULL), ('4.2', 0, NULL), ('4.3a', 0, NULL),
    ('4.3b', 0, NULL), ('4.3c', 0, NULL), ('4.3d', 0, NULL), ('4.4', 0, NULL), ('4.5', 0, NULL);

CREATE TABLE oracle.part_name (part int PRIMARY KEY, name text);
INSERT INTO oracle.part_name VALUES (0, 'episodes'), (1, 'follow-ups'), (2, 'harm-reduction'), (3, 'referrals'),
    (4, 'contacts'), (5, 'training-sessions'), (6, 'advisers'), (7, 'sites'), (10, 'national');

-- Of whose KPIs over episodes a national return tells (section 4).
CREATE TABLE oracle.national_kpi (ref text PRIMARY KEY);
INSERT INTO oracle.national_kpi VALUES ('1.1'), ('1.4'), ('1.5'), ('1.6'), ('1.9'), ('1.14'), ('4.2'), ('4.3b'), ('4.3c'), ('4.5');

-- Targets and tolerances of each rated quarter. A count's target to date is its profile's share, for training whole sessions;
-- the quarter's own target is what that adds to the quarter before.
CREATE MATERIALIZED VIEW oracle.kpi AS
WITH said AS (
    SELECT service, place::int - 1 AS place, kpi ->> 'ref' AS ref, left(year, 4)::int AS year,
        kpi || coalesce(kpi -> 'years' -> year, '{}') AS kpi, '[25, 50, 75, 100]'::jsonb AS usual_profile
    FROM oracle.framework
    CROSS JOIN LATERAL jsonb_array_elements(body -> 'kpis') WITH ORDINALITY AS listed (kpi, place)
    CROSS JOIN LATERAL jsonb_array_elements_text(body -> 'years') AS year
), target AS (
    SELECT said.*, part, stage, year * 4 + quarter AS period, kpi ->> 'unit' = 'COUNT' AS is_count,
        coalesce((kpi ->> 'wholeUnits')::boolean, false) AS whole_units, (kpi ->> 'target')::numeric AS target,
        (coalesce(kpi -> 'profile', usual_profile) ->> quarter)::numeric AS share,
        CASE quarter WHEN 0 THEN 0 ELSE (coalesce(kpi -> 'profile', usual_profile) ->> quarter - 1)::numeric END AS share_before
    FROM said JOIN oracle.kpi_source USING (ref) CROSS JOIN generate_series(0, 3) AS quarter
), aimed AS (
    SELECT target.*,
        CASE WHEN whole_units THEN floor(target * share / 100) WHEN is_count THEN target * share / 100 ELSE target END AS to_date,
        CASE WHEN whole_units THEN floor(target * share_before / 100) WHEN is_count THEN target * share_before / 100 ELSE 0 END AS before
    FROM target
)
SELECT service, place, ref, period, part, stage, is_count, target, share, to_date, to_date - before AS of_quarter,
    kpi ->> 'direction' = 'LOWER' AS lower_is_better,
    coalesce((kpi ->> 'strict')::boolean, false) AS is_strict,
    coalesce(kpi #>> '{tolerance,kind}', CASE WHEN whole_units THEN 'WHOLE' ELSE 'RELATIVE' END) AS tolerance,
    coalesce((kpi #>> '{tolerance,value}')::numeric, CASE WHEN whole_units THEN 1 ELSE 5 END) AS tolerated,
    (kpi #>> '{tolerance,green}')::numeric AS green_from,
    (kpi #>> '{tolerance,red}')::numeric AS red_to,
    kpi ? 'tolerance' AS tolerance_is_own
FROM aimed;

-- Who is expected to send which part, from when to when.
CREATE MATERIALIZED VIEW oracle.expected AS
SELECT service, provider ->> 'id' AS provider, part,
    coalesce(oracle.quarter_of(make_date(left(provider ->> 'from', 4)::int, 4, 1)) + right(provider ->> 'from', 1)::int - 1, 0) AS from_period,
    coalesce(oracle.quarter_of(make_date(left(provider ->> 'to', 4)::int, 4, 1)) + right(provider ->> 'to', 1)::int - 1, 99999) AS to_period
FROM oracle.framework
CROSS JOIN LATERAL jsonb_array_elements(body -> 'providers') AS listed (provider)
CROSS JOIN LATERAL jsonb_array_elements_text(provider -> 'expectedParts') AS expected (name)
JOIN oracle.part_name USING (name);

-- Every day with the number of working days up to and including it, and the second and fifth working day after it.
CREATE MATERIALIZED VIEW oracle.calendar AS
WITH holiday AS MATERIALIZED (
    SELECT service, day::date FROM oracle.framework CROSS JOIN LATERAL jsonb_array_elements_text(body -> 'bankHolidays') AS listed (day)
), every AS (
    SELECT service, day::date FROM oracle.framework CROSS JOIN generate_series('2022-01-01'::timestamp, '2027-12-31', '1 day') AS day
), judged AS (
    SELECT service, day, extract(isodow FROM day) < 6 AND holiday.day IS NULL AS is_working
    FROM every LEFT JOIN holiday USING (service, day)
), counted AS (
    SELECT service, day, is_working, count(*) FILTER (WHERE is_working) OVER (PARTITION BY service ORDER BY day) AS worked FROM judged
)
SELECT c.service, c.day, c.worked, second.day AS second_after, fifth.day AS fifth_after
FROM counted AS c
LEFT JOIN counted AS second ON (second.service, second.is_working, second.worked) = (c.service, true, c.worked + 2)
LEFT JOIN counted AS fifth ON (fifth.service, fifth.is_working, fifth.worked) = (c.service, true, c.worked + 5);

-- ---- which versions count ------------------------------------------------------------------------------------------

CREATE MATERIALIZED VIEW oracle.in_force AS
SELECT DISTINCT ON (known_at, service, provider, period, part) known_at, service, provider, period::int, part::int, version, seq, rows
FROM (SELECT DISTINCT service, known_at FROM oracle.ask) AS known
JOIN quarterday.version USING (service)
WHERE received_at <= known_at
ORDER BY known_at, service, provider, period, part, version DESC;

-- A period has episodes or national, not both (section 4): where both are there one of them is a nil return, which took it back. Of two
-- nil returns the episodes stand.
CREATE MATERIALIZED VIEW oracle.standing AS
SELECT * FROM oracle.in_force AS v
WHERE CASE part
    WHEN 0 THEN NOT EXISTS (
        SELECT FROM oracle.in_force AS n
        WHERE (n.known_at, n.service, n.provider, n.period, n.part) = (v.known_at, v.service, v.provider, v.period, 10) AND n.rows > 0)
    WHEN 10 THEN rows > 0 OR NOT EXISTS (
        SELECT FROM oracle.in_force AS e
        WHERE (e.known_at, e.service, e.provider, e.period, e.part) = (v.known_at, v.service, v.provider, v.period, 0))
    ELSE true END;
