-- The day of a key's last use. $1 id, $2 day.
UPDATE api_key SET last_used_on = DATE '1970-01-01' + $2::int4
WHERE id = $1::text AND (last_used_on IS NULL OR last_used_on < DATE '1970-01-01' + $2::int4)
