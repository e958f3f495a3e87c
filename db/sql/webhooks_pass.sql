-- Moves the cursors of idle webhooks over events that are none of theirs, so that nobody looks through them again. Numbers are in the order
-- of the commits within a service: what comes later is beyond the newest. $1 webhooks that are busy, $2 kinds that are handed out.
WITH idle AS (
    SELECT w.service, w.webhook, (SELECT max(e.seq) FROM event e WHERE e.service = w.service) AS newest
    FROM webhook w
    WHERE w.state = 'ACTIVE' AND NOT (w.service || '/' || w.webhook = ANY (string_to_array($1::text, ' ')))
      AND NOT EXISTS (SELECT FROM event e WHERE e.service = w.service AND e.seq > w.cursor
                      AND webhook_wants(w.provider, w.kinds, $2::text, e.kind, e.body))
)
UPDATE webhook w SET cursor = i.newest FROM idle i
WHERE w.service = i.service AND w.webhook = i.webhook AND w.cursor < i.newest
