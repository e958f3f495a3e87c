-- Contract section 4 (what is known of a stage) and section 5 (what is derived from an episode).

-- Outcome, date, method and CO travel together, whether they came with the episode or later; a blank outcome tells nothing.
CREATE VIEW oracle.bundle AS
SELECT known_at, service, provider, episode_id, told.*, seq
FROM oracle.in_force
JOIN oracle.sent_episode AS episode USING (service, provider, period, version)
CROSS JOIN LATERAL (VALUES
    ('4W', outcome_4w, follow_up_4w_date, follow_up_4w_method, co_4w_ppm, co_4w_date),
    ('12W', outcome_12w, follow_up_12w_date, NULL, co_12w_ppm, NULL),
    ('26W', outcome_26w, follow_up_26w_date, NULL, NULL, NULL),
    ('52W', outcome_52w, follow_up_52w_date, NULL, NULL, NULL)
) AS told (stage, outcome, date, method, co_ppm, co_date)
WHERE part = 0 AND outcome IS NOT NULL
UNION ALL
SELECT known_at, service, provider, episode_id, stage, outcome, date, method, co_ppm, co_date, seq
FROM oracle.in_force
JOIN oracle.sent_follow_up AS follow_up USING (service, provider, period, version)
WHERE part = 1 AND outcome IS NOT NULL;

-- The later date counts, the undated come before all, on equal dates the version received later.
CREATE MATERIALIZED VIEW oracle.known_bundle AS
SELECT DISTINCT ON (known_at, service, provider, episode_id, stage) *
FROM oracle.bundle
ORDER BY known_at, service, provider, episode_id, stage, date DESC NULLS LAST, seq DESC;

-- The list of sites of a period: its own, else that of the latest earlier period that sent one.
CREATE VIEW oracle.site_of AS
SELECT DISTINCT ON (known_at, service, provider, period, site_id)
    asked.known_at, asked.service, asked.provider, asked.period, site_id, setting
FROM (SELECT * FROM oracle.in_force WHERE part = 0) AS asked
CROSS JOIN LATERAL (
    SELECT period AS list_period, version AS list_version
    FROM oracle.in_force AS list
    WHERE part = 7 AND (list.known_at, list.service, list.provider) = (asked.known_at, asked.service, asked.provider)
        AND list.period <= asked.period
    ORDER BY list.period DESC LIMIT 1
) AS newest
JOIN oracle.sent_site AS site ON (site.service, site.provider, site.period::int, site.version) = (asked.service, asked.provider, list_period, list_version)
ORDER BY known_at, service, provider, period, site_id;

CREATE MATERIALIZED VIEW oracle.known_episode AS
SELECT e.known_at, e.service, e.provider, e.period, e.episode_id, client_id, local_authority, quit_date,
    age_at_quit_date AS age, site, imd_quintile, gender, sexual_orientation, ethnic_category, nssec, free_prescription, pregnant, intervention_type,
    coalesce(e.setting, site_of.setting) AS setting, aid, serious_mental_illness, satisfaction,
    homeless, substance_misuse, extended_support, long_term_conditions, housing_tenure, delivery_date, smoking_at_delivery,
    w4.outcome AS outcome4, w4.date AS date4, w4.method AS method4, w4.co_ppm AS co4, coalesce(w4.co_date, w4.date) AS read4,
    w4.co_date IS NOT NULL AS read_is_dated4,
    w12.outcome AS outcome12, w12.date AS date12, w12.co_ppm AS co12,
    w26.outcome AS outcome26, w26.date AS date26,
    w52.outcome AS outcome52, w52.date AS date52
FROM (
    SELECT * FROM oracle.in_force JOIN oracle.sent_episode AS episode USING (service, provider, period, version) WHERE part = 0
) AS e
LEFT JOIN oracle.known_bundle AS w4 ON (w4.known_at, w4.service, w4.provider, w4.episode_id, w4.stage)
    = (e.known_at, e.service, e.provider, e.episode_id, '4W')
LEFT JOIN oracle.known_bundle AS w12 ON (w12.known_at, w12.service, w12.provider, w12.episode_id, w12.stage)
    = (e.known_at, e.service, e.provider, e.episode_id, '12W')
LEFT JOIN oracle.known_bundle AS w26 ON (w26.known_at, w26.service, w26.provider, w26.episode_id, w26.stage)
    = (e.known_at, e.service, e.provider, e.episode_id, '26W')
LEFT JOIN oracle.known_bundle AS w52 ON (w52.known_at, w52.service, w52.provider, w52.episode_id, w52.stage)
    = (e.known_at, e.service, e.provider, e.episode_id, '52W')
LEFT JOIN oracle.site_of ON (site_of.known_at, site_of.service, site_of.provider, site_of.period, site_of.site_id)
    = (e.known_at, e.service, e.provider, e.period, e.site);

-- Section 8: the items that an episode requires, but for the 4-week outcome, which waits until it is due.
CREATE MATERIALIZED VIEW oracle.item AS
SELECT known_at, service, provider, period, episode_id, item,
    value IS NOT NULL AND value <> ALL (unknown) AND NOT (declined_is_unknown AND value = ANY (declined)) AS is_complete
