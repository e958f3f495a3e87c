/* GET /v1/subjects/{service}: everything that is stored about one person, for the provider that gave the person the reference: the right of
 * access. The reference comes in the header Subject-Reference and not in the path, because paths end in logs of proxies. */
#include "db/store_erasure_requests.h"
#include "db/store_subjects.h"
#include "handlers/handlers.h"
#include "handlers/row_value.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, reference;
    struct json json;
    const struct part *part;
    int64_t rows;
};

static enum err add_row(void *context, const struct store_subject_row *row) {
    struct ask *ask = context;
    struct json *j = &ask->json;
    char period[PERIOD_TEXT];
    size_t stored = 0;
    json_object_begin(j);
    json_field_cstr(j, "part", ask->part->name);
    json_field_cstr(j, "period", period_format(row->period, period));
    json_field_int(j, "version", row->version);
    json_field_bool(j, "inForce", row->in_force);
    json_field_int(j, "row", row->row);
    json_key(j, "values");
    json_object_begin(j);
    for (size_t i = 0; i < ask->part->column_count; i++) {
        const struct column *c = &ask->part->columns[i];
        if (c->flags & COLUMN_NOT_STORED) continue;
        json_key(j, c->name);
        row_value_json(j, c, row->values[stored], row->lengths[stored]);
        stored++;
    }
    json_end(j);
    json_end(j);
    ask->rows++;
    return OK;
}

static enum err add_rows(struct db *db, struct ask *ask) {
    enum err e = OK;
    for (int id = 0; e == OK && id < PART_COUNT; id++) {
        ask->part = part_get((enum part_id)id);
        if (!ask->part || !store_is_about_people(ask->part)) continue;
        e = store_subject_rows(db, ask->service, str_of(ask->r->who->provider), ask->reference, ask->part,
                               add_row, ask);
    }
    return e;
}

static enum err add_erasure(struct db *db, struct ask *ask) {
    char text[INSTANT_TEXT];
    struct store_erasure_request asked = {
        .service = ask->service, .provider = str_of(ask->r->who->provider), .reference = ask->reference};
    enum err e = store_erasure_request_get(db, &asked);
    json_field_cstr(&ask->json, "erasureAskedAt", e == OK ? instant_format(asked.asked_at, text) : NULL);
    return e == ERR_NOT_FOUND ? OK : e;
}

/* The audit line comes last, so that its chain is held for a moment only; without it nothing is shown. */
static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    str provider = str_of(ask->r->who->provider);
    struct json *j = &ask->json;
    buf_clear(&ask->p->body);
    *j = json_to(&ask->p->body);
    ask->rows = 0;
    json_object_begin(j);
    json_field_str(j, "service", ask->service);
    json_field_str(j, "provider", provider);
    json_key(j, "rows");
    json_array_begin(j);
    enum err e = add_rows(db, ask);
    json_end(j);
    json_field_int(j, "count", ask->rows);
    if (e == OK) e = add_erasure(db, ask);
    json_end(j);
    if (e != OK) return e;
    if (!ask->rows)
        return fail(fault, ERR_NOT_FOUND,
                    "Nothing is stored about this reference. It is the clientId as you have sent it.");
    return store_subject_tell(db, ask->service, provider, str_of(ask->r->who->key_id), ask->rows);
}

enum err handle_subject_get(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .service = request_param(r, "service"),
                      .reference = str_trim(request_header(r, "Subject-Reference"))};
    p->no_store = true;
    if (!ask.reference.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "Say about whom: send the clientId in the header Subject-Reference.");
    enum err e =
        db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .aside = true}, &r->fault);
    if (e != OK) buf_free(&p->body);
    return e;
}
