-- Blanks the rows of a part of all periods before one, as rows_erase_subject does. An episode's id that a later period still names stays
-- until that period goes, too, so that its follow-ups keep their episode. What is blank already is passed over: a second run finds nothing.
-- $1 service, $2 provider, $3 the first period that is kept, $4 the key of the tokens.
WITH kept AS MATERIALIZED (
    SELECT episode_id FROM episode WHERE service = $1::text AND provider = $2::text AND period >= $3::int2
    UNION SELECT episode_id FROM follow_up WHERE service = $1::text AND provider = $2::text AND period >= $3::int2
    UNION SELECT episode_id FROM harm_reduction WHERE service = $1::text AND provider = $2::text AND period >= $3::int2 AND episode_id IS NOT NULL
    UNION SELECT episode_id FROM referral WHERE service = $1::text AND provider = $2::text AND period >= $3::int2 AND episode_id IS NOT NULL
), going AS MATERIALIZED (
    SELECT DISTINCT episode_id FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period < $3::int2 AND episode_id NOT LIKE 'erased-%'
    EXCEPT SELECT episode_id FROM kept
), blanked AS MATERIALIZED (
    SELECT period, version, row, ARRAY[{blanks}]::text[] AS cells FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period < $3::int2
      AND ({day} IS NOT NULL OR episode_id IN (SELECT episode_id FROM going))
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
