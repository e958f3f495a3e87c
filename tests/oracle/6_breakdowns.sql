-- Contract section 10: the breakdown of each ask, in lines: the cells that anybody is in, as "member[,member]/numerator/denominator", the
-- total, and what became of national returns.

CREATE TABLE oracle.dimension (place int PRIMARY KEY, name text);
INSERT INTO oracle.dimension
SELECT place, name FROM unnest('{gender,nssec,imdQuintile,ethnicGroup,seriousMentalIllness,pregnant,provider,localAuthority,ageBand,priorityGroup,setting,aid,interventionType,sexualOrientation,site,condition,housingTenure,homeless,substanceMisuse,source,destinationType,referrerOrganisation}'::text[])
    WITH ORDINALITY AS names (name, place);

CREATE FUNCTION oracle.flag(is_so boolean) RETURNS text IMMUTABLE LANGUAGE sql RETURN CASE WHEN is_so THEN 'Y' WHEN NOT is_so THEN 'N' END;

CREATE FUNCTION oracle.age_band(age int) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN CASE WHEN age < 18 THEN '01' WHEN age < 35 THEN '02' WHEN age < 45 THEN '03' WHEN age < 60 THEN '04' WHEN age >= 60 THEN '05' END;

-- One row in several groups, or in none.
CREATE FUNCTION oracle.groups(imd int, nssec text, ethnic text, ill boolean, pregnant boolean, multiple boolean) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN concat_ws(';', CASE WHEN imd = 1 THEN 'MOST_DEPRIVED' END, CASE WHEN nssec = '08' THEN 'ROUTINE_AND_MANUAL' END,
        CASE WHEN ethnic IN ('CT', 'CK', 'CY') THEN 'TURKISH_KURDISH_CYPRIOT' END, CASE WHEN left(ethnic, 1) IN ('M', 'N', 'P') THEN 'BLACK' END,
        CASE WHEN left(ethnic, 1) = 'K' THEN 'BANGLADESHI' END, CASE WHEN ethnic = 'CE' THEN 'EASTERN_EUROPEAN' END,
        CASE WHEN ill THEN 'SERIOUS_MENTAL_ILLNESS' END, CASE WHEN pregnant THEN 'PREGNANT' END, CASE WHEN multiple THEN 'MULTIPLE_NEEDS' END);

-- The members of a row by the place of the dimension, joined by ';' where it may have several. A blank pregnant of a man is N.
CREATE MATERIALIZED VIEW oracle.episode_member AS
SELECT known_at, service, provider, episode_id, ARRAY[
    gender, nssec, imd_quintile::text, left(ethnic_category, 1), oracle.flag(serious_mental_illness),
    oracle.flag(coalesce(pregnant, CASE WHEN gender = '1' THEN false END)), provider, local_authority, oracle.age_band(age),
    oracle.groups(imd_quintile, nssec, ethnic_category, serious_mental_illness, pregnant, homeless AND substance_misuse),
    setting, aid, intervention_type, sexual_orientation, site, long_term_conditions, housing_tenure, oracle.flag(homeless),
    oracle.flag(substance_misuse), NULL, NULL, NULL
] AS members
FROM oracle.known_episode;

CREATE VIEW oracle.pathway AS
SELECT known_at, service, provider, period, episode_id, local_authority, ARRAY[
    gender, nssec, imd_quintile::text, left(ethnic_category, 1), oracle.flag(serious_mental_illness),
    oracle.flag(coalesce(pregnant, CASE WHEN gender = '1' THEN false END)), provider, local_authority, oracle.age_band(age),
    oracle.groups(imd_quintile, nssec, ethnic_category, serious_mental_illness, pregnant, false)
] AS members
FROM oracle.in_force JOIN oracle.sent_harm_reduction AS harm_reduction USING (service, provider, period, version) WHERE part = 2;

