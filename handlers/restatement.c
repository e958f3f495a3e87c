/* GET /v1/returns/{service}/{provider}/{period}/{part}/restatement: which KPIs, statuses, plans and pence moved because of one version:
 * the figures just before and just after it was received, everything else as it was known at that moment.
 *
 * received_at of a provider only goes up, so the microsecond before it is the state without the version, and itself the state with it;
 * the other providers are the same on both sides. */
#include "db/store_plans.h"
#include "handlers/consequences.h"
#include "handlers/data_as_of.h"
#include "handlers/handlers.h"
#include "handlers/page.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider;
    int16_t period;
    const struct part *part;
    int32_t want; /* 0: the newest */
    int32_t as_at;
    struct store_version version;
};

static void write_head(struct ask *ask, const struct framework *f, struct json *j) {
    const struct store_version *v = &ask->version;
    char text[INSTANT_TEXT];
    json_field_str(j, "service", ask->service);
    json_field_str(j, "provider", ask->provider);
    json_field_cstr(j, "period", period_format(ask->period, text));
    json_field_cstr(j, "part", ask->part->name);
    json_field_int(j, "version", v->version);
    json_field_cstr(j, "receivedAt", instant_format(v->received_at, text));
    json_field_str(j, "reason", v->reason.n ? v->reason : STR_NONE);
    json_field_cstr(j, "asAt", day_format(ask->as_at, text));
    json_key(j, "framework");
    json_object_begin(j);
    json_field_cstr(j, "id", f->id);
    json_field_int(j, "version", f->version);
    json_end(j);
    json_field_int(j, "rows", v->rows);
    json_field_int(j, "created", v->created);
    json_field_int(j, "updated", v->updated);
    json_field_int(j, "unchanged", v->unchanged);
    json_field_int(j, "removed", v->removed);
}

static enum err write_judging(struct ask *ask, struct json *j) {
    struct store_plan_judging judging;
    char text[INSTANT_TEXT];
    enum err e = store_plan_judging_after(db_of(ask->r), ask->service, ask->provider, ask->period,
                                          ask->version.seq, ask->r->arena, &judging);
    if (e != OK) return e;
    json_key(j, "judged");
    json_object_begin(j);
    json_field_str(j, "at", judging.at == INSTANT_NONE ? STR_NONE : str_of(instant_format(judging.at, text)));
    json_key(j, "plans");
    json_array_begin(j);
    for (size_t i = 0; i < judging.count; i++) {
        const struct store_judged_step *s = &judging.steps[i];
        json_object_begin(j);
        json_field_str(j, "id", s->plan);
        json_field_str(j, "kpi", s->kpi);
        json_field_cstr(j, "openedFor", period_format(s->opened_for, text));
        json_field_str(j, "from", s->from.n ? s->from : STR_NONE);
        json_field_str(j, "to", s->to);
        json_field_str(j, "comment", s->comment);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    return OK;
}

static enum err write_moves(struct ask *ask, const struct moved_question *q, struct json *j) {
    struct plan_ground ground;
    json_key(j, "kpis");
    enum err e = moved_write(q, j);
    if (e == OK) e = plan_ground_load(ask->r, ask->service, ask->period, ask->version.received_at, &ground);
    if (e != OK) return e;
    json_key(j, "consequences");
    return consequences_write(q, &ground, ask->r->arena, j);
}

/* The provider's counts without the version go where those with it are. */
static enum err compare(struct ask *ask, const struct service_view *view, struct service_tallies *tallies,
                        struct json *j) {
    size_t mine = (size_t)(service_view_provider(view, ask->provider) - view->providers), count = 0;
    struct arena *a = ask->r->arena;
    struct tally_cache *cache = app_of(ask->r)->tallies;
    const struct tally **with = ARENA_ARRAY(a, const struct tally *, tallies->rating_count);
    struct shared_tally **without = ARENA_ARRAY(a, struct shared_tally *, tallies->rating_count);
    enum err e = OK;
    for (; count < tallies->rating_count && e == OK; count++) {
        const struct rating *by = &tallies->ratings[count];
        struct tally_key key = {ask->service,  ask->provider, view->providers[mine].stamp,
                                by->framework, ask->as_at,    0};
        e = tally_cache_get(cache, db_of(ask->r), &key, ask->version.received_at - 1, &without[count]);
        if (e != OK) break;
        with[count] = by->providers[mine].tally;
        tallies_replace(tallies, count, mine, shared_tally_get(without[count]));
    }
    struct moved_question q = {view, tallies, mine, with, NULL};
    if (e == OK) moved_begin(&q, a);
    if (e == OK) e = write_moves(ask, &q, j);
    for (size_t i = 0; i < count; i++)
        tally_release(cache, without[i]);
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct service_tallies tallies;
    buf_clear(&ask->p->body);
    enum err e = store_version_get(db, ask->service, ask->provider, ask->period, ask->part->id, ask->want,
                                   ask->r->arena, &ask->version);
    if (e == ERR_NOT_FOUND && ask->want)
        return fail(fault, e, "%s of this period has no version %d.", ask->part->name, ask->want);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "%s has not been sent for this period.", ask->part->name);
    if (e == OK)
        e = service_view_load(ask->r, ask->service, ask->version.received_at, ask->period, &view, fault);
    if (e == OK)
        e = tallies_load(ask->r, &view, QUARTERS_ALL, ask->as_at, ask->version.received_at, 0, &tallies);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    write_head(ask, view.framework, &j);
    e = compare(ask, &view, &tallies, &j);
    tallies_release(ask->r, &tallies);
    if (e == OK) e = write_judging(ask, &j);
    json_end(&j);
    return e;
}

enum err handle_part_restatement(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r,
        .p = p,
        .service = request_param(r, "service"),
        .provider = request_param(r, "provider"),
        .as_at = app_today(app_of(r)),
    };
    uint64_t version = 0;
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = target_part(r, &ask.part);
    if (e == OK) e = query_count(r, "version", INT32_MAX, &version);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e != OK) return e;
    ask.want = (int32_t)version;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    data_as_of_header(r, p, ask.version.received_at, ask.version.received_at);
    reply_etag_of_body(p);
    return OK;
}
