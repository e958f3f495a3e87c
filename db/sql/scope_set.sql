-- Whom the statement that follows acts for, until the end of its transaction. $1 service, $2 provider: an id, * or empty.
SELECT set_config('quarterday.service', $1::text, true), set_config('quarterday.provider', $2::text, true)
