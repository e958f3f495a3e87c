-- Begins a transaction that only reads: one snapshot for all of it. No parameters.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
