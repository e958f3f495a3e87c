-- For each stored column in how many of the given pairs of rows it differs. A template (db/row_sql.c). FULL JOIN, although every row has its
-- pair, since it is hashed however few rows the planner expects of a version that has just come.
-- $1 service, $2 provider, $3 period, $4 from version, $5 to version, $6 and $7 the rows of each pair in either version, joined by commas.
WITH a AS MATERIALIZED (
    SELECT row, {columns} FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
      AND row = ANY (string_to_array($6::text, ',')::int4[])
), b AS MATERIALIZED (
    SELECT row, {columns} FROM {table}
    WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $5::int4
      AND row = ANY (string_to_array($7::text, ',')::int4[])
)
SELECT {changed}
FROM unnest(string_to_array($6::text, ',')::int4[], string_to_array($7::text, ',')::int4[]) AS pair (was, is_now)
FULL JOIN a ON a.row = pair.was
FULL JOIN b ON b.row = pair.is_now
