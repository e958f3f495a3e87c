-- The reference whose salted digest was kept when it was erased, where rows about it are there again. $1 service, $2 provider, $3 salt, $4 digest.
SELECT client_id
FROM (SELECT client_id FROM episode WHERE service = $1::text AND provider = $2::text
      UNION
      SELECT client_id FROM harm_reduction WHERE service = $1::text AND provider = $2::text AND client_id IS NOT NULL) theirs
WHERE sha256($3::bytea || convert_to(client_id, 'UTF8')) = $4::bytea
