-- Other providers of a service get what one of them has sent: its versions, their facts and digests, and its episodes, with new numbers of receipt;
-- stamps and the notice to the service as if they had been uploaded. As the owner. :service, :model (the provider), :others (a query of names).
BEGIN;
SELECT format('INSERT INTO %1$I (%2$s) SELECT %3$s FROM %1$I t, %4$s o (provider) WHERE t.service = %5$L AND t.provider = %6$L', relname,
              string_agg(quote_ident(attname), ', ' ORDER BY attnum),
              string_agg(CASE attname WHEN 'provider' THEN 'o.provider' WHEN 'seq' THEN 'nextval(''change_seq'')' ELSE 't.' || quote_ident(attname) END, ', '
                         ORDER BY attnum),
              :'others', :'service', :'model')
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE c.oid IN ('version'::regclass, 'pack'::regclass, 'episode'::regclass) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY c.oid, relname
ORDER BY relname = 'pack', relname
\gexec
UPDATE provider p SET stamp = v.seq, received_at = v.received_at
FROM (SELECT service, provider, max(seq) AS seq, max(received_at) AS received_at FROM version GROUP BY 1, 2) v
WHERE p.service = :'service' AND (p.service, p.provider) = (v.service, v.provider);
UPDATE service SET stamp = nextval('change_seq') WHERE service = :'service';
SELECT pg_notify('quarterday_changed', :'service') \g /dev/null
COMMIT;
ANALYZE version, pack, episode_stored;
