-- Webhooks: who is sent the events of a service, how far each has come, and what could not be delivered.

CREATE TABLE webhook (
    service        text COLLATE "C" NOT NULL REFERENCES service,
    webhook        text COLLATE "C" NOT NULL CHECK (webhook ~ '^WH-[0-9]+$'),
    provider       text COLLATE "C" NOT NULL,
    url            text NOT NULL CHECK (url LIKE 'https://%'),
    kinds          text COLLATE "C" NOT NULL,
    secret         text NOT NULL,
    state          text COLLATE "C" NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'PAUSED', 'DELETED')),
    paused_because text NOT NULL DEFAULT '' CHECK ((paused_because <> '') = (state = 'PAUSED')),
    created_at     timestamptz NOT NULL,
    created_by     text COLLATE "C" NOT NULL,
    cursor         bigint NOT NULL CHECK (cursor >= 0),
    tried_at       timestamptz,
    tried_status   int NOT NULL DEFAULT 0,
    tried_error    text NOT NULL DEFAULT '',
    test_id        text COLLATE "C" NOT NULL DEFAULT '',
    test_asked     timestamptz,
    test_state     text COLLATE "C" NOT NULL DEFAULT '' CHECK (test_state IN ('', 'WAITING', 'DELIVERED', 'FAILED')),
    test_status    int NOT NULL DEFAULT 0,
    test_error     text NOT NULL DEFAULT '',
    PRIMARY KEY (service, webhook),
    CHECK ((secret = '') = (state = 'DELETED'))
);
COMMENT ON COLUMN webhook.provider IS 'Empty: the commissioner''s, and told everything; otherwise that provider''s, and told what concerns it.';
COMMENT ON COLUMN webhook.kinds IS 'Separated by blanks; empty: all that are handed out, also those to come.';
COMMENT ON COLUMN webhook.secret IS 'Signs what is sent, so it is kept as it is: whoever reads this column can sign like us. Emptied when the webhook is deleted.';
COMMENT ON COLUMN webhook.cursor IS 'The event up to which everything was delivered, is of no concern, or is dead. It moves after the receiver''s answer, never before.';
COMMENT ON COLUMN webhook.tried_at IS 'The last attempt to send an event, and what came of it; status 0: no answer.';
COMMENT ON COLUMN webhook.test_id IS 'The last test that was asked for.';
GRANT SELECT, INSERT, UPDATE (secret, state, paused_because, cursor, tried_at, tried_status, tried_error, test_id, test_asked, test_state, test_status, test_error)
    ON webhook TO quarterday_app;

CREATE TABLE webhook_delivery (
    service  text COLLATE "C" NOT NULL,
    webhook  text COLLATE "C" NOT NULL,
    seq      bigint NOT NULL,
    state    text COLLATE "C" NOT NULL CHECK (state IN ('DUE', 'DEAD', 'DELIVERED')),
    attempts int NOT NULL CHECK (attempts >= 0),
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    next_at  timestamptz NOT NULL,
    status   int NOT NULL,
    error    text NOT NULL,
    PRIMARY KEY (service, webhook, seq),
    FOREIGN KEY (service, webhook) REFERENCES webhook,
    FOREIGN KEY (service, seq) REFERENCES event
);
COMMENT ON TABLE webhook_delivery IS 'Events that were not delivered at the first attempt, and those to be sent again. What went well at once leaves no row: webhook.cursor has passed it.';
COMMENT ON COLUMN webhook_delivery.attempts IS 'Since it came due, or was asked to be sent again.';
COMMENT ON COLUMN webhook_delivery.next_at IS 'Of a row that is DUE.';
GRANT SELECT, INSERT, UPDATE (state, attempts, last_at, next_at, status, error) ON webhook_delivery TO quarterday_app;
CREATE INDEX webhook_delivery_due ON webhook_delivery (service, webhook, seq) WHERE state = 'DUE';

CREATE POLICY of_provider ON webhook
    USING ((SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (service, '*')
       AND (SELECT NULLIF(current_setting('quarterday.provider', true), '')) IN (provider, '*'));
CREATE POLICY of_service ON webhook_delivery USING ((SELECT NULLIF(current_setting('quarterday.service', true), '')) IN (service, '*'));
ALTER TABLE webhook ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Whom an event is about: the one rule of the feed and of webhooks. An empty provider is the commissioner, whom everything concerns.
CREATE FUNCTION event_concerns(provider text, kind text, body jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT provider = '' OR body->>'provider' = provider OR kind = 'PERIOD_FINAL' OR body->'providers' @> to_jsonb(provider)
$$;
GRANT EXECUTE ON FUNCTION event_concerns(text, text, jsonb) TO quarterday_app;

-- Is it one that a webhook is sent? kinds: those that it asked for (empty: all); handed_out: those that there are, separated by blanks.
CREATE FUNCTION webhook_wants(provider text, kinds text, handed_out text, kind text, body jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT kind = ANY (string_to_array(handed_out, ' ')) AND (kinds = '' OR kind = ANY (string_to_array(kinds, ' '))) AND event_concerns(provider, kind, body)
$$;
GRANT EXECUTE ON FUNCTION webhook_wants(text, text, text, text, jsonb) TO quarterday_app;

-- Whoever hands out events is woken at the commit that brings one.
CREATE FUNCTION event_has_come() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quarterday_event', NEW.service);
    RETURN NULL;
END $$;
CREATE TRIGGER event_has_come AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION event_has_come();
