-- Other providers get what one of them has sent: its versions, their facts and digests, and its rows, with new numbers of receipt; stamps and
-- notices as if they had been uploaded. One statement a provider and table, so that rows come in the order of their keys. As the owner.
-- :service and :model (the provider), :others (a query of service and provider; services and providers that are missing are made).
BEGIN;
SET LOCAL synchronous_commit = off;
CREATE TEMP TABLE other ON COMMIT DROP AS SELECT o.service::text COLLATE "C", o.provider::text COLLATE "C" FROM :others AS o (service, provider);
INSERT INTO service (service, name, framework_id, changed_at)
SELECT DISTINCT o.service, o.service, s.framework_id, s.changed_at FROM other o, service s WHERE s.service = :'service'
ON CONFLICT DO NOTHING;
INSERT INTO provider (service, provider, name) SELECT service, provider, provider FROM other ON CONFLICT DO NOTHING;
SELECT format('INSERT INTO %1$I (%2$s) SELECT %3$s FROM %1$I t WHERE t.service = %4$L AND t.provider = %5$L', relname,
              string_agg(quote_ident(attname), ', ' ORDER BY attnum),
              string_agg(CASE attname WHEN 'service' THEN quote_literal(o.service) WHEN 'provider' THEN quote_literal(o.provider)
                                      WHEN 'seq' THEN 'nextval(''change_seq'')' ELSE 't.' || quote_ident(attname) END, ', ' ORDER BY attnum),
              :'service', :'model')
FROM other o, pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE c.oid IN ('version'::regclass, 'pack'::regclass, 'row_pack'::regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY o.service, o.provider, c.oid, relname
ORDER BY o.service, o.provider, relname = 'pack', relname
\gexec
UPDATE provider p SET stamp = v.seq, received_at = v.received_at
FROM (SELECT service, provider, max(seq) AS seq, max(received_at) AS received_at FROM version JOIN other USING (service, provider) GROUP BY 1, 2) v
WHERE (p.service, p.provider) = (v.service, v.provider);
UPDATE service s SET stamp = nextval('change_seq') FROM (SELECT DISTINCT service FROM other) o WHERE s.service = o.service;
SELECT pg_notify('quarterday_changed', service) FROM (SELECT DISTINCT service FROM other) o \g /dev/null
COMMIT;
ANALYZE version, pack, row_pack_stored, provider, service;
