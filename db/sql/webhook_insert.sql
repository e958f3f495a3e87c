-- A webhook, while the service's row is locked. $1 service, $2 provider, $3 url, $4 kinds, $5 secret, $6 at, $7 key, $8 cursor (-1: from now
-- on). No row: there are $9 already, or there is no such event to begin after.
WITH newest AS (
    SELECT coalesce(max(seq), 0) AS seq FROM event WHERE service = $1::text
)
INSERT INTO webhook (service, webhook, provider, url, kinds, secret, created_at, created_by, cursor)
SELECT $1::text, 'WH-' || nextval('change_seq'), $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $7::text,
       CASE WHEN $8::int8 < 0 THEN seq ELSE $8::int8 END
FROM newest
WHERE (SELECT count(*) FROM webhook WHERE service = $1::text AND provider = $2::text AND state <> 'DELETED') < $9::int8
RETURNING webhook, cursor
