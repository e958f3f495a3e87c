-- The body of one version of a framework. $1 id, $2 version.
SELECT body FROM framework WHERE id = $1::text AND version = $2::int4
