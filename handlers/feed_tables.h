/* feed_tables: which feeds there are and their columns, in order: the one source of the JSON names, the CSV header, the schemas in
 * openapi/openapi.yaml and docs/feeds.md (both by way of `quarterday openapi-feeds`). Columns are only ever added at the end: a
 * spreadsheet that reads them today reads them next year. */
#ifndef QD_HANDLERS_FEED_TABLES_H
#define QD_HANDLERS_FEED_TABLES_H

#include "base/json.h"

enum feed_kind { FEED_TEXT, FEED_WORD, FEED_INTEGER, FEED_NUMBER, FEED_FLAG, FEED_DAY, FEED_INSTANT };

struct feed_column {
    const char *name;
    enum feed_kind kind;
    bool required;       /* never null */
    const char *meaning; /* one line, for people */
    const char *words;   /* FEED_WORD: which, separated by spaces; NULL: any */
};

struct feed_table {
    const char *name; /* "kpi-results" */
    const char *meaning;
    const struct feed_column *columns;
    size_t count;
};

enum feed_id {
    FEED_KPI_RESULTS,
    FEED_RETURNS,
    FEED_ACTION_PLANS,
    FEED_COMPLETENESS,
    FEED_BREAKDOWNS,
    FEED_COUNT
};
extern const struct feed_table FEED_TABLES[FEED_COUNT];
/* kpi-results with ?format=fingertips: the columns that public health analysts parse (domain.md 5.3). */
extern const struct feed_table FEED_FINGERTIPS;

/* {"type":"object","required":[…],"properties":{…}}: the JSON Schema of a row. */
void feed_schema_write(struct json *j, const struct feed_table *t);

#endif
