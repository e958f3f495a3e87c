/* DELETE /v1/subjects/{service}: a provider wants all rows about one person erased, by its own reference. It is written down here and
 * done by `quarterday erase --asked`, since the role that answers requests may change no row (docs/privacy.md); hence 202. Where the controllers of a service
 * rely on an exemption, its framework says why, and that is the answer. */
#include "db/store_erasure_requests.h"
#include "db/store_subjects.h"
#include "handlers/handlers.h"
#include "returns/personal.h"

enum { REASON_MOST = 500 };

struct ask {
    struct request *r;
    struct reply *p;
    struct store_erasure_request request;
};

static enum err count_row(void *context, const struct store_subject_row *row) {
    (void)row;
    ++*(int64_t *)context;
    return OK;
}

static enum err count_rows(struct db *db, const struct ask *ask, int64_t *out) {
    enum err e = OK;
    *out = 0;
    for (int id = 0; e == OK && id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        if (!part || !store_is_about_people(part)) continue;
        e = store_subject_rows(db, ask->request.service, ask->request.provider, ask->request.reference, part,
                               count_row, out);
    }
    return e;
}

static enum err check_exemption(struct ask *ask, struct fault *fault) {
    struct service_view view;
    enum err e = service_view_load(ask->r, ask->request.service, INSTANT_NONE,
                                   period_of_day(app_today(app_of(ask->r))), &view, fault);
    if (e != OK || !view.framework->erasure_refused[0]) return e;
    return fail(
        fault, ERR_FORBIDDEN,
        "The controllers of this service have decided that rows are not erased on request: %s. Ask the "
        "commissioner.",
        view.framework->erasure_refused);
}

static void write_answer(struct ask *ask, int64_t rows) {
    char text[INSTANT_TEXT];
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->request.service);
    json_field_str(&j, "provider", ask->request.provider);
    json_field_int(&j, "request", ask->request.number);
    json_field_cstr(&j, "askedAt", instant_format(ask->request.asked_at, text));
    json_field_int(&j, "rows", rows);
    json_end(&j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    int64_t rows;
    buf_clear(&ask->p->body);
    enum err e = check_exemption(ask, fault);
    if (e == OK) e = count_rows(db, ask, &rows);
    if (e != OK) return e;
    if (!rows)
        return fail(fault, ERR_NOT_FOUND,
                    "Nothing is stored about this reference. It is the clientId as you have sent it.");
    e = store_erasure_request_put(db, &ask->request, rows);
    if (e == OK) write_answer(ask, rows);
    return e;
}

static enum err settle(struct db *db, void *context, struct fault *fault) {
    (void)db;
    (void)context;
    (void)fault;
    return ERR_NOT_FOUND; /* asking twice does no harm: run again */
}

static enum err read_reason(struct request *r, str *out) {
    str reason = request_query(r, "reason");
    *out = str_trim(reason.p ? reason : STR(""));
    if (!out->n)
        return fail(
            &r->fault, ERR_MISSING_VALUE,
            "Say why: add ?reason=, such as the number of the person's request. It is kept in the audit.");
    if (out->n > REASON_MOST)
        return fail(&r->fault, ERR_BAD_PARAMETER, "reason is longer than %d bytes.", REASON_MOST);
    const char *personal = personal_find(*out);
    if (personal)
        return fail(&r->fault, ERR_BAD_PARAMETER, "reason seems to hold %s. Write nothing about who it is.",
                    personal);
    return OK;
}

enum err handle_subject_erase(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .request = {.service = request_param(r, "service"),
                                  .provider = str_of(r->who->provider),
                                  .reference = str_trim(request_header(r, "Subject-Reference")),
                                  .key_id = str_of(r->who->key_id)}};
    p->no_store = true;
    if (!ask.request.reference.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "Say about whom: send the clientId in the header Subject-Reference.");
    enum err e = read_reason(r, &ask.request.reason);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .settle = settle, .context = &ask}, &r->fault);
    if (e != OK) {
        buf_free(&p->body);
        return e;
    }
    p->status = 202;
    return OK;
}
