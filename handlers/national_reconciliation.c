/* GET /v1/national-returns/{service}/{period}/reconciliation?provider=: what a provider counted itself (its part `national`) beside what
 * its client records come to, cell by cell.
 *
 * A period has one or the other, so one of the two is always taken back by now: compared are the newest versions that have rows, whether
 * in force or not. Follow-ups and sites are those in force. A provider sees its own. */
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/national_write.h"
#include "handlers/page.h"
#include "handlers/snapshot_ask.h"
#include "handlers/stamps.h"

enum { COMPARED = 1u << PART_EPISODES | 1u << PART_NATIONAL };

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider;
    int16_t period;
    int32_t as_at;
    int64_t known_at;
    bool csv;
    struct service_view view;
    struct book filled, in_force; /* the two that are compared; everything else */
    const struct held *own, *derived;
    struct national_comparison *result;
};

/* ---- what is compared ---- */

static enum err only_one(const struct ask *ask, struct fault *fault) {
    char period[PERIOD_TEXT], at[INSTANT_TEXT], by[INSTANT_TEXT + 8] = "";
    if (ask->known_at != INSTANT_NONE) snprintf(by, sizeof by, " by %s", instant_format(ask->known_at, at));
    period_format(ask->period, period);
    if (ask->own)
        return fail(
            fault, ERR_NOT_FOUND,
            "%.*s has sent the cells of the national return (national) for %s%s, and never client records (episodes): there is "
            "nothing to hold them against. To compare, take national back with its header row alone and send episodes and "
            "follow-ups; the cells are kept and compared.",
            STR_ARG(ask->provider), period, by);
    if (ask->derived)
        return fail(
            fault, ERR_NOT_FOUND,
            "%.*s has sent client records (episodes) for %s%s, and never the cells of the national return (national): there is "
            "nothing of its own to hold against them. To compare, take episodes back with its header row alone, send national, "
            "take that back the same way and send episodes again; the cells are kept and compared.",
            STR_ARG(ask->provider), period, by);
    return fail(
        fault, ERR_NOT_FOUND,
        "%.*s has sent neither the cells of the national return (national) nor client records (episodes) with rows for "
        "%s%s. Send national first, take it back with its header row alone, then send episodes and follow-ups.",
        STR_ARG(ask->provider), period, by);
}

/* The rest of the book, with the version of episodes that is compared in place of the one in force. */
static struct book book_to_derive(const struct ask *ask) {
    struct book all = {ARENA_ARRAY(ask->r->arena, struct held, ask->in_force.count + 1), 0};
    for (size_t i = 0; i < ask->in_force.count; i++)
        if (!(COMPARED >> ask->in_force.held[i].part & 1)) all.held[all.count++] = ask->in_force.held[i];
    all.held[all.count++] = *ask->derived;
    return all;
}

static enum err load(struct ask *ask, struct db *db, struct fault *fault) {
    struct arena *a = ask->r->arena;
    enum err e = service_view_load(ask->r, ask->service, ask->known_at, ask->period, &ask->view, fault);
    if (e != OK) return e;
    if (!service_view_provider(&ask->view, ask->provider))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(ask->provider), STR_ARG(ask->service));
    e = store_filled_load(db, ask->service, ask->provider, ask->period, ask->known_at, COMPARED, a,
                          &ask->filled);
    if (e != OK) return e;
    ask->own = book_find(&ask->filled, PART_NATIONAL, ask->period);
    ask->derived = book_find(&ask->filled, PART_EPISODES, ask->period);
    if (!ask->own || !ask->derived) return only_one(ask, fault);
    e = store_book_load(db, ask->service, ask->provider, ask->known_at,
                        1u << PART_FOLLOW_UPS | 1u << PART_SITES, a, &ask->in_force);
    if (e != OK) return e;
    struct book book = book_to_derive(ask);
    ask->result = ARENA_NEW(a, struct national_comparison);
    national_compare(ask->view.framework, ask->own, &book, ask->period, ask->as_at, ask->result);
    return OK;
}

/* ---- the answer ---- */

static void write_version(struct json *j, const char *key, const struct ask *ask, const struct held *h) {
    char at[INSTANT_TEXT];
    const struct held *now = book_find(&ask->in_force, h->part, h->period);
    json_key(j, key);
    json_object_begin(j);
    json_field_int(j, "version", h->version);
    json_field_cstr(j, "receivedAt", instant_format(h->received_at, at));
    json_field_int(j, "rows", h->rows);
    json_field_bool(j, "inForce", now && now->version == h->version);
    json_end(j);
}

