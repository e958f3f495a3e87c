-- The events of a service after a number, oldest first, and in every row how many there are in all. $1 service, $2 after, $3 kinds
-- (separated by blanks), $4 provider (empty: all; otherwise its own, those that name it, and what concerns everybody), $5 how many.
WITH seen AS (
    SELECT seq FROM event
    WHERE service = $1::text AND seq > $2::int8 AND kind = ANY (string_to_array($3::text, ' '))
      AND event_concerns($4::text, kind, body)
)
SELECT e.seq, e.kind, e.at, e.body::text, (SELECT count(*) FROM seen)
FROM event e
WHERE e.service = $1::text AND e.seq IN (SELECT seq FROM seen ORDER BY seq LIMIT $5::int8)
ORDER BY e.seq
