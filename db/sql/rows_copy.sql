-- Takes the rows of one version as the judge encoded them. A template: {table} and {columns} come from the
-- part's description.
COPY {table}_stored (service, provider, period, version, row, {columns}) FROM STDIN (FORMAT binary)
