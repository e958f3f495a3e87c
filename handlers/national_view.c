/* See national_view.h. */
#include "handlers/national_view.h"

#include <jansson.h>

#include "db/store_periods.h"

const char *const FINANCE_MEMBERS[FINANCE_COUNT] = {"allocation", "cumulativeSpend", "pharmacotherapySpend",
                                                    "otherAllocation"};

/* ---- the providers ---- */

struct missing_of {
    struct national_view *v;
    size_t provider;
};

static void pass_missing(void *context, uint32_t row, enum item item) {
    const struct missing_of *m = context;
    if (m->v->missing) m->v->missing(m->v->context, m->provider, row, item);
}

static void note_before(struct national_view *v, const struct book *book) {
    for (int i = 0; i < 4; i++) {
        int64_t people = national_people(book, (int16_t)(v->period - 1 - i), v->authority);
        if (people >= 0) v->before[i] = (v->before[i] < 0 ? 0 : v->before[i]) + people;
    }
}

static enum err count_provider(struct national_view *v, size_t at) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    struct national_provider *part = &v->parts[at];
    struct missing_of missing = {v, at};
    uint32_t wanted = 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS | 1u << PART_SITES | 1u << PART_NATIONAL;
    enum err e = store_book_load(db_of(v->r), v->view.service.id, part->id, v->known_at, wanted, &a, &book);
    for (size_t i = 0; e == OK && i < book.count; i++) {
        if (book.held[i].part != PART_EPISODES || book.held[i].period != v->period) continue;
        part->version = book.held[i].version;
        part->rows = book.held[i].rows;
    }
    if (e == OK) {
        completeness_add(v->view.framework, &book, v->period, v->as_at, &part->figures, pass_missing,
                         &missing);
        completeness_add_national(&book, v->period, &part->figures);
        national_return_add(v->view.framework, &book, v->as_at, v->authority, v->sum);
        note_before(v, &book);
        completeness_sum(&v->all, &part->figures);
    }
    arena_free(&a);
    return e;
}

static bool has_signed(str id, const str *signed_off, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(signed_off[i], id)) return true;
    return false;
}

static enum err count_providers(struct national_view *v) {
    str *signed_off;
    size_t signed_count;
    enum err e = store_signed_list(db_of(v->r), v->view.service.id, v->period, v->known_at, v->r->arena,
                                   &signed_off, &signed_count);
    v->parts = ARENA_ARRAY(v->r->arena, struct national_provider, v->view.provider_count);
    for (size_t i = 0; i < v->view.provider_count && e == OK; i++) {
        str id = v->view.providers[i].id;
        if (v->provider.p && !str_eq(v->provider, id)) continue;
        const struct framework_provider *expected = framework_provider_find(v->view.framework, id);
        v->parts[v->part_count] = (struct national_provider){
            .id = id,
            .expected = expected && framework_expects_any(expected, v->period),
            .submitted = has_signed(id, signed_off, signed_count),
        };
        e = count_provider(v, v->part_count++);
    }
    return e;
}

/* ---- what the commissioner added ---- */

static int64_t member(const json_t *body, const char *name) {
    return json_integer_value(json_object_get(body, name));
}

static void fill_finance(struct national_filled *f, const json_t *body) {
    int at = 0;
    for (int c = f->form->rows[f->form->part_rows[NATIONAL_2A]].first;
         c < f->form->cell_count && at < FINANCE_COUNT; c++)
        national_filled_put(f, c, member(body, FINANCE_MEMBERS[at++]));
}

static void fill_reasons(struct arena *a, struct national_filled *f, const json_t *body) {
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(body, "reasons"), i, one) {
        enum national_part part;
        const char *key = json_string_value(json_object_get(one, "key1"));
        if (!key || !national_part_parse(str_of(json_string_value(json_object_get(one, "part"))), &part))
            continue;
        int row = national_row_find(f->form, part, str_of(key), STR(""));
        if (row >= 0)
            f->reasons[row] = arena_str(a, str_of(json_string_value(json_object_get(one, "reason"))));
    }
}

static json_t *parse(str body) {
    return json_loadb(body.p, body.n, 0, NULL); /* ours: stored as we wrote it */
}

/* The first one replaces nothing. */
static void take_submission(const struct national_view *v, struct national_context *c,
                            const struct store_national_entry *e, const json_t *body) {
    c->resubmitted = v->submitting || e->version > 1;
    c->names_replaced =
        v->submitting ? v->names_replaced : json_is_integer(json_object_get(body, "replaces"));
    c->has_reason = v->submitting ? v->has_reason : json_string_length(json_object_get(body, "reason")) > 0;
}

static void take_entry(struct national_view *v, struct national_context *c,
                       const struct store_national_entry *e) {
    json_t *body = parse(e->body);
    bool ours = e->period == v->period;
    if (ours) v->newest[e->kind] = *e;
    if (e->kind == NATIONAL_FINANCE && ours && !c->without_finance) fill_finance(&v->sum->filled, body);
    if (e->kind == NATIONAL_FINANCE && !ours) {
        int at = period_quarter(e->period) - 1;
        c->earlier_money[at].known = true;
        c->earlier_money[at].allocation = member(body, "allocation");
        c->earlier_money[at].cumulative_spend = member(body, "cumulativeSpend");
    }
    if (e->kind == NATIONAL_REASONS && ours) fill_reasons(v->r->arena, &v->sum->filled, body);
    if (e->kind == NATIONAL_SUBMISSION && ours) take_submission(v, c, e, body);
    json_decref(body);
}

