-- Adds a line to the end of an audit chain; its head is locked until the end of the transaction. No row:
-- there is no such chain. $1 stream, $2 at (NULL: the instant of the service's newest change, which this transaction has
-- just made), $3 actor, $4 action, $5 object, $6 detail (JSON text). The bytes of the hash are described at the table
-- (migration 0004); `quarterday audit verify` and the tests work it out anew in C.
WITH head AS (
    SELECT seq + 1 AS seq, hash AS prev_hash,
           coalesce($2::timestamptz, (SELECT changed_at FROM service WHERE service = $1::text)) AS at
    FROM audit_head WHERE stream = $1::text FOR NO KEY UPDATE
), line AS (
    SELECT seq, prev_hash, at,
           sha256(int4send(octet_length($1::text)) || convert_to($1::text, 'UTF8')
                  || int4send(8) || int8send(seq)
                  || int4send(8) || int8send((extract(epoch FROM at) * 1000000)::int8)
                  || int4send(octet_length($3::text)) || convert_to($3::text, 'UTF8')
                  || int4send(octet_length($4::text)) || convert_to($4::text, 'UTF8')
                  || int4send(octet_length($5::text)) || convert_to($5::text, 'UTF8')
                  || int4send(octet_length($6::text)) || convert_to($6::text, 'UTF8')
                  || int4send(32) || prev_hash) AS hash
    FROM head
), added AS (
    INSERT INTO audit (stream, seq, at, actor, action, object, detail, prev_hash, hash)
    SELECT $1::text, seq, at, $3::text, $4::text, $5::text, $6::text::json, prev_hash, hash
    FROM line
    RETURNING seq, hash
)
UPDATE audit_head h SET seq = a.seq, hash = a.hash FROM added a WHERE h.stream = $1::text RETURNING a.seq
