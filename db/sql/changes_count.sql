-- How two versions of a part differ, in numbers: rows created, updated, the same, removed; then for each stored column in how many of the
-- updated rows it differs. Rows are the same by their key columns. A template (db/row_sql.c).
-- $1 service, $2 provider, $3 period, $4 from version (0: nothing), $5 to version.
WITH a AS (SELECT row, {columns}, {nth} AS nth FROM {table}
           WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4),
     b AS (SELECT row, {columns}, {nth} AS nth FROM {table}
           WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $5::int4)
SELECT count(*) FILTER (WHERE a.row IS NULL),
       count(*) FILTER (WHERE a.row IS NOT NULL AND b.row IS NOT NULL AND ({differs})),
       count(*) FILTER (WHERE a.row IS NOT NULL AND b.row IS NOT NULL AND NOT ({differs})),
       count(*) FILTER (WHERE b.row IS NULL),
       {changed}
FROM a FULL JOIN b ON {same_key} AND a.nth = b.nth