static enum err take_entries(struct national_view *v, struct national_context *c) {
    struct store_national_entry *list;
    size_t count;
    int16_t first = period_of(period_year(v->period), 1);
    enum err e = store_national_newest(db_of(v->r), v->view.service.id, first, v->period, v->known_at,
                                       v->r->arena, &list, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        take_entry(v, c, &list[i]);
    return e;
}

/* ---- the rules ---- */

/* Nothing returned for it, although somebody was expected to. */
static bool is_missing(const struct national_view *v, int16_t period) {
    const struct framework *f = service_view_framework(&v->view, period);
    if (v->before[v->period - 1 - period] >= 0) return false;
    for (size_t i = 0; i < f->provider_count; i++)
        if (framework_expects_any(&f->providers[i], period)) return true;
    return false;
}

static void run_rules(struct national_view *v, struct national_context *c) {
    c->unplaced = v->sum->unplaced;
    c->unplaced_count = v->sum->unplaced_count;
    c->waiting = v->sum->waiting;
    c->quarter_runs = v->as_at <= period_last_day(v->period);
    for (int16_t p = period_of(period_year(v->period), 1); p < v->period; p++)
        c->missing_quarters |= (unsigned)is_missing(v, p) << (period_quarter(p) - 1);
    for (int i = 0; i < 4; i++)
        if (v->before[i] >= 0) c->before[c->before_count++] = v->before[i];
    national_checks_run(&v->sum->filled, c, v->r->arena, v->checks);
}

/* ---- what stands in the way ---- */

static void block(struct national_view *v, const char *code, str provider, str detail) {
    v->blockers[v->blocker_count++] = (struct national_blocker){code, provider, detail};
}

static void block_by_providers(struct national_view *v) {
    struct arena *a = v->r->arena;
    for (size_t i = 0; i < v->part_count; i++)
        if (v->parts[i].expected && !v->parts[i].submitted)
            block(v, "NOT_SIGNED_OFF", v->parts[i].id,
                  arena_printf(a, "%.*s has not signed off its return.", STR_ARG(v->parts[i].id)));
    for (size_t i = 0; i < v->part_count; i++)
        if (v->parts[i].figures.waiting)
            block(v, "FOLLOW_UPS_OPEN", v->parts[i].id,
                  arena_printf(a, "%lld episode(s) are still within their 4-week follow-up window.",
                               (long long)v->parts[i].figures.waiting));
}

static void block_by_completeness(struct national_view *v) {
    struct decimal percent = v->view.framework->completeness_percent;
    if (completeness_suffices(percent, v->all.all_complete, v->all.all_required)) return;
    struct buf needed = BUF_EMPTY;
    buf_add_decimal(&needed, percent);
    block(v, "INCOMPLETE", STR_NONE,
          v->all.all_required
              ? arena_printf(v->r->arena, "%lld of %lld items are complete; %.*s %% are needed.",
                             (long long)v->all.all_complete, (long long)v->all.all_required,
                             STR_ARG(buf_str(&needed)))
              : STR("No episodes have been returned for this quarter."));
    buf_free(&needed);
}

/* Reasons and finance are the commissioner's to give, for the whole return: a provider is not kept waiting by them. */
static void block_by_commissioner(struct national_view *v) {
    const struct national_check *reasons = &v->checks[NATIONAL_V13];
    if (v->provider.p) return;
    for (size_t i = 0; i < reasons->offence_count; i++)
        block(v, "REASON_MISSING", STR_NONE, reasons->offences[i].detail);
    if (!v->newest[NATIONAL_FINANCE].version)
        block(
            v, "FINANCE_MISSING", STR_NONE,
            STR("The finance of parts 2A and 2B has not been given; the commissioner sends it to .../finance."));
}

static void find_blockers(struct national_view *v) {
    size_t most = 2 * v->part_count + 2 + v->checks[NATIONAL_V13].offence_count;
    v->blockers = ARENA_ARRAY(v->r->arena, struct national_blocker, most);
    block_by_providers(v);
    block_by_completeness(v);
    block_by_commissioner(v);
}

enum err national_view_load(struct national_view *v, str service, struct fault *fault) {
    struct national_context context = {.without_finance = v->provider.p || v->authority};
    v->part_count = 0;
    v->blocker_count = 0;
    v->all = (struct completeness){0};
    memset(v->newest, 0, sizeof v->newest);
    for (int i = 0; i < 4; i++)
        v->before[i] = -1;
    enum err e = service_view_load(v->r, service, v->known_at, v->period, &v->view, fault);
    if (e != OK) return e;
    if (v->provider.p && !service_view_provider(&v->view, v->provider))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(v->provider), STR_ARG(service));
    v->sum = ARENA_NEW(v->r->arena, struct national_return);
    national_return_begin(v->period, v->sum);
    e = count_providers(v);
    if (e == OK) e = take_entries(v, &context);
    if (e != OK) return e;
    run_rules(v, &context);
    find_blockers(v);
    return OK;
}
