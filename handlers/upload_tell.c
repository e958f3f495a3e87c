/* The event of a refusal. The transaction that judged the rows is rolled back, so this is one of its own, done before the provider is
 * answered: whoever has read a refusal finds it in the feed. Numbers and codes only, never a value of a row. */
#include "db/store_events.h"
#include "handlers/upload.h"

struct telling {
    str service, body;
    int64_t at;
};

static enum err run(struct db *db, void *context, struct fault *fault) {
    const struct telling *t = context;
    (void)fault;
    return store_event_put(db, t->service, EVENT_RETURN_REFUSED, t->at, t->body);
}

static void describe(struct buf *out, const struct upload *u) {
    char period[PERIOD_TEXT], hex[SHA256_HEX];
    const struct findings *f = &u->judgement.findings;
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", u->service);
    json_field_str(&j, "provider", u->provider);
    json_field_cstr(&j, "period", period_format(u->period, period));
    json_field_cstr(&j, "part", part_name(u->part->id));
    json_field_cstr(&j, "sha256", hex_format(u->sha256, sizeof u->sha256, hex));
    json_field_int(&j, "rows", u->judgement.rows);
    json_field_int(&j, "errors", (int64_t)f->errors);
    json_field_int(&j, "warnings", (int64_t)f->warnings);
    json_field_str(&j, "correlation", str_of(u->r->correlation));
    json_end(&j);
}

enum err upload_tell_refusal(struct upload *u) {
    struct buf body = BUF_EMPTY;
    describe(&body, u);
    struct telling t = {u->service, buf_str(&body), instant_now()};
    enum err e = db_transaction(db_of(u->r), &(struct db_work){.run = run, .context = &t}, &u->r->fault);
    buf_free(&body);
    return e;
}
