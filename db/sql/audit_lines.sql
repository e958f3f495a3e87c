-- All lines of an audit chain, in order. $1 stream.
SELECT seq, at, actor, action, object, detail::text, prev_hash, hash
FROM audit WHERE stream = $1::text
ORDER BY seq
