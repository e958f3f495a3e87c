-- The newest version of a framework and its body. $1 id.
SELECT version, body FROM framework WHERE id = $1::text ORDER BY version DESC LIMIT 1
