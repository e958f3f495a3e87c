-- Rows that were blanked, because somebody was erased or their years are over, have no day and no outcome any more (docs/privacy.md). What a row must
-- have when it is sent is checked by the judge, as before. The application still may change no row.
ALTER TABLE episode ALTER COLUMN quit_date DROP NOT NULL, ALTER COLUMN local_authority DROP NOT NULL;
ALTER TABLE follow_up ALTER COLUMN stage DROP NOT NULL, ALTER COLUMN date DROP NOT NULL, ALTER COLUMN outcome DROP NOT NULL;
ALTER TABLE harm_reduction ALTER COLUMN start_date DROP NOT NULL;
ALTER TABLE referral ALTER COLUMN received_date DROP NOT NULL;
