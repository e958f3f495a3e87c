-- The number of the newest event of a service; 0: none yet. $1 service.
SELECT coalesce(max(seq), 0) FROM event WHERE service = $1::text
