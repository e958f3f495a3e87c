-- The providers of a service, by id. $1 service.
SELECT provider, name, provider_group, stamp FROM provider WHERE service = $1::text ORDER BY provider
