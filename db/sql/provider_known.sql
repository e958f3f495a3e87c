-- Had any version of the service's framework that was received by then this provider? $1 service, $2 provider, $3 known at.
SELECT EXISTS (
    SELECT FROM service s JOIN framework f ON f.id = s.framework_id
    WHERE s.service = $1::text AND f.received_at <= $3::timestamptz
      AND f.body::jsonb -> 'providers' @> jsonb_build_array(jsonb_build_object('id', $2::text)))