static void write_head(struct json *j, const struct ask *ask) {
    char text[INSTANT_TEXT];
    json_field_str(j, "service", ask->service);
    json_field_str(j, "provider", ask->provider);
    json_field_cstr(j, "period", period_format(ask->period, text));
    json_field_cstr(j, "formVersion", national_form_version(ask->period));
    json_field_cstr(j, "asAt", day_format(ask->as_at, text));
    json_field_str(j, "knownAt",
                   ask->known_at == INSTANT_NONE ? STR_NONE : str_of(instant_format(ask->known_at, text)));
    write_version(j, "own", ask, ask->own);
    write_version(j, "derived", ask, ask->derived);
}

static void write_differences(struct json *j, const struct national_comparison *c) {
    json_key(j, "differences");
    json_array_begin(j);
    for (int cell = 0; cell < c->own.form.cell_count; cell++) {
        if (!national_cell_differs(c, cell)) continue;
        json_object_begin(j);
        national_write_place(j, &c->own.form, cell);
        json_field_int(j, "own", c->own.filled.values[cell]);
        json_field_int(j, "derived", c->derived.filled.values[cell]);
        json_field_int(j, "difference", national_cell_difference(c, cell));
        json_end(j);
    }
    json_end(j);
}

static void write_by_part(struct json *j, const struct national_comparison *c) {
    json_key(j, "byPart");
    json_array_begin(j);
    for (int part = 0; part < NATIONAL_2A; part++) {
        json_object_begin(j);
        json_field_cstr(j, "part", national_part_info((enum national_part)part)->name);
        json_field_int(j, "cells", c->parts[part].cells);
        json_field_int(j, "differing", c->parts[part].differing);
        json_field_int(j, "difference", c->parts[part].difference);
        json_end(j);
    }
    json_end(j);
}

static void write_answer(struct json *j, const struct ask *ask) {
    const struct national_comparison *c = ask->result;
    json_object_begin(j);
    write_head(j, ask);
    json_field_bool(j, "agrees", c->all.differing == 0);
    json_field_int(j, "cells", c->all.cells);
    json_field_int(j, "differing", c->all.differing);
    write_differences(j, c);
    write_by_part(j, c);
    json_end(j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = load(ask, db, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    if (ask->csv) national_write_differences_csv(&ask->p->body, ask->result);
    else write_answer(&j, ask);
    return OK;
}

/* ---- the question ---- */

/* A provider asks of itself and need not say so; another's is not there for it. */
static enum err read_provider(struct ask *ask) {
    struct request *r = ask->r;
    ask->provider = request_query(r, "provider");
    if (r->who->role != ROLE_PROVIDER)
        return ask->provider.n ? OK
                               : fail(&r->fault, ERR_BAD_PARAMETER,
                                      "Whose return is to be compared is not said; add ?provider= with the "
                                      "provider's id.");
    if (ask->provider.p && !str_is(ask->provider, r->who->provider))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                                  STR_ARG(ask->provider), STR_ARG(ask->service)));
    ask->provider = str_of(r->who->provider);
    return OK;
}

static void name_file(const struct ask *ask) {
    char period[PERIOD_TEXT];
    ask->p->content_type = "text/csv; charset=utf-8; header=present";
    reply_header(ask->r, ask->p, "Content-Disposition",
                 arena_printf(ask->r->arena, "attachment; filename=\"%.*s-%.*s-%s-reconciliation.csv\"",
                              STR_ARG(ask->service), STR_ARG(ask->provider),
                              period_format(ask->period, period)));
}

enum err handle_national_reconciliation(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask ask = {.r = r,
                      .p = p,
                      .service = request_param(r, "service"),
                      .as_at = app_today(app_of(r)),
                      .known_at = INSTANT_NONE};
    size_t choice = 0;
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = read_provider(&ask);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = query_snapshot(r, ask.service, &ask.as_at, &ask.known_at);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask.csv = choice == 1;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    reply_header(r, p, "Vary", STR("Accept"));
    if (ask.csv) name_file(&ask);
    answered_from(r, p, ask.known_at, &ask.view.service);
    reply_etag_of_body(p);
    return OK;
}
