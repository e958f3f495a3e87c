-- Contract section 6: of each KPI the numerator, the denominator, what of its cohort is due, what still waits and what is
-- unknown, by provider, authority and quarter.

-- The spans of quarters that an ask adds up. `service_wide` is the service's own figure beside a provider's, for the shares.
CREATE MATERIALIZED VIEW oracle.span AS
SELECT ask.*, span, service_wide, until, CASE span WHEN 'QUARTER' THEN until ELSE until / 4 * 4 END AS since
FROM oracle.ask
CROSS JOIN (VALUES ('QUARTER', 0, false), ('YEAR', 0, false), ('BEFORE', 1, false), ('QUARTER', 0, true), ('YEAR', 0, true)) AS spans (span, back, service_wide)
CROSS JOIN LATERAL (SELECT period - back AS until) AS u
WHERE provider IS NOT NULL OR NOT service_wide;

CREATE MATERIALIZED VIEW oracle.span_quarter AS
SELECT span.*, quarter FROM oracle.span CROSS JOIN LATERAL generate_series(since, until) AS quarter;

-- Only these need counting.
CREATE MATERIALIZED VIEW oracle.asked_quarter AS
SELECT DISTINCT service, known_at, as_at, quarter FROM oracle.span_quarter;

CREATE VIEW oracle.count_quit_date AS
SELECT known_at, as_at, service, provider, local_authority, quarter0 AS period, counted.*
FROM (
    SELECT known_at, as_at, service, provider, local_authority, quarter0, count(*) AS set_quit_date,
        count(*) FILTER (WHERE due4) AS due4, count(*) FILTER (WHERE NOT due4) AS waiting,
        count(*) FILTER (WHERE quit4) AS quit4, count(*) FILTER (WHERE co_verified4) AS co_verified4,
        count(*) FILTER (WHERE lost4) AS lost4,
        count(*) FILTER (WHERE satisfied) AS satisfied, count(*) FILTER (WHERE asked_satisfaction) AS asked_satisfaction,
        sum(required)::bigint AS required, sum(complete)::bigint AS complete,
        count(*) FILTER (WHERE imd_quintile = 1) AS deprived, count(*) FILTER (WHERE imd_quintile IS NULL) AS no_imd,
        count(*) FILTER (WHERE nssec = '08') AS manual, count(*) FILTER (WHERE nssec IS NULL OR nssec = '96') AS no_nssec,
        count(*) FILTER (WHERE ethnic_category IN ('CT', 'CK', 'CY')) AS turkish,
        count(*) FILTER (WHERE left(ethnic_category, 1) IN ('M', 'N', 'P')) AS black,
        count(*) FILTER (WHERE left(ethnic_category, 1) = 'K') AS bangladeshi,
        count(*) FILTER (WHERE ethnic_category = 'CE') AS eastern,
        count(*) FILTER (WHERE ethnic_category IS NULL OR left(ethnic_category, 1) = 'Z') AS no_ethnic,
        count(*) FILTER (WHERE serious_mental_illness) AS ill, count(*) FILTER (WHERE serious_mental_illness IS NULL) AS no_ill,
        count(*) FILTER (WHERE pregnant) AS pregnant,
        count(*) FILTER (WHERE pregnant IS NULL AND gender IS DISTINCT FROM '1') AS no_pregnant
    FROM oracle.episode_at
    JOIN oracle.asked_quarter USING (service, known_at, as_at)
    WHERE quarter = quarter0
    GROUP BY known_at, as_at, service, provider, local_authority, quarter0
) AS n
CROSS JOIN LATERAL (VALUES
    ('1.1', set_quit_date, NULL::bigint, set_quit_date, 0::bigint, NULL::bigint),
    ('1.2', CASE local_authority WHEN 'E09000012' THEN set_quit_date ELSE 0 END, NULL, set_quit_date, 0, NULL),
    ('1.3', CASE local_authority WHEN 'E09000001' THEN set_quit_date ELSE 0 END, NULL, set_quit_date, 0, NULL),
    ('1.4', quit4, due4, due4, waiting, NULL),
    ('1.5', quit4, due4, due4, waiting, NULL),
    ('1.6', co_verified4, quit4, due4, waiting, NULL),
    ('1.9', lost4, due4, due4, waiting, NULL),
    ('1.13', satisfied, asked_satisfaction, due4, waiting, NULL),
    ('1.14', complete, required, set_quit_date, waiting, NULL),
    ('4.1', deprived, set_quit_date, set_quit_date, 0, no_imd),
    ('4.2', manual, set_quit_date, set_quit_date, 0, no_nssec),
    ('4.3a', turkish, set_quit_date, set_quit_date, 0, no_ethnic),
    ('4.3b', black, set_quit_date, set_quit_date, 0, no_ethnic),
    ('4.3c', bangladeshi, set_quit_date, set_quit_date, 0, no_ethnic),
    ('4.3d', eastern, set_quit_date, set_quit_date, 0, no_ethnic),
    ('4.4', ill, set_quit_date, set_quit_date, 0, no_ill),
    ('4.5', pregnant, set_quit_date, set_quit_date, 0, no_pregnant)
) AS counted (ref, numerator, denominator, due, waiting, unknown);