CREATE VIEW oracle.referred AS
SELECT known_at, service, provider, period, local_authority, ARRAY[
    gender, nssec, imd_quintile::text, left(ethnic_category, 1), oracle.flag(serious_mental_illness),
    oracle.flag(coalesce(pregnant, CASE WHEN gender = '1' THEN false END)), provider, local_authority, oracle.age_band(age),
    oracle.groups(imd_quintile, nssec, ethnic_category, serious_mental_illness, pregnant, false),
    NULL, NULL, NULL, NULL, destination_site, NULL, NULL, NULL, NULL, source, destination_type, referrer_organisation
] AS members
FROM oracle.in_force JOIN oracle.sent_referral AS referral USING (service, provider, period, version) WHERE part = 3;

CREATE VIEW oracle.breakdown_ask AS
SELECT ask.*, one.place AS first_place, two.place AS second_place, CASE WHEN year_to_date THEN period / 4 * 4 ELSE period END AS since
FROM oracle.ask
JOIN oracle.dimension AS one ON one.name = ask.first
LEFT JOIN oracle.dimension AS two ON two.name = ask.second;

-- ---- rows ----------------------------------------------------------------------------------------------------------

CREATE VIEW oracle.broken_episode AS
SELECT a.ask, members, measured.above
FROM oracle.breakdown_ask AS a
JOIN oracle.episode_at AS e ON (e.service, e.known_at, e.as_at) = (a.service, a.known_at, a.as_at)
JOIN oracle.episode_member AS m ON (m.known_at, m.service, m.provider, m.episode_id) = (e.known_at, e.service, e.provider, e.episode_id)
CROSS JOIN LATERAL (VALUES
    ('setQuitDate', quarter0, true, true),
    ('quit4', quarter0, quit4, due4),
    ('coVerified4', quarter0, co_verified4, quit4),
    ('lost4', quarter0, lost4, due4),
    ('quit12', quarter12, quit12, due12),
    ('lost12', quarter12, lost12, due12 AND quit4),
    ('extendedSupport', quarter0, extended, true),
    ('extendedSupportQuit', quarter0, quit4 AND extended, due4),
    ('healthCondition', quarter0, has_condition, true),
    ('quitMaintainedInPregnancy', quarter0, smoke_free, quit4 AND pregnant IS TRUE AND delivered)
) AS measured (measure, quarter, above, below)
WHERE measured.measure = a.measure AND below AND quarter BETWEEN since AND a.period
    AND (a.provider IS NULL OR e.provider = a.provider) AND (a.local_authority IS NULL OR e.local_authority = a.local_authority);

-- Service users: the rows of the pathway, and who set a quit date and is named by none of them.
CREATE VIEW oracle.broken_pathway AS
WITH asked AS (SELECT * FROM oracle.breakdown_ask WHERE measure LIKE 'harmReduction%'),
rows AS (
    SELECT a.ask, a.measure, a.as_at, p.* FROM asked AS a
    JOIN oracle.pathway AS p ON (p.service, p.known_at) = (a.service, a.known_at) AND p.period BETWEEN since AND a.period
        AND (a.provider IS NULL OR p.provider = a.provider) AND (a.local_authority IS NULL OR p.local_authority = a.local_authority)
)
SELECT ask, members, measure = 'harmReduction' OR quit4 IS NOT TRUE AS above
FROM rows
LEFT JOIN oracle.episode_at AS e ON (e.known_at, e.as_at, e.service, e.provider, e.episode_id) = (rows.known_at, rows.as_at, rows.service, rows.provider, rows.episode_id)
UNION ALL
SELECT a.ask, m.members, false
FROM asked AS a
JOIN oracle.episode_at AS e ON (e.service, e.known_at, e.as_at) = (a.service, a.known_at, a.as_at) AND quarter0 BETWEEN since AND a.period
    AND (a.provider IS NULL OR e.provider = a.provider) AND (a.local_authority IS NULL OR e.local_authority = a.local_authority)
JOIN oracle.episode_member AS m ON (m.known_at, m.service, m.provider, m.episode_id) = (e.known_at, e.service, e.provider, e.episode_id)
LEFT JOIN (SELECT DISTINCT ask, provider, episode_id, true AS is_named FROM rows) AS named
    ON (named.ask, named.provider, named.episode_id) = (a.ask, e.provider, e.episode_id)
WHERE is_named IS NULL;

