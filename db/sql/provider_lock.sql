-- Locks a provider until the end of the transaction: one upload of a provider at a time. $1 service, $2
-- provider.
SELECT stamp FROM provider WHERE service = $1::text AND provider = $2::text FOR NO KEY UPDATE
