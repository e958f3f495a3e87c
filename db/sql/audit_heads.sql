-- The end of every audit chain, by stream; also of streams that have lines and no head, which cannot be unless somebody took it away. No
-- parameters. seq is 0 and the hash NULL where there is no head.
SELECT stream, coalesce(h.seq, 0), h.hash
FROM (SELECT stream FROM audit_head UNION SELECT DISTINCT stream FROM audit) s
LEFT JOIN audit_head h USING (stream)
ORDER BY stream
