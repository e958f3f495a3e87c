-- The day in London on which a return was received or signed off, as the service's clock had it then: how late it was is counted from
-- it, by the deadlines now in force. NULL in what was stored before: then the day of the instant.

ALTER TABLE version ADD COLUMN received_on date;
COMMENT ON COLUMN version.received_on IS 'London''s day of the receipt by the service''s clock (the setting today moves it; received_at never).';
ALTER TABLE sign_off ADD COLUMN signed_on date;
COMMENT ON COLUMN sign_off.signed_on IS 'London''s day of the sign-off by the service''s clock.';
