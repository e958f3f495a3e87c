-- The newest version of the postcodes and of the deprivation index in one edition. $1 edition.
SELECT DISTINCT ON (lookup) lookup, edition, version, received_at, key_id, sha256, bytes, rows, pack_bytes FROM lookup
WHERE lookup = 'postcodes' OR (lookup = 'imd' AND edition = $1::text)
ORDER BY lookup, version DESC
