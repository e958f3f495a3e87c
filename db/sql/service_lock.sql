-- Locks a service until the end of the transaction: what makes a period final or opens plans is done one at a time. $1 service.
SELECT stamp FROM service WHERE service = $1::text FOR NO KEY UPDATE
