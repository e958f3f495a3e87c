-- Begins an audit chain where there is none. $1 stream.
INSERT INTO audit_head (stream) VALUES ($1::text) ON CONFLICT (stream) DO NOTHING
