-- Tells of something that moves no figure. The service's row is written, although nothing in it changes: who waits for it takes the
-- next number only afterwards, so that numbers stay in the order of the commits (SELECT ... FOR UPDATE would not do that). Its stamp
-- stays, so that nothing counted is thrown away. No row: no such service. $1 service, $2 kind, $3 at, $4 body.
WITH held AS (
    UPDATE service SET stamp = stamp WHERE service = $1::text RETURNING service
)
INSERT INTO event (service, seq, kind, at, body)
SELECT service, nextval('change_seq'), $2::text, $3::timestamptz, $4::text::jsonb FROM held
RETURNING seq
