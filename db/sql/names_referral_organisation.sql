-- The organisations that the referrals of a version came from. $1 service, $2 provider, $3 period, $4 version.
SELECT DISTINCT referrer_organisation, NULL::text FROM referral
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4 AND referrer_organisation IS NOT NULL
LIMIT 5001
