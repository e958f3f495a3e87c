-- Locks a service until the end of the transaction: what changes anything of it is done one at a time. The instant of the change before,
-- as it is once the row is ours: who has waited for it gets that of whom it waited for. $1 service.
SELECT changed_at FROM service WHERE service = $1::text FOR NO KEY UPDATE
