-- One page of the rows in which two versions of a part differ: the row's number in each (NULL: not there), then each stored column as it
-- was and as it is. In the order of the new version, removed rows last. A template (db/row_sql.c).
-- $1 service, $2 provider, $3 period, $4 from version (0: nothing), $5 to version, $6 rows to skip, $7 rows at most.
WITH a AS (SELECT row, {columns}, {nth} AS nth FROM {table}
           WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4),
     b AS (SELECT row, {columns}, {nth} AS nth FROM {table}
           WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $5::int4)
SELECT a.row, b.row, {pairs}
FROM a FULL JOIN b ON {same_key} AND a.nth = b.nth
WHERE a.row IS NULL OR b.row IS NULL OR {differs}
ORDER BY b.row, a.row
OFFSET $6::int8 LIMIT $7::int8
