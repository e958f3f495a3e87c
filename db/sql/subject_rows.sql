-- The rows of a part that are about one person, of every period and version, by the provider's own reference. A template: {table},
-- {columns} and {whose} come from the part's description (db/row_sql.c). What names an episode alone is the person's to whom the
-- newest version gives the episode. $1 service, $2 provider, $3 reference, $4 part.
WITH theirs AS (
    SELECT episode_id
    FROM (SELECT DISTINCT ON (episode_id) episode_id, client_id
          FROM episode
          WHERE service = $1::text AND provider = $2::text
            AND episode_id IN (SELECT episode_id FROM episode WHERE service = $1::text AND provider = $2::text AND client_id = $3::text)
          ORDER BY episode_id, period DESC, version DESC) newest
    WHERE client_id = $3::text
)
SELECT period, version, row,
       version = (SELECT max(v.version) FROM version v
                  WHERE v.service = $1::text AND v.provider = $2::text AND v.period = {table}.period AND v.part = $4::int2),
       {columns}
FROM {table}
WHERE service = $1::text AND provider = $2::text AND ({whose})
ORDER BY period, version, row
