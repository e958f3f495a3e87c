-- May a backup be put into this database? Is the role a superuser, is there a schema of ours already, and which of the two roles that it grants to are missing. No parameters.
SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
       EXISTS (SELECT FROM pg_namespace WHERE nspname = 'quarterday'),
       coalesce((SELECT string_agg(r, ', ') FROM unnest(ARRAY['quarterday_owner', 'quarterday_app']) r
                 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r)), '')
