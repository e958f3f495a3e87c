-- How many rows of a part rows_erase_old would blank for the first time. $1 service, $2 provider, $3 the first period that is kept.
SELECT count(*) FROM {table}
WHERE service = $1::text AND provider = $2::text AND period < $3::int2 AND {day} IS NOT NULL
