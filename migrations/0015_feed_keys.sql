-- Feed keys: read the feeds of one service and nothing else; they expire like all keys.

ALTER TABLE api_key DROP CONSTRAINT api_key_role_check;
ALTER TABLE api_key ADD CONSTRAINT api_key_role_check CHECK (role IN (1, 2, 4, 8, 16));
ALTER TABLE api_key ADD CONSTRAINT api_key_feed_check CHECK (role <> 16 OR (service <> '' AND audience = 'internal'));
COMMENT ON COLUMN api_key.role IS '1 admin, 2 commissioner, 4 checker, 8 provider, 16 feed (enum role in server/http.h).';
