-- The sites that referrals of a version went to. $1 service, $2 provider, $3 period, $4 version.
SELECT DISTINCT destination_site, NULL::text FROM referral
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4 AND destination_site IS NOT NULL
LIMIT 5001
