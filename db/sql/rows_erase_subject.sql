-- Blanks the rows of a part that are about one person, in every period and version: ids become tokens, everything else goes but for what
-- tells of places and staff. Run by the owner of the tables: the application may change no row. A template (db/row_sql.c). Gives back where
-- the rows are, and what their ids are now. $1 service, $2 provider, $3 reference, $4 the key of the tokens (bytes that nobody keeps).
WITH theirs AS MATERIALIZED (
    SELECT episode_id
    FROM (SELECT DISTINCT ON (episode_id) episode_id, client_id
          FROM episode
          WHERE service = $1::text AND provider = $2::text
            AND episode_id IN (SELECT episode_id FROM episode WHERE service = $1::text AND provider = $2::text AND client_id = $3::text)
          ORDER BY episode_id, period DESC, version DESC) newest
    WHERE client_id = $3::text
), going AS (
    SELECT episode_id FROM theirs
)
UPDATE {table} SET {blanks}
WHERE service = $1::text AND provider = $2::text AND ({whose})
RETURNING period, version, row, {ids}
