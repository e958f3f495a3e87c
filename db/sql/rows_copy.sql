-- Takes the packs of rows of one version as the judge made them (returns/row_pack.h).
COPY row_pack_stored (service, provider, period, part, version, first_row, rows, lines) FROM STDIN (FORMAT binary)
