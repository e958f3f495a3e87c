/* The feed returns: one row a provider and quarter that was sent or is expected, oldest first. */
#include "handlers/feed.h"
#include "handlers/return_status.h"

/* What has happened to the periods and returns of the service. */
struct table {
    struct feed_ask *ask;
    struct store_period *periods;
    struct store_sign_off *sign_offs;
    size_t period_count, sign_off_count;
};

static int count_bits(uint32_t bits) {
    return __builtin_popcount(bits);
}

static void put_missing(struct feed_out *o, uint32_t missing) {
    struct buf names = BUF_EMPTY;
    for (int part = 0; part < PART_COUNT; part++)
        if (missing >> part & 1)
            buf_printf(&names, "%s%s", names.n ? ";" : "", part_name((enum part_id)part));
    feed_text(o, "missingParts", names.n ? buf_str(&names) : STR(""));
    buf_free(&names);
}

static void put_timing(struct feed_out *o, const struct return_status *s, int32_t today) {
    struct timing t = return_timing(s, today);
    bool signed_once = s->state.signed_once;
    feed_day(o, "deadline", t.deadline);
    feed_instant(o, "signedOffAt", signed_once ? s->state.sign_off.at : INSTANT_NONE);
    feed_instant(o, "firstSignedOffAt", signed_once ? s->state.sign_off.first_at : INSTANT_NONE);
    feed_flag_if(o, "onTime", t.settled || t.outstanding, t.late == 0);
    feed_int_if(o, "daysLate", t.settled, t.late);
    feed_int(o, "daysOverdue", t.outstanding ? t.late : 0);
    feed_flag(o, "late", t.late > 0);
}

static void put_sent(struct feed_out *o, const struct return_status *s) {
    int expected = 0;
    int64_t rows = 0, warnings = 0, newest = INSTANT_NONE;
    for (int part = 0; part < PART_COUNT; part++) {
        const struct store_version *v = s->newest[part];
        expected += s->expected && framework_expects(s->expected, (enum part_id)part, s->period);
        if (!v) continue;
        rows += v->rows;
        warnings += (int64_t)v->warnings;
        if (v->received_at > newest) newest = v->received_at;
    }
    feed_flag(o, "neverSent", !s->sent);
    feed_int(o, "partsExpected", expected);
    feed_int(o, "partsSent", count_bits(s->sent));
    put_missing(o, s->missing);
    feed_int(o, "rows", rows);
    feed_int(o, "warningCount", warnings);
    feed_instant(o, "newestReceivedAt", newest);
}

static void write_row(struct feed_out *o, const struct return_status *s, int32_t today) {
    feed_text(o, "service", s->service);
    feed_text(o, "provider", s->provider->id);
    feed_text(o, "providerName", s->provider->name);
    feed_period(o, s->period);
    feed_cstr(o, "status", return_state_name(&s->state));
    feed_flag(o, "resignNeeded", s->state.resign_needed);
    feed_flag(o, "periodFinal", s->state.period.final);
    put_timing(o, s, today);
    put_sent(o, s);
    feed_end_row(o);
}

static void write_period(struct table *t, const struct store_provider *provider, int16_t period,
                         const struct store_version *versions, size_t count) {
    const struct figures_ask *q = &t->ask->q;
    const struct framework *f = service_view_framework(&q->view, period);
    struct return_status s = {
        .service = q->service,
        .provider = provider,
        .expected = framework_provider_find(f, provider->id),
        .framework = f,
        .period = period,
    };
    return_status_find(&s, versions, count);
    struct store_period state = period_find(t->periods, t->period_count, period);
    s.state = return_state_of(service_view_locking(&q->view, period), &state,
                              sign_off_find(t->sign_offs, t->sign_off_count, provider->id, period),
                              s.newest_seq, q->as_at);
    if (s.sent || (s.missing && period <= period_of_day(q->as_at))) write_row(&t->ask->out, &s, q->as_at);
}

/* Leaves out what was received later; how many are left. */
static size_t keep_known(struct store_version *versions, size_t count, int64_t known_at) {
    size_t kept = 0;
    if (known_at == INSTANT_NONE) return count;
    for (size_t i = 0; i < count; i++)
        if (versions[i].received_at <= known_at) versions[kept++] = versions[i];
    return kept;
}

/* The versions of one provider are in memory at a time. */
static enum err write_provider(struct table *t, const struct store_provider *provider) {
    struct arena a = ARENA_EMPTY;
    const struct feed_ask *ask = t->ask;
    struct store_version *versions;
    size_t count = 0;
    enum err e =
        store_versions_list(db_of(ask->q.r), ask->q.service, provider->id, -1, &a, &versions, &count);
    if (e == OK) count = keep_known(versions, count, ask->q.known_at);
    int16_t first, last;
    frameworks_quarters(&ask->q.view.in_force, &first, &last);
    last = period_of_day(ask->q.as_at);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (versions[i].period < first) first = versions[i].period;
        if (versions[i].period > last) last = versions[i].period;
    }
    if (ask->from > first) first = ask->from;
    if (ask->to < last) last = ask->to;
    for (int16_t p = first; e == OK && p <= last; p++)
        write_period(t, provider, p, versions, count);
    arena_free(&a);
    return e;
}

enum err feed_write_returns(struct feed_ask *ask, struct fault *fault) {
    struct table t = {.ask = ask};
    struct request *r = ask->q.r;
    str service = ask->q.service;
    enum err e =
        service_view_load(r, service, ask->q.known_at, period_of_day(ask->q.as_at), &ask->q.view, fault);
    if (e == OK)
        e = store_periods_list(db_of(r), service, -1, ask->q.known_at, r->arena, &t.periods, &t.period_count);
    if (e == OK)
        e = store_sign_offs_list(db_of(r), service, STR_NONE, -1, ask->q.known_at, r->arena, &t.sign_offs,
                                 &t.sign_off_count);
    for (size_t i = 0; e == OK && i < ask->q.view.provider_count; i++)
        e = write_provider(&t, &ask->q.view.providers[i]);
    return e;
}
