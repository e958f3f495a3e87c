-- Rows of two versions of a part side by side, those that are asked for and no others, in the order asked for: the row's number in each
-- (NULL: not there), then each stored column as it was and as it is. A template (db/row_sql.c). FULL JOIN as in changes_columns.
-- $1 service, $2 provider, $3 period, $4 from version, $5 to version, $6 and $7 the rows of each pair in either version (0: not there),
-- joined by commas.
WITH a AS MATERIALIZED (
    SELECT row, {columns} FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
      AND row = ANY (string_to_array($6::text, ',')::int4[])
), b AS MATERIALIZED (
    SELECT row, {columns} FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $5::int4
      AND row = ANY (string_to_array($7::text, ',')::int4[])
)
SELECT a.row, b.row, {pairs}
FROM unnest(string_to_array($6::text, ',')::int4[], string_to_array($7::text, ',')::int4[]) WITH ORDINALITY AS pair (was, is_now, n)
FULL JOIN a ON a.row = pair.was
FULL JOIN b ON b.row = pair.is_now
ORDER BY pair.n
