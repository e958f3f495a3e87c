-- All versions of a framework, newest first: number, when it was received, the first day that it may rate (days since 1970; NULL: from the
-- beginning). $1 id.
SELECT version, received_at, effective_from - date '1970-01-01' FROM framework WHERE id = $1::text ORDER BY version DESC
