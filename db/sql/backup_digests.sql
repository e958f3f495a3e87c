-- Every table with its number of rows and a digest of them, by name (migration 0026). No parameters.
SELECT table_name, row_count, digest FROM table_digests()
