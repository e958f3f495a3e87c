-- Begins a transaction that writes. No parameters.
BEGIN ISOLATION LEVEL READ COMMITTED
