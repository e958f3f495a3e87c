-- The digests of the rows of one version: a row for each pack, in order, or one without a pack. $1 service, $2 provider,
-- $3 period, $4 part, $5 version.
SELECT v.rows, p.digests, p.rows, p.form, p.keys
FROM version v
LEFT JOIN pack p USING (service, provider, period, part, version)
WHERE v.service = $1::text AND v.provider = $2::text AND v.period = $3::int2
  AND v.part = $4::int2 AND v.version = $5::int4
ORDER BY p.number
