-- Where the referrals of a version were sent, most first. $1 service, $2 provider, $3 period, $4 version.
SELECT destination_site, destination_type, count(*) FROM referral
WHERE service = $1::text AND provider = $2::text AND period = $3::int2 AND version = $4::int4
GROUP BY destination_site, destination_type
ORDER BY count(*) DESC, destination_site NULLS LAST, destination_type NULLS LAST
