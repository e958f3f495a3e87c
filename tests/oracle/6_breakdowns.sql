-- Contract section 10: one breakdown for each ask, of a measure, one or two dimensions and a view that its number chooses
-- (tests/http/oracle.c chooses by the same numbers): the cells that anybody is in, as "member[,member]/numerator/denominator".

CREATE VIEW oracle.breakdown_ask AS
SELECT ask.*, ask % 5 AS measure, ask / 5 % 9 AS first, CASE WHEN ask % 3 = 0 THEN (ask / 5 + 1 + ask % 7) % 9 END AS second,
    CASE ask % 2 WHEN 0 THEN period ELSE period / 4 * 4 END AS since
FROM oracle.ask;

CREATE VIEW oracle.breakdown AS
WITH people AS (
    SELECT a.ask, measure, first, second,
        ARRAY[
            gender, nssec, imd_quintile::text, left(ethnic_category, 1),
            CASE WHEN serious_mental_illness THEN 'Y' WHEN NOT serious_mental_illness THEN 'N' END,
            CASE WHEN pregnant THEN 'Y' WHEN NOT pregnant OR gender = '1' THEN 'N' END,
            e.provider, e.local_authority,
            CASE WHEN age < 18 THEN '01' WHEN age < 35 THEN '02' WHEN age < 45 THEN '03' WHEN age < 60 THEN '04' WHEN age >= 60 THEN '05' END
        ] AS members,
        CASE measure WHEN 0 THEN true WHEN 1 THEN quit4 WHEN 2 THEN co_verified4 WHEN 3 THEN lost4 ELSE quit12 END AS above,
        CASE measure WHEN 0 THEN true WHEN 2 THEN quit4 WHEN 4 THEN due12 ELSE due4 END AS below
    FROM oracle.breakdown_ask AS a
    JOIN oracle.episode_at AS e ON (e.service, e.known_at, e.as_at) = (a.service, a.known_at, a.as_at)
        AND CASE measure WHEN 4 THEN quarter12 ELSE quarter0 END BETWEEN since AND a.period
        AND (a.provider IS NULL OR e.provider = a.provider) AND (a.local_authority IS NULL OR e.local_authority = a.local_authority)
    JOIN (
        SELECT known_at, service, provider, episode_id, age_at_quit_date AS age
        FROM oracle.in_force JOIN quarterday.episode USING (service, provider, period, version) WHERE part = 0
    ) AS k ON (k.known_at, k.service, k.provider, k.episode_id) = (e.known_at, e.service, e.provider, e.episode_id)
)
SELECT ask,
    concat(member, '/', count(*) FILTER (WHERE above), '/', CASE WHEN measure > 0 THEN count(*) END) COLLATE "C" AS line
FROM people
CROSS JOIN LATERAL (
    SELECT coalesce(members[first + 1], 'UNKNOWN') || CASE WHEN second IS NULL THEN '' ELSE ',' || coalesce(members[second + 1], 'UNKNOWN') END
) AS cell (member)
WHERE below
GROUP BY ask, measure, member;
