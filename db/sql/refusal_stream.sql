-- The chain in which a refusal is told: that of the service that was asked for, else of the key's own, else of none. $1, $2 services; empty: none,
-- which is not the chain of none.
SELECT coalesce((SELECT stream FROM audit_head WHERE stream = NULLIF($1::text, '')), (SELECT stream FROM audit_head WHERE stream = NULLIF($2::text, '')), '')
