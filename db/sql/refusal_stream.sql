-- The chain in which a refusal is told: that of the service that was asked for, else of the key's own, else of none. $1, $2 services; empty: none.
SELECT coalesce((SELECT stream FROM audit_head WHERE stream = $1::text), (SELECT stream FROM audit_head WHERE stream = $2::text), '')
