-- Packs in less room. What was stored before stays as it is, in form 0; db/pack_code.h writes form 1: the facts column after column and
-- compressed, and what is the key of each digest and the beginning of each record kept once, in keys.
ALTER TABLE pack
    ADD COLUMN form smallint NOT NULL DEFAULT 0,
    ADD COLUMN keys bytea,
    DROP CONSTRAINT pack_check,
    DROP CONSTRAINT pack_check1,
    ADD CONSTRAINT pack_fits CHECK (CASE
        WHEN form = 0 THEN keys IS NULL AND octet_length(facts) % rows = 0 AND octet_length(digests) = rows * 32
        WHEN form = 1 AND keys IS NULL THEN octet_length(digests) = rows * 32
        ELSE form = 1 AND octet_length(keys) = rows * 16 AND octet_length(digests) = rows * 16 END);
-- Nothing in them is left to compress.
ALTER TABLE pack ALTER COLUMN keys SET STORAGE EXTERNAL;
COMMENT ON COLUMN pack.form IS '0: records one after the other; 1: as db/pack_code.h writes them.';
COMMENT ON COLUMN pack.keys IS 'Of each row the 16 bytes with which its record and its digest begin, which then lack them; NULL: they have them.';
COMMENT ON COLUMN pack.facts IS 'One fixed-size record a row (returns/facts.h), in the format of version.facts_format, in the form of the pack.';
COMMENT ON COLUMN pack.digests IS 'One struct row_digest (32 bytes) a row: who it is and what it says; where there are keys, what it says.';
