-- How the periods of a service stand: since when final, and what the newest of LOCKED and UNLOCKED is. $1 service, $2 period (-1: all),
-- $3 known at (NULL: now).
SELECT period,
       min(at) FILTER (WHERE kind = 'FINAL') AS final_at,
       coalesce(min(seq) FILTER (WHERE kind = 'FINAL'), 0) AS final_seq,
       coalesce((array_agg(kind ORDER BY seq DESC) FILTER (WHERE kind <> 'FINAL'))[1], '') AS lock_kind,
       coalesce((array_agg(reason ORDER BY seq DESC) FILTER (WHERE kind <> 'FINAL'))[1], '') AS lock_reason
FROM period_event
WHERE service = $1::text AND ($2::int2 < 0 OR period = $2::int2)
  AND ($3::timestamptz IS NULL OR at <= $3::timestamptz)
GROUP BY period
