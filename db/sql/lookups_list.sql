-- Every version of every lookup, or of one ($1, NULL: all); newest of each first.
SELECT lookup, edition, version, received_at, key_id, sha256, bytes, rows, pack_bytes FROM lookup
WHERE $1::text IS NULL OR lookup = $1::text
ORDER BY lookup, edition, version DESC
