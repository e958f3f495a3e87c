-- The next statement of a year, as a draft, while the service's row is locked. $1 service, $2 year, $3 at, $4 key, $5 statement issued
-- last (0: none), $6 pence of that one, $7 pence, $8 figures (JSON), $9 comment, $10 body of the event, to which the number is added.
WITH stamped AS (
    UPDATE service SET stamp = nextval('change_seq'), changed_at = greatest(changed_at, $3::timestamptz)
    WHERE service = $1::text RETURNING stamp AS seq
), drafted AS (
    INSERT INTO payment_statement (service, year, number, seq, at, key_id, after_number, issued_before, payment_pence, figures)
    SELECT $1::text, $2::int2,
           (SELECT coalesce(max(number), 0) + 1 FROM payment_statement WHERE service = $1::text AND year = $2::int2),
           seq, $3::timestamptz, $4::text, $5::int4, $6::int8, $7::int8, $8::text::json
    FROM stamped
    RETURNING seq, number
), stepped AS (
    INSERT INTO payment_step (service, year, number, status, seq, at, key_id, comment)
    SELECT $1::text, $2::int2, number, 'DRAFT', seq, $3::timestamptz, $4::text, $9::text FROM drafted
), told AS (
    INSERT INTO event (service, seq, kind, at, body)
    SELECT $1::text, seq, 'PAYMENT_DRAFTED', $3::timestamptz, $10::text::jsonb || jsonb_build_object('number', number) FROM drafted
)
SELECT number, pg_notify('quarterday_changed', $1::text) FROM drafted
