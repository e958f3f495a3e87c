-- The newest version of a lookup and edition. $1 lookup, $2 edition.
SELECT lookup, edition, version, received_at, key_id, sha256, bytes, rows, pack_bytes FROM lookup
WHERE lookup = $1::text AND edition = $2::text
ORDER BY version DESC
LIMIT 1