FROM oracle.known_episode
JOIN oracle.rules USING (service)
CROSS JOIN LATERAL (VALUES
    ('ethnicCategory', left(ethnic_category, 1), '{}'::text[], '{Z}'::text[], true),
    ('gender', gender, '{X}', '{Z}', true),
    ('sexualOrientation', sexual_orientation, '{}', '{Z,U}', period >= 2024 * 4),
    ('nssec', nssec, '{96}', '{}', true),
    ('freePrescription', free_prescription::text, '{}', '{}', true),
    ('pregnant', pregnant::text, '{}', '{}', gender IS DISTINCT FROM '1'),
    ('interventionType', intervention_type, '{}', '{}', true),
    ('setting', setting, '{}', '{}', true),
    ('aid', aid, '{99,LK}', '{}', true)
) AS items (item, value, unknown, declined, is_required)
WHERE is_required;

-- Each episode at each day that is asked about.
CREATE MATERIALIZED VIEW oracle.episode_at AS
WITH items AS (
    SELECT known_at, service, provider, episode_id, count(*) AS required, count(*) FILTER (WHERE is_complete) AS complete
    FROM oracle.item GROUP BY known_at, service, provider, episode_id
), known AS (
    SELECT e.*, required, complete, co_below, still_quit, only_respondents, to4, to12, to26, to52,
        coalesce(date4 - quit_date BETWEEN from4 AND to4, false) AS counts4,
        coalesce(read4 - quit_date BETWEEN from4 AND to4, false) AS read_counts4,
        coalesce(date12 - quit_date BETWEEN from12 AND to12, false) AS counts12,
        coalesce(date26 - quit_date BETWEEN from26 AND to26, false) AS counts26,
        coalesce(date52 - quit_date BETWEEN from52 AND to52, false) AS counts52
    FROM oracle.known_episode AS e
    JOIN oracle.rules USING (service)
    JOIN items USING (known_at, service, provider, episode_id)
), due AS (
    SELECT known.*, as_at,
        quit_date + to4 < as_at AS due4, quit_date + to12 < as_at AS due12,
        quit_date + to26 < as_at AS due26, quit_date + to52 < as_at AS due52
    FROM known JOIN (SELECT DISTINCT service, known_at, as_at FROM oracle.ask) AS asked USING (service, known_at)
), at4 AS (
    SELECT due.*,
        due4 AND counts4 AND outcome4 = '1' IS TRUE AS quit4,
        due4 AND counts4 AND outcome4 = '2' IS TRUE AS not_quit4
    FROM due
), at12 AS (
    SELECT at4.*, due12 AND (quit4 OR NOT still_quit) AND counts12 AND outcome12 = '1' IS TRUE AS quit12 FROM at4
)
SELECT known_at, as_at, service, provider, period, episode_id, local_authority,
    oracle.quarter_of(quit_date) AS quarter0, oracle.quarter_of(quit_date + to12) AS quarter12,
    oracle.quarter_of(quit_date + to26) AS quarter26, oracle.quarter_of(quit_date + to52) AS quarter52,
    due4, due12, due26, due52, quit4, due4 AND NOT quit4 AND NOT not_quit4 AS lost4,
    quit4 AND co4 < co_below IS TRUE AND read_counts4 AND (read_is_dated4 OR coalesce(method4, 'FACE_TO_FACE') = 'FACE_TO_FACE') AS co_verified4,
    quit4 AND (satisfaction IS NOT NULL OR NOT only_respondents) AS asked_satisfaction,
    quit4 AND satisfaction IN (4, 5) IS TRUE AS satisfied,
    due12 AND quit4 AND NOT (counts12 AND outcome12 IN ('1', '2') IS TRUE) AS lost12,
    quit12, quit12 AND co12 < co_below IS TRUE AS co_verified12,
    due26 AND counts26 AND outcome26 IN ('1', '2') IS TRUE AS known26,
    due52 AND counts52 AND outcome52 IN ('1', '2') IS TRUE AS known52,
    required + due4::int AS required, complete + (due4 AND outcome4 IS NOT NULL)::int AS complete,
    imd_quintile, nssec, ethnic_category, serious_mental_illness, pregnant, gender,
    extended_support IS TRUE AS extended, long_term_conditions IS NOT NULL AS has_condition, smoking_at_delivery IS FALSE AS smoke_free,
    smoking_at_delivery IS NOT NULL OR delivery_date < as_at IS TRUE AS delivered
FROM at12;

-- The cells of the national returns in force, and what they come to.
CREATE MATERIALIZED VIEW oracle.cell AS
SELECT v.known_at, v.service, v.provider, v.period, c.part, key_1, key_2, measure, value::bigint
FROM oracle.in_force AS v
JOIN oracle.sent_national_cell AS c ON (c.service, c.provider, c.period::int, c.version) = (v.service, v.provider, v.period, v.version)
WHERE v.part = 10;
