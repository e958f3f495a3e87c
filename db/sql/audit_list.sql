-- Lines of an audit chain after a number, oldest first, and in every row how many there are in all. $1 stream, $2 after, $3 actor and
-- $4 action (empty: whoever, whatever), $5 how many.
WITH asked AS (
    SELECT seq FROM audit
    WHERE stream = $1::text AND seq > $2::int8 AND ($3::text = '' OR actor = $3::text) AND ($4::text = '' OR action = $4::text)
)
SELECT a.seq, a.at, a.actor, a.action, a.object, a.detail::text, a.prev_hash, a.hash, (SELECT count(*) FROM asked)
FROM audit a
WHERE a.stream = $1::text AND a.seq IN (SELECT seq FROM asked ORDER BY seq LIMIT $5::int8)
ORDER BY a.seq