CREATE VIEW oracle.broken_referral AS
SELECT a.ask, members, true AS above
FROM oracle.breakdown_ask AS a
JOIN oracle.referred AS r ON (r.service, r.known_at) = (a.service, a.known_at) AND r.period BETWEEN since AND a.period
    AND (a.provider IS NULL OR r.provider = a.provider) AND (a.local_authority IS NULL OR r.local_authority = a.local_authority)
WHERE a.measure = 'referrals';

CREATE VIEW oracle.broken_row AS
SELECT ask, coalesce(one, 'UNKNOWN') || coalesce(',' || two, '') AS member, above
FROM (SELECT * FROM oracle.broken_episode UNION ALL SELECT * FROM oracle.broken_pathway UNION ALL SELECT * FROM oracle.broken_referral) AS r
JOIN oracle.breakdown_ask AS a USING (ask)
CROSS JOIN LATERAL unnest(string_to_array(coalesce(members[first_place], 'UNKNOWN'), ';')) AS first_member (one)
CROSS JOIN LATERAL unnest(CASE WHEN second IS NULL THEN ARRAY[NULL] ELSE string_to_array(coalesce(members[second_place], 'UNKNOWN'), ';') END) AS second_member (two);

-- ---- national returns ----------------------------------------------------------------------------------------------

-- What one cell counts, by measure, and its members by gender, NS-SEC, ... as above. Of 1C: all of it Y; all of 1B less that is N.
CREATE VIEW oracle.cell_member AS
SELECT c.known_at, c.service, c.provider, c.period, c.part, t.measure, t.above * value AS above, t.below * value AS below, tells, ARRAY[
    CASE WHEN c.part < '1C' THEN key_2 END, CASE c.part WHEN '1E' THEN key_1 END, NULL, CASE c.part WHEN '1A' THEN key_1 END, NULL, pregnant,
    c.provider, NULL, CASE c.part WHEN '1B' THEN key_1 END, NULL, CASE c.part WHEN '1H' THEN key_1 END, CASE c.part WHEN '1F' THEN key_1 END,
    CASE c.part WHEN '1G' THEN key_1 END
] AS members
FROM oracle.cell AS c
CROSS JOIN LATERAL (VALUES
    ('setQuitDate', (c.measure = 'SET')::int, (c.measure = 'SET')::int),
    ('quit4', (c.measure = 'QUIT')::int, (c.measure = 'SET')::int),
    ('coVerified4', (c.measure = 'CO_VALIDATED')::int, (c.measure = 'QUIT')::int),
    ('lost4', (c.measure = 'LOST')::int, (c.measure = 'SET')::int)
) AS counted (measure, above, below)
CROSS JOIN LATERAL (VALUES
    (c.part <> '1C' AND NOT (c.part <> '1B' AND counted.measure IN ('coVerified4', 'lost4')), false, NULL, 1),
    (c.part = '1C', true, 'Y', 1), (c.part = '1C', true, 'N', -1), (c.part = '1B', true, 'N', 1)
) AS of (is_so, is_pregnancy, pregnant, sign)
CROSS JOIN LATERAL (
    -- 1C has no cell of people setting a quit date: that is the sum of its outcomes.
    SELECT counted.measure,
        sign * CASE WHEN c.part = '1C' AND counted.measure = 'setQuitDate' THEN (c.measure <> 'CO_VALIDATED')::int ELSE above END AS above,
        sign * CASE WHEN c.part = '1C' AND counted.measure <> 'coVerified4' THEN (c.measure <> 'CO_VALIDATED')::int ELSE below END AS below,
        CASE WHEN is_pregnancy THEN '1C' ELSE c.part END AS tells
) AS t
WHERE is_so AND c.part IN ('1A', '1B', '1C', '1E', '1F', '1G', '1H');