CREATE VIEW oracle.count_late
    (known_at, as_at, service, provider, local_authority, period, ref, numerator, denominator, due, waiting, unknown) AS
SELECT known_at, as_at, service, provider, local_authority, cohort, ref,
    count(*) FILTER (WHERE is_due AND is_numerator), count(*) FILTER (WHERE is_due AND is_denominator),
    count(*) FILTER (WHERE is_due), count(*) FILTER (WHERE NOT is_due), NULL::bigint
FROM oracle.episode_at
CROSS JOIN LATERAL (VALUES
    ('1.7', quarter12, due12, quit12, true),
    ('1.8', quarter12, due12, co_verified12, quit12),
    ('1.10', quarter26, due26, known26 AND quit4, quit4),
    ('1.11', quarter52, due52, known52 AND quit4, quit4)
) AS late (ref, cohort, is_due, is_numerator, is_denominator)
JOIN oracle.asked_quarter USING (service, known_at, as_at)
WHERE quarter = cohort
GROUP BY known_at, as_at, service, provider, local_authority, cohort, ref;

-- A person on the pathway who went on to quit (by an episode of the same provider) is left out on both sides.
CREATE VIEW oracle.count_harm_reduction
    (known_at, as_at, service, provider, local_authority, period, ref, numerator, denominator, due, waiting, unknown) AS
SELECT known_at, as_at, service, provider, local_authority, period, '1.12',
    count(*) FILTER (WHERE NOT has_quit AND outcome IN ('CUT_DOWN_HALF_OR_MORE', 'PARTIAL_SWITCH', 'TEMPORARY_ABSTINENCE')),
    count(*) FILTER (WHERE NOT has_quit), count(*), 0::bigint, NULL::bigint
FROM (
    SELECT h.known_at, as_at, h.service, h.provider, h.local_authority, h.period, h.outcome, coalesce(quit4, false) AS has_quit
    FROM (SELECT * FROM oracle.in_force JOIN oracle.sent_harm_reduction AS harm_reduction USING (service, provider, period, version) WHERE part = 2) AS h
    JOIN (SELECT DISTINCT service, known_at, as_at FROM oracle.ask) AS asked USING (service, known_at)
    LEFT JOIN oracle.episode_at AS e USING (known_at, as_at, service, provider, episode_id)
) AS pathway
GROUP BY known_at, as_at, service, provider, local_authority, period;

CREATE VIEW oracle.count_referrals
    (known_at, as_at, service, provider, local_authority, period, ref, numerator, denominator, due, waiting, unknown) AS
SELECT known_at, as_at, service, provider, local_authority, period, ref,
    count(*) FILTER (WHERE last_day < as_at AND worked_until <= days), count(*) FILTER (WHERE last_day < as_at),
    count(*) FILTER (WHERE last_day < as_at), count(*) FILTER (WHERE last_day >= as_at), NULL::bigint
FROM (
    SELECT known_at, r.service, provider, local_authority, period, limits.*, answered.worked - received.worked AS worked_until
    FROM (SELECT * FROM oracle.in_force JOIN oracle.sent_referral AS referral USING (service, provider, period, version) WHERE part = 3) AS r
    JOIN oracle.calendar AS received ON (received.service, received.day) = (r.service, received_date)
    CROSS JOIN LATERAL (VALUES
        ('2.2', 2, second_after, contacted_date), ('2.3', 5, fifth_after, first_appointment_offered_date)
    ) AS limits (ref, days, last_day, answered_on)
    LEFT JOIN oracle.calendar AS answered ON (answered.service, answered.day) = (r.service, answered_on)
) AS referred
JOIN (SELECT DISTINCT service, known_at, as_at FROM oracle.ask) AS asked USING (service, known_at)
GROUP BY known_at, as_at, service, provider, local_authority, period, ref;

-- Calls and training have no authority and do not depend on the day.
CREATE VIEW oracle.count_contacts (known_at, service, provider, period, ref, numerator, denominator, due) AS
SELECT known_at, service, provider, period, '2.1', sum(calls_answered_first_time)::bigint, sum(calls_received)::bigint, count(*)
FROM oracle.in_force JOIN oracle.sent_contact AS contact USING (service, provider, period, version)
WHERE part = 4
GROUP BY known_at, service, provider, period;

