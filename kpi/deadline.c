/* deadline: until when a quarter's follow-ups, a provider's return and the national return are due: by the rule (days after the
 * quarter's end), or on the day that the framework names for that quarter.
 *
 * What would surprise: a named follow-up end moves the two other days of its quarter along, because they count from it; a named
 * day is taken as it is, also on a weekend. */
#include "kpi/deadline.h"

#include "kpi/schema.h"

enum { OVERRIDES_MAX = 400, DAYS_MOST = 800 };

static const char *const KINDS[DEADLINE_KINDS] = {"followUpEnd", "provider", "national"};

static int override_compare(const struct deadline_override *a, int16_t period) {
    return a->period < period ? -1 : a->period > period;
}

/* They are in order of their periods. */
static const struct deadline_override *override_find(const struct framework *f, int16_t period) {
    size_t low = 0, high = f->deadline_override_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = override_compare(&f->deadline_overrides[middle], period);
        if (order == 0) return &f->deadline_overrides[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return NULL;
}

/* ---- questions ---- */

static int32_t named_day(const struct framework *f, int16_t period, enum deadline_kind kind) {
    const struct deadline_override *o = override_find(f, period);
    return o ? o->days[kind] : DAY_NONE;
}

int32_t framework_follow_up_end(const struct framework *f, int16_t period) {
    int32_t named = named_day(f, period, DEADLINE_FOLLOW_UP_END);
    if (named != DAY_NONE) return named;
    int32_t day = period_last_day(period) + f->follow_up_days;
    int weekday = day_weekday(day);
    return weekday < 5 ? day : day + 7 - weekday;
}

int32_t framework_provider_deadline(const struct framework *f, int16_t period) {
    int32_t named = named_day(f, period, DEADLINE_PROVIDER);
    return named != DAY_NONE ? named : framework_follow_up_end(f, period) + f->provider_days;
}

int32_t framework_national_deadline(const struct framework *f, int16_t period) {
    int32_t named = named_day(f, period, DEADLINE_NATIONAL);
    return named != DAY_NONE ? named : framework_follow_up_end(f, period) + f->national_days;
}

int32_t framework_lock_day(const struct framework *f, int16_t period) {
    return framework_national_deadline(f, period_of(period_year(period), 4)) + 1;
}

bool framework_deadline_is_named(const struct framework *f, int16_t period) {
    return override_find(f, period) != NULL;
}

/* ---- reading ---- */

static void override_read(const struct node *n, int16_t period, struct deadline_override *out) {
    schema_members(n, "deadlinesOfQuarter");
    *out = (struct deadline_override){.period = period};
    bool any = false;
    for (unsigned kind = 0; kind < DEADLINE_KINDS; kind++) {
        struct node one = node_member(n, KINDS[kind]);
        out->days[kind] = node_is_given(&one) ? node_day(&one) : DAY_NONE;
        any |= node_is_given(&one);
        if (config_ok(n->config) && node_is_given(&one) &&
            out->days[kind] > period_last_day(period) + DAYS_MOST)
            node_fail(&one, "lies more than %d days after the quarter; is the year right?", DAYS_MOST);
    }
    if (config_ok(n->config) && !any)
        node_fail(n, "names no day; give followUpEnd, provider or national, or leave the quarter out");
}

static void override_add(struct framework *f, struct deadline_override *list,
                         const struct deadline_override *added) {
    size_t at = f->deadline_override_count++;
    for (; at > 0 && list[at - 1].period > added->period; at--)
        list[at] = list[at - 1];
    list[at] = *added;
}

/* The days of a quarter that the file names follow one another, whichever of them are named; and none comes after the year is
 * locked. */
static void override_check(const struct node *n, const struct framework *f, int16_t period) {
    char day[DAY_TEXT];
    const int32_t days[DEADLINE_KINDS] = {framework_follow_up_end(f, period),
                                          framework_provider_deadline(f, period),
                                          framework_national_deadline(f, period)};
    if (days[0] < period_last_day(period))
        node_fail(n, "follow-ups cannot end before the quarter, on %s; name a later followUpEnd",
                  day_format(days[0], day));
    for (unsigned kind = 1; kind < DEADLINE_KINDS; kind++)
        if (days[kind] < days[kind - 1])
            node_fail(n, "%s would be %s, before %s; name a later day", KINDS[kind],
                      day_format(days[kind], day), KINDS[kind - 1]);
    if (days[DEADLINE_PROVIDER] >= framework_lock_day(f, period))
        node_fail(n, "the provider's day, %s, comes after the day that closes the year; name an earlier one",
                  day_format(days[DEADLINE_PROVIDER], day));
}

static bool is_rule(const char *key) {
    return strcmp(key, "followUpDays") == 0 || strcmp(key, "providerDays") == 0 ||
           strcmp(key, "nationalDays") == 0;
}

/* Every other member is a quarter. */
static void overrides_read(const struct node *n, struct framework *f) {
    size_t most = json_object_size(n->json);
    if (most > OVERRIDES_MAX) node_fail(n, "has more than %d members", OVERRIDES_MAX);
    if (!config_ok(n->config)) return;
    struct deadline_override *list = ARENA_ARRAY(&f->arena, struct deadline_override, most + 1);
    f->deadline_overrides = list;
    for (void *i = node_first(n); i && config_ok(n->config); i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        struct deadline_override read;
        int16_t period = 0;
        if (is_rule(one.key)) continue;
        if (!period_parse(str_of(one.key), &period) || period < PERIOD_FIRST_ACCEPTED) {
            node_fail(&one,
                      "is no quarter from \"2017-18-Q3\" on, nor followUpDays, providerDays or nationalDays");
            return;
        }
        override_read(&one, period, &read);
        override_add(f, list, &read);
    }
}

void deadlines_read(const struct node *n, struct framework *f) {
    if (node_is_given(n) && !json_is_object(n->json)) node_fail(n, "must be an object, { … }");
    struct node follow_up = node_member(n, "followUpDays"), provider = node_member(n, "providerDays");
    struct node national = node_member(n, "nationalDays");
    f->follow_up_days = (int)node_int_or(&follow_up, 0, 400, 42);
    f->provider_days = (int)node_int_or(&provider, 0, 400, 14);
    f->national_days = (int)node_int_or(&national, 0, 400, 28);
    if (!node_is_given(n)) return;
    overrides_read(n, f);
    for (void *i = node_first(n); i && config_ok(n->config); i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        int16_t period = 0;
        if (period_parse(str_of(one.key), &period)) override_check(&one, f, period);
    }
}
