-- Locks every service, in the order of their ids so that none waits for the other in a ring. The instant of the newest change of any;
-- NULL: there is no service. No parameters.
SELECT max(changed_at) FROM (SELECT changed_at FROM service ORDER BY service FOR NO KEY UPDATE) locked