CREATE VIEW oracle.count_training (known_at, service, provider, period, ref, numerator, denominator, due) AS
SELECT known_at, service, provider, period, counted.*
FROM (
    SELECT known_at, service, provider, period, count(*) AS sessions,
        count(*) FILTER (WHERE type = 'VBA' AND attendees >= 6) AS vba,
        count(*) FILTER (WHERE type = 'PRACTITIONER' AND attendees >= 6) AS practitioner,
        count(*) FILTER (WHERE type = 'REFRESHER' AND attendees >= 6) AS refresher,
        coalesce(sum(rated_good_or_very_good), 0)::bigint AS good, coalesce(sum(ratings_received), 0)::bigint AS ratings
    FROM oracle.in_force JOIN oracle.sent_training_session AS training_session USING (service, provider, period, version)
    WHERE part = 5
    GROUP BY known_at, service, provider, period
) AS n
CROSS JOIN LATERAL (VALUES
    ('3.1', vba, NULL::bigint, sessions), ('3.2', practitioner, NULL, sessions), ('3.3', refresher, NULL, sessions),
    ('3.4', good, ratings, sessions)
) AS counted (ref, numerator, denominator, due);

-- Section 4: a provider without client records. Final, so nothing waits and no day is asked; of no authority.
CREATE MATERIALIZED VIEW oracle.count_national (known_at, service, provider, period, ref, numerator, denominator, due, unknown) AS
SELECT known_at, service, provider, period, counted.*
FROM (
    SELECT known_at, service, provider, period,
        sum(value) FILTER (WHERE part = '1A' AND measure = 'SET') AS set_a, sum(value) FILTER (WHERE part = '1B' AND measure = 'SET') AS set_b,
        sum(value) FILTER (WHERE part = '1B' AND measure = 'QUIT') AS quit, sum(value) FILTER (WHERE part = '1B' AND measure = 'LOST') AS lost,
        sum(value) FILTER (WHERE part = '1B' AND measure = 'CO_VALIDATED') AS verified,
        sum(value) FILTER (WHERE part = '1E' AND measure = 'SET' AND key_1 = '08') AS manual,
        sum(value) FILTER (WHERE part = '1E' AND measure = 'SET' AND key_1 = '96') AS no_nssec,
        sum(value) FILTER (WHERE part = '1A' AND measure = 'SET' AND key_1 IN ('M', 'N', 'P')) AS black,
        sum(value) FILTER (WHERE part = '1A' AND measure = 'SET' AND key_1 = 'K') AS bangladeshi,
        sum(value) FILTER (WHERE part = '1A' AND measure = 'SET' AND key_1 = 'Z') AS no_ethnic,
        sum(value) FILTER (WHERE part = '1C' AND measure <> 'CO_VALIDATED') AS pregnant,
        count(*) FILTER (WHERE part < '2' AND NOT (part = '1F' AND key_1 = 'S1')) AS cells,
        CASE WHEN period >= 2024 * 4 THEN 468 ELSE 204 END AS mandatory
    FROM oracle.cell GROUP BY known_at, service, provider, period
) AS n
CROSS JOIN LATERAL (VALUES
    ('1.1', set_a, NULL::numeric, set_a, NULL::numeric), ('1.4', quit, set_b, set_b, NULL), ('1.5', quit, set_b, set_b, NULL),
    ('1.6', verified, quit, set_b, NULL), ('1.9', lost, set_b, set_b, NULL), ('1.14', cells, mandatory, mandatory, NULL),
    ('4.2', manual, set_a, set_a, no_nssec), ('4.3b', black, set_a, set_a, no_ethnic), ('4.3c', bangladeshi, set_a, set_a, no_ethnic),
    ('4.5', pregnant, set_a, set_a, NULL)
) AS counted (ref, numerator, denominator, due, unknown);

CREATE MATERIALIZED VIEW oracle.counted AS
SELECT * FROM oracle.count_quit_date
UNION ALL SELECT * FROM oracle.count_late
UNION ALL SELECT * FROM oracle.count_harm_reduction
UNION ALL SELECT * FROM oracle.count_referrals
UNION ALL
SELECT known_at, as_at, service, provider, NULL, period, ref, numerator::bigint, denominator::bigint, due::bigint, 0, unknown::bigint
FROM (
    SELECT *, NULL::numeric AS unknown FROM oracle.count_contacts
    UNION ALL SELECT *, NULL FROM oracle.count_training
    UNION ALL SELECT * FROM oracle.count_national
) AS n
JOIN (SELECT DISTINCT service, known_at, as_at FROM oracle.ask) AS asked USING (service, known_at);
