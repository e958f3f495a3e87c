-- Everything that was entered for a quarter, newest first; of the copies of what was sent only their heads. $1 service, $2 period.
SELECT period, kind, version, seq, at, key_id,
       CASE kind WHEN 'SUBMISSION' THEN json_build_object('ready', body->'ready', 'reason', body->'reason')::text ELSE body::text END
FROM national_entry
WHERE service = $1::text AND period = $2::int2
ORDER BY seq DESC
