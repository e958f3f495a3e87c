-- Is the database there? No parameters; 1.
SELECT 1::int4
