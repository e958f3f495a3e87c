-- A request is done, and says no more about whom. $1 service, $2 provider, $3 number, $4 at, $5 rows.
UPDATE erasure_request SET reference = '', settled_at = $4::timestamptz, rows = $5::int8
WHERE service = $1::text AND provider = $2::text AND number = $3::int8
