-- What identifies some rows of a version: of the packs that they lie in nothing else is looked at. A template: {part} and {key}, the place of the
-- first key column in a line, come from the part's description.
-- $1 service, $2 provider, $3 period, $4 version, $5 row numbers joined by commas.
SELECT (p.first_row + l.place - 1)::text, split_part(l.line, E'\t', {key})
FROM row_pack p CROSS JOIN LATERAL string_to_table(p.lines, E'\n') WITH ORDINALITY AS l (line, place)
WHERE p.service = $1::text AND p.provider = $2::text AND p.period = $3::int2 AND p.part = {part} AND p.version = $4::int4
  AND p.first_row = ANY (ARRAY(SELECT row - (row - 1) % 1024 FROM unnest(string_to_array($5::text, ',')::int4[]) AS row))
  AND p.first_row + l.place - 1 = ANY (string_to_array($5::text, ',')::int8[])
