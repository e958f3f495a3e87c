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
)
UPDATE {table} SET {blanks}
WHERE service = $1::text AND provider = $2::text AND period < $3::int2
  AND ({day} IS NOT NULL OR episode_id IN (SELECT episode_id FROM going))
RETURNING period, version, row, {ids}
