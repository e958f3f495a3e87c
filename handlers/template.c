/* GET /v1/templates/{part}: what a provider fills in, and how other programs see it: an empty CSV with the part's headers (of `national` also its cells); with
 * ?guide=true a CSV that explains each column; with ?prefill=open the provider's own rows, the open follow-ups first; as a schema
 * (?format=, or by the Accept header). Codes are those of the period. */
#include "returns/template.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/prefill.h"
#include "returns/schemas.h"

enum form { FORM_CSV, FORM_TABLE_SCHEMA, FORM_JSON_SCHEMA, FORMS };
static const struct {
    const char *format, *media, *content_type;
} FORM_OF[FORMS] = {
    [FORM_CSV] = {"csv", "text/csv", "text/csv; charset=utf-8; header=present"},
    [FORM_TABLE_SCHEMA] = {"table-schema", "application/vnd.tableschema+json",
                           "application/vnd.tableschema+json"},
    [FORM_JSON_SCHEMA] = {"json-schema", "application/schema+json", "application/schema+json"},
};

struct ask {
    struct request *r;
    struct reply *p;
    const struct part *part;
    int16_t period;
    bool guide, prefill;
    enum form form;
};

/* ?format= says it for those who cannot set a header; it must still fit the Accept header. */
static enum err ask_form(struct ask *ask) {
    str format = request_query(ask->r, "format");
    const char *offers[FORMS];
    size_t choice = 0;
    if (!format.p) {
        for (int f = 0; f < FORMS; f++)
            offers[f] = FORM_OF[f].media;
        enum err e = request_negotiate(ask->r, offers, FORMS, &choice);
        ask->form = (enum form)choice;
        return e;
    }
    for (int f = 0; f < FORMS; f++) {
        if (!str_is(format, FORM_OF[f].format)) continue;
        ask->form = (enum form)f;
        return request_negotiate(ask->r, &FORM_OF[f].media, 1, &choice);
    }
    return fail(&ask->r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no value for format; write csv, table-schema or json-schema.", STR_ARG(format));
}

static enum err ask_prefill(struct ask *ask) {
    str what = request_query(ask->r, "prefill");
    if (!what.p) return OK;
    if (!str_is(what, "open"))
        return fail(&ask->r->fault, ERR_BAD_PARAMETER, "'%.*s' is no value for prefill; write open.",
                    STR_ARG(what));
    if (ask->r->who->role != ROLE_PROVIDER)
        return fail(&ask->r->fault, ERR_FORBIDDEN,
                    "Only a provider's own key gets its rows. Leave prefill out for the empty file.");
    if (ask->part->id != PART_EPISODES && ask->part->id != PART_FOLLOW_UPS)
        return fail(&ask->r->fault, ERR_BAD_PARAMETER,
                    "prefill=open is for the parts episodes and follow-ups; %s has no follow-ups.",
                    ask->part->name);
    if (ask->guide || ask->form != FORM_CSV)
        return fail(&ask->r->fault, ERR_BAD_PARAMETER,
                    "prefill=open gives a CSV with rows; leave guide and format out.");
    ask->prefill = true;
    return OK;
}

static enum err run_prefill(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct prefill fill = {.r = ask->r,
                           .out = &ask->p->body,
                           .service = str_of(ask->r->who->service),
                           .provider = str_of(ask->r->who->provider),
                           .period = ask->period,
                           .part = ask->part};
    buf_clear(&ask->p->body);
    return prefill_write(&fill, db, fault);
}

static void write_schema(struct ask *ask) {
    struct json j = json_to(&ask->p->body);
    if (ask->form == FORM_JSON_SCHEMA) schema_write_json(&j, ask->part, ask->period);
    else schema_write_table(&j, ask->part, ask->period);
}

static enum err write(struct ask *ask) {
    if (ask->prefill)
        return db_transaction(db_of(ask->r),
                              &(struct db_work){.run = run_prefill, .context = ask, .read_only = true},
                              &ask->r->fault);
    if (ask->form != FORM_CSV) write_schema(ask);
    else if (ask->guide) template_write_guide(&ask->p->body, ask->part, ask->period);
    else template_write(&ask->p->body, ask->part, ask->period);
    return OK;
}

static str file_name(struct ask *ask) {
    char period[PERIOD_TEXT];
    if (ask->prefill)
        return arena_printf(ask->r->arena, "attachment; filename=\"%s-%s-open.csv\"", ask->part->name,
                            period_format(ask->period, period));
    if (ask->form != FORM_CSV)
        return arena_printf(ask->r->arena, "attachment; filename=\"%s.%s.json\"", ask->part->name,
                            FORM_OF[ask->form].format);
    return arena_printf(ask->r->arena, "attachment; filename=\"%s%s.csv\"", ask->part->name,
                        ask->guide ? "-guide" : "");
}

enum err handle_template(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .period = period_of_day(app_today(app_of(r)))};
    str service = request_query(r, "service");
    enum err e = target_part(r, &ask.part);
    if (e == OK) e = query_period(r, "period", &ask.period);
    if (e == OK) e = request_flag(r, "guide", &ask.guide);
    if (e == OK && service.p && r->who->service[0] && !str_is(service, r->who->service))
        e = request_hides(r, fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service)));
    if (e == OK) e = ask_form(&ask);
    if (e == OK && ask.guide && ask.form != FORM_CSV)
        e = fail(&r->fault, ERR_BAD_PARAMETER, "guide=true is a CSV; leave format out.");
    if (e == OK) e = ask_prefill(&ask);
    if (e == OK) e = write(&ask);
    if (e != OK) return e;
    p->content_type = FORM_OF[ask.form].content_type;
    p->no_store = ask.prefill;
    reply_header(r, p, "Vary", STR("Accept"));
    reply_header(r, p, "Content-Disposition", file_name(&ask));
    reply_etag_of_body(p);
    return OK;
}