-- The table that tells what an ask wants; NULL: none.
CREATE VIEW oracle.asked_table AS
SELECT ask, CASE
    WHEN measure NOT IN ('setQuitDate', 'quit4', 'coVerified4', 'lost4') OR local_authority IS NOT NULL THEN NULL
    WHEN wanted <@ '{gender,ageBand}' THEN '1B'
    WHEN wanted = '{pregnant}' THEN '1C'
    WHEN measure IN ('coVerified4', 'lost4') THEN NULL
    WHEN wanted <@ '{ethnicGroup,gender}' THEN '1A'
    WHEN wanted = '{nssec}' THEN '1E' WHEN wanted = '{aid}' THEN '1F' WHEN wanted = '{interventionType}' THEN '1G' WHEN wanted = '{setting}' THEN '1H'
    END AS part
FROM oracle.breakdown_ask
CROSS JOIN LATERAL (SELECT array_remove(array_remove(ARRAY[first, second], 'provider'), NULL)) AS w (wanted);

-- What becomes of each national return of the quarters asked for.
CREATE VIEW oracle.asked_return AS
SELECT a.ask, a.measure, a.first_place, a.second_place, a.second, v.known_at, v.service, v.provider, v.period, t.part,
    CASE WHEN a.measure = 'referrals' THEN 'ABSENT'
        WHEN a.measure LIKE 'harmReduction%' THEN 'SERVICE_USERS'
        WHEN a.measure NOT IN ('setQuitDate', 'quit4', 'coVerified4', 'lost4') THEN 'NO_MEASURE'
        WHEN a.local_authority IS NOT NULL THEN 'NO_AUTHORITY'
        WHEN t.part IS NULL THEN 'NO_TABLE'
        WHEN t.part = '1C' AND EXISTS (
            SELECT FROM oracle.cell_member AS m
            WHERE (m.known_at, m.service, m.provider, m.period, m.measure, m.tells, m.members[6]) = (v.known_at, v.service, v.provider, v.period, a.measure, '1C', 'N')
            HAVING sum(above) < 0 OR sum(above) > sum(below)) THEN 'DISAGREES'
        END AS code
FROM oracle.breakdown_ask AS a
JOIN oracle.asked_table AS t USING (ask)
JOIN oracle.standing AS v ON (v.service, v.known_at, v.part) = (a.service, a.known_at, 10) AND v.period BETWEEN since AND a.period
    AND (a.provider IS NULL OR v.provider = a.provider);

CREATE VIEW oracle.broken_cell AS
SELECT ask, m.members[first_place] || coalesce(',' || CASE WHEN second IS NOT NULL THEN m.members[second_place] END, '') AS member, above, below
FROM oracle.asked_return AS r
JOIN oracle.cell_member AS m ON (m.known_at, m.service, m.provider, m.period, m.measure, m.tells) = (r.known_at, r.service, r.provider, r.period, r.measure, r.part)
WHERE code IS NULL;

-- ---- lines ---------------------------------------------------------------------------------------------------------

CREATE VIEW oracle.breakdown AS
WITH counted AS (
    SELECT ask, member, sum(above)::bigint AS above, sum(below)::bigint AS below
    FROM (SELECT ask, member, above::int::bigint, 1::bigint FROM oracle.broken_row UNION ALL SELECT ask, member, above, below FROM oracle.broken_cell) AS n (ask, member, above, below)
    GROUP BY ask, member
    UNION ALL
    SELECT ask, 'total', sum(above)::bigint, sum(below)::bigint
    FROM (
        SELECT ask, above::int::bigint, 1::bigint FROM oracle.broken_episode
        UNION ALL SELECT ask, above::int::bigint, 1 FROM oracle.broken_pathway
        UNION ALL SELECT ask, above::int::bigint, 1 FROM oracle.broken_referral
        UNION ALL SELECT ask, above, below FROM oracle.broken_cell
    ) AS n (ask, above, below)
    GROUP BY ask
)
SELECT ask, concat(member, '/', above, '/', CASE WHEN measure NOT IN ('setQuitDate', 'referrals') THEN below END) COLLATE "C" AS line
FROM counted JOIN oracle.ask USING (ask)
WHERE below > 0
UNION ALL
SELECT ask, concat_ws(' ', CASE WHEN code IS NULL THEN 'return' ELSE 'without' END, provider, oracle.quarter_name(period), code) COLLATE "C"
FROM oracle.asked_return
WHERE code IS DISTINCT FROM 'ABSENT';
