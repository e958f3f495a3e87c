/* answers: puts the questions of a batch to the oracle, the SQL of tests/oracle/. */
#include <stdio.h>

#include "tests/oracle/batch.h"

const struct view VIEWS[VIEW_COUNT] = {
    [OF_HEAD] = {DASHBOARD, "SELECT * FROM oracle.dashboard_head", NULL, NULL},
    [OF_KPIS] = {DASHBOARD, "SELECT * FROM oracle.dashboard", "kpis", "ref"},
    [OF_COMPLETENESS] = {COMPLETENESS, "SELECT * FROM oracle.completeness", NULL, NULL},
    [OF_ITEMS] = {COMPLETENESS, "SELECT * FROM oracle.completeness_by_item ORDER BY ask", "items", "item"},
    [OF_PROVIDERS] = {COMPLETENESS, "SELECT * FROM oracle.completeness_by_provider ORDER BY ask", "providers",
                      "provider"},
    [OF_PAYMENT] = {PAYMENT, "SELECT * FROM oracle.payment", NULL, NULL},
    [OF_INCOMPLETE] =
        {RESOURCES,
         "SELECT ask, provider || '/' || episode_id || '/' || item COLLATE \"C\" FROM oracle.incomplete ORDER BY 1, 2",
         NULL, NULL},
    [OF_BREAKDOWN] = {RESOURCES, "SELECT ask, line FROM oracle.breakdown ORDER BY 1, 2", NULL, NULL},
};

static PGresult *oracle_query(struct batch *b, const char *sql) {
    PGresult *r = PQexec(b->oracle, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !b->failed[0])
        snprintf(b->failed, sizeof b->failed, "%.200s in %.150s", PQerrorMessage(b->oracle), sql);
    return r;
}

static void put_asks(struct batch *b) {
    struct buf sql = BUF_EMPTY;
    char day[DAY_TEXT];
    buf_add_cstr(&sql, "TRUNCATE oracle.ask; INSERT INTO oracle.ask VALUES ");
    for (size_t i = 0; i < b->ask_count; i++) {
        const struct question *q = &b->asks[i];
        const struct broken_down *d = &q->breakdown;
        buf_printf(
            &sql,
            "%s(%zu, '%s', nullif('%s', ''), nullif('%s', ''), %d, '%s', '%s', '%s', '%s', nullif('%s', ''), %s)",
            i ? ", " : "", i, q->trial->name, q->provider < 0 ? "" : story_providers[q->provider],
            q->authority ? q->authority : "", q->period, day_format(q->as_at, day),
            q->known_at[0] ? q->known_at : "infinity", d->measure, d->by[0], d->by[1] ? d->by[1] : "",
            d->year_to_date ? "true" : "false");
    }
    buf_add_cstr(&sql, "; CALL oracle.refresh()");
    buf_add_char(&sql, '\0');
    PQclear(oracle_query(b, sql.p));
    buf_free(&sql);
}

void *batch_work_out(void *context) {
    struct batch *b = context;
    put_asks(b);
    for (size_t i = 0; i < VIEW_COUNT; i++)
        b->answers[i] = oracle_query(b, VIEWS[i].sql);
    return NULL;
}
