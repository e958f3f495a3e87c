/* Data can be spread by service: every key begins with it, every reference between tables of a service goes along it; what does not is named in
 * docs/scale.md with its reason, and nothing else. */
#include <stdio.h>

#include "base/buf.h"
#include "tests/db/fixture.h"

#define TABLES "pg_class t WHERE t.relnamespace = 'quarterday'::regnamespace AND t.relkind IN ('r', 'p')"
#define HAS_SERVICE(table)                                                                                   \
    "EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = " table                                           \
    " AND s.attname = 'service' AND NOT s.attisdropped)"

/* Every unique index, not only the primary keys. */
static const char OTHER_KEYS[] =
    "SELECT coalesce(string_agg(DISTINCT t.relname, ' ' ORDER BY t.relname), '') FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
    "LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] "
    "WHERE t.relnamespace = 'quarterday'::regnamespace AND i.indisunique AND coalesce(a.attname, '') <> 'service'";

static const char WITHOUT_KEY[] =
    "SELECT coalesce(string_agg(t.relname, ' '), '') FROM " TABLES
    " AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)";

/* Between two tables of a service, and not from service to service. */
static const char OTHER_REFERENCES[] =
    "SELECT coalesce(string_agg(f.conrelid::regclass || ' to ' || f.confrelid::regclass, ', ' ORDER BY f.conrelid::regclass::text), '') "
    "FROM pg_constraint f WHERE f.contype = 'f' AND f.connamespace = 'quarterday'::regnamespace "
    "AND " HAS_SERVICE("f.conrelid") " AND " HAS_SERVICE(
        "f.confrelid") " "
                       "AND NOT EXISTS (SELECT FROM unnest(f.conkey, f.confkey) AS k (mine, theirs) "
                       "JOIN pg_attribute m ON m.attrelid = f.conrelid AND m.attnum = k.mine JOIN pg_attribute h ON h.attrelid = f.confrelid AND h.attnum = k.theirs "
                       "WHERE m.attname = 'service' AND h.attname = 'service')";

static bool read_plan(struct buf *out) {
    char piece[4096];
    FILE *f = fopen("docs/scale.md", "re");
    if (!f) return false;
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(out, piece, n);
    fclose(f);
    buf_add_char(out, '\0');
    return true;
}

static void keys(void) {
    struct buf plan = BUF_EMPTY;
    CHECK(read_plan(&plan), "docs/scale.md is there (tests run from the top of the clone)");
    str found = str_of(database_ask(fx.owner, OTHER_KEYS));
    CHECK(str_starts_with(found, STR("api_key ")), "%.*s", STR_ARG(found));
    size_t named = 0, told = 0;
    while (found.p) {
        char row[100];
        str table = str_cut(&found, ' ');
        snprintf(row, sizeof row, "\n| `%.*s` |", STR_ARG(table));
        CHECK(plan.p && strstr(plan.p, row), "docs/scale.md says why the keys of %.*s begin otherwise",
              STR_ARG(table));
        named++;
    }
    for (const char *p = plan.p; p && (p = strstr(p, "\n| `")); p++)
        told++;
    CHECK(named == told, "%zu tables have such keys, docs/scale.md names %zu", named, told);
    CHECK(strcmp(database_ask(fx.owner, WITHOUT_KEY), "") == 0, "without a primary key: %s",
          database_ask(fx.owner, WITHOUT_KEY));
    buf_free(&plan);
}

static void references(void) {
    const char *found = database_ask(fx.owner, OTHER_REFERENCES);
    CHECK(strcmp(found, "api_key to api_key") == 0, "%s", found);
}

void suite_db_distribution(void) {
    suite_add("db distribution", fixture_begin, fixture_end);
    case_add("keys begin with the service, but for those that docs/scale.md names", keys);
    case_add("references between tables of a service go along the service", references);
}
