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
), blanked AS MATERIALIZED (
    SELECT period, version, row, ARRAY[{blanks}]::text[] AS cells FROM {table}
    WHERE service = $1::text AND provider = $2::text AND ({whose})
), fresh AS (
    SELECT p.period, p.version, p.first_row,
           string_agg(coalesce(array_to_string(b.cells, E'\t', ''), l.line), E'\n' ORDER BY l.place) AS lines
    FROM row_pack p
    CROSS JOIN LATERAL string_to_table(p.lines, E'\n') WITH ORDINALITY AS l (line, place)
    LEFT JOIN blanked b ON b.period = p.period AND b.version = p.version AND b.row = p.first_row + l.place - 1
    WHERE p.service = $1::text AND p.provider = $2::text AND p.part = {part}
      AND (p.period, p.version, p.first_row) IN (SELECT period, version, row - (row - 1) % 1024 FROM blanked)
    GROUP BY p.period, p.version, p.first_row
), written AS (
    UPDATE row_pack p SET lines = fresh.lines FROM fresh
    WHERE p.service = $1::text AND p.provider = $2::text AND p.part = {part}
      AND p.period = fresh.period AND p.version = fresh.version AND p.first_row = fresh.first_row
)
SELECT period, version, row, {ids} FROM blanked
