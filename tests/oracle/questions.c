/* questions: which service, provider, authority, period, day, instant and breakdown the independent check asks about, and where. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/oracle/batch.h"
#include "tests/support/suite.h"

enum { DATES = 12 };

/* ---- which breakdown a question is about ---- */

/* Common to all measures; of episodes and of referrals alone. tests/oracle/6_breakdowns.sql has the same names. */
#define EVERYWHERE                                                                                           \
    "gender", "nssec", "imdQuintile", "ethnicGroup", "seriousMentalIllness", "pregnant", "provider",         \
        "localAuthority", "ageBand", "priorityGroup"
static const char *const OF_PATHWAY[] = {EVERYWHERE, NULL};
static const char *const OF_EPISODES[] = {
    EVERYWHERE, "setting",   "aid",           "interventionType", "sexualOrientation",
    "site",     "condition", "housingTenure", "homeless",         "substanceMisuse",
    NULL};
static const char *const OF_REFERRALS[] = {
    EVERYWHERE, "source", "destinationType", "site", "referrerOrganisation", NULL};
/* What a national return tells, so that it is not rare. */
static const char *const OF_FORM[] = {"gender",      "ageBand", "pregnant", "provider",
                                      "ethnicGroup", "nssec",   "setting",  NULL};

static const struct {
    const char *name;
    const char *const *by;
} MEASURES[] = {
    {"setQuitDate", OF_EPISODES},
    {"setQuitDate", OF_FORM},
    {"quit4", OF_EPISODES},
    {"quit4", OF_FORM},
    {"coVerified4", OF_EPISODES},
    {"coVerified4", OF_FORM},
    {"lost4", OF_EPISODES},
    {"lost4", OF_FORM},
    {"quit12", OF_EPISODES},
    {"lost12", OF_EPISODES},
    {"harmReduction", OF_PATHWAY},
    {"harmReductionNotQuit", OF_PATHWAY},
    {"extendedSupport", OF_EPISODES},
    {"extendedSupportQuit", OF_EPISODES},
    {"referrals", OF_REFERRALS},
    {"healthCondition", OF_EPISODES},
    {"quitMaintainedInPregnancy", OF_EPISODES},
};

static const char *any_of(struct dice *d, const char *const *names) {
    int n = 0;
    while (names[n])
        n++;
    return names[dice_below(d, n)];
}

static struct broken_down any_breakdown(struct trial *t) {
    struct dice *d = &t->story->dice;
    int at = dice_below(d, (int)(sizeof MEASURES / sizeof *MEASURES));
    struct broken_down out = {MEASURES[at].name, {any_of(d, MEASURES[at].by), NULL}, dice_percent(d, 50)};
    if (dice_percent(d, 35)) out.by[1] = any_of(d, MEASURES[at].by);
    if (out.by[1] == out.by[0]) out.by[1] = NULL;
    return out;
}

/* ---- the questions ---- */

static int16_t rated(int16_t period) {
    if (period < FIRST_RATED) return FIRST_RATED;
    return period > LAST_RATED ? LAST_RATED : period;
}

static int16_t rated_period(struct trial *t, int32_t day) {
    int16_t period = dice_percent(&t->story->dice, 50)
                         ? (int16_t)(period_of_day(day) - dice_below(&t->story->dice, 3))
                         : t->story->quarters[dice_below(&t->story->dice, (int)t->story->quarter_count)];
    return rated(period);
}

static struct question *add_ask(struct trial *t, int provider, const char *authority, int32_t day) {
    static struct question no_room;
    struct batch *b = t->batch;
    if (b->ask_count >= ASKS_MOST) return &no_room;
    b->asks[b->ask_count] =
        (struct question){t, provider, authority, rated_period(t, day), day, "", any_breakdown(t)};
    return &b->asks[b->ask_count++];
}

/* An instant at which something was received, signed or made final. */
static void choose_known_at(const struct trial *t, PGconn *db, char out[40]) {
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM ("
        "SELECT service, seq, received_at AS at FROM quarterday.version UNION ALL SELECT service, seq, at FROM quarterday.sign_off "
        "UNION ALL SELECT service, seq, at FROM quarterday.period_event) AS happened "
        "WHERE service = '%s' ORDER BY md5(seq || '%d') LIMIT 1",
        t->name, dice_below(&t->story->dice, 1000));
    PGresult *r = PQexec(db, sql);
    CHECK(PQresultStatus(r) == PGRES_TUPLES_OK, "%s", PQerrorMessage(db));
    snprintf(out, 40, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
}

static const char *const AUTHORITIES[] = {"E09000012", "E09000001", "E09000030"};

static void ask_at(struct trial *t, int32_t day, const char *known_at) {
    struct dice *d = &t->story->dice;
    add_ask(t, -1, NULL, day);
    add_ask(t, -1, NULL, day);
    add_ask(t, dice_below(d, STORY_PROVIDERS), NULL, day);
    if (dice_percent(d, 30))
        add_ask(t, dice_percent(d, 30) ? dice_below(d, STORY_PROVIDERS) : -1, AUTHORITIES[dice_below(d, 3)],
                day);
    if (!dice_percent(d, 15)) return;
    struct question *past = add_ask(t, -1, NULL, day);
    snprintf(past->known_at, sizeof past->known_at, "%s", known_at);
}

static int by_day(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Of a small service every day on which something changes. */
static size_t ask_every_change(struct trial *t) {
    struct story *story = t->story;
    size_t days = 0;
    qsort(story->changes, story->change_count, sizeof *story->changes, by_day);
    for (size_t i = 0; i < story->change_count; i++) {
        if (i && story->changes[i] == story->changes[i - 1]) continue;
        add_ask(t, -1, NULL, story->changes[i]);
        days++;
    }
    return days;
}

/* The day of a delivery does not count, the day after does. */
static size_t ask_deliveries(struct trial *t) {
    const struct story *story = t->story;
    size_t known = story->delivery_count < STORY_DELIVERIES ? story->delivery_count : STORY_DELIVERIES,
           days = 0;
    for (size_t i = 0; i < known; i++) {
        const struct delivery *of = &story->deliveries[i];
        if (of->period < FIRST_RATED || of->period > LAST_RATED) continue;
        struct question *q = add_ask(t, -1, NULL, of->day + (int32_t)(i % 2));
        q->period = of->period;
        q->breakdown = (struct broken_down){"quitMaintainedInPregnancy", {"provider", NULL}, false};
        days++;
    }
    return days;
}

/* Of quarters of which a national return stands: what it tells, and pregnancy, by which 1B and 1C may contradict each other. */
static size_t ask_forms(struct trial *t) {
    const struct story *story = t->story;
    struct dice *d = &t->story->dice;
    size_t days = 0;
    for (size_t i = 0; i < story->quarter_count; i++) {
        int16_t period = story->quarters[i];
        if (!story->form_stands[i] || period < FIRST_RATED) continue;
        struct question *q = add_ask(t, -1, NULL, period_last_day(period) + dice_below(d, 60));
        q->period = period;
        if (dice_percent(d, 50))
            q->breakdown = (struct broken_down){"coVerified4", {"pregnant", NULL}, false};
        else
            q->breakdown =
                (struct broken_down){MEASURES[dice_below(d, 8)].name, {any_of(d, OF_FORM), NULL}, false};
        days++;
    }
    return days;
}

/* Parts whose rows know an authority beside the episodes'. */
static size_t ask_an_authority(struct trial *t) {
    static const char *const OF[] = {"referrals", "harmReduction", "harmReductionNotQuit"};
    struct dice *d = &t->story->dice;
    int32_t day = period_last_day(t->story->quarters[t->story->quarter_count - 1]);
    struct question *q = add_ask(t, -1, AUTHORITIES[dice_below(d, 3)], day);
    q->period = rated(t->story->quarters[dice_below(d, (int)t->story->quarter_count)]);
    q->breakdown = (struct broken_down){OF[dice_below(d, 3)], {"gender", NULL}, true};
    return 1;
}

size_t questions_choose(struct trial *t, PGconn *db) {
    const struct story *story = t->story;
    struct dice *d = &t->story->dice;
    char known_at[40];
    choose_known_at(t, db, known_at);
    for (int i = 0; i < DATES; i++) {
        int32_t day = i < DATES - 2 && story->change_count
                          ? story->changes[dice_below(d, (int)story->change_count)]
                          : period_first_day(FIRST_RATED) + dice_below(d, 1400);
        ask_at(t, day, known_at);
    }
    return DATES + ask_deliveries(t) + ask_forms(t) + ask_an_authority(t) +
           (story->is_small ? ask_every_change(t) : 0);
}

/* ---- their paths ---- */

static int breakdown_path(const struct question *q, char *out, size_t room) {
    struct broken_down d = q->breakdown;
    char period[PERIOD_TEXT], day[DAY_TEXT];
    return snprintf(out, room, "/v1/breakdowns/%s/%s?measure=%s&by=%s%s%s&view=%s&asAt=%s", q->trial->name,
                    period_format(q->period, period), d.measure, d.by[0], d.by[1] ? "," : "",
                    d.by[1] ? d.by[1] : "", d.year_to_date ? "YEAR_TO_DATE" : "QUARTER",
                    day_format(q->as_at, day));
}

bool question_path(const struct question *q, enum resource of, char *out, size_t room) {
    char period[PERIOD_TEXT], year[YEAR_TEXT], day[DAY_TEXT];
    const char *service = q->trial->name;
    period_format(q->period, period);
    day_format(q->as_at, day);
    bool filters = of == DASHBOARD || of == BREAKDOWN;
    if (q->authority && !filters) return false;
    if (q->provider >= 0 && of == PAYMENT) return false;
    int n = of == BREAKDOWN   ? breakdown_path(q, out, room)
            : of == DASHBOARD ? snprintf(out, room, "/v1/dashboards/%s/%s?asAt=%s", service, period, day)
            : of == COMPLETENESS
                ? snprintf(out, room, "/v1/completeness/%s/%s?limit=500&asAt=%s", service, period, day)
                : snprintf(out, room, "/v1/payments/%s/%s?asAt=%s", service, year_format(q->period / 4, year),
                           day);
    if (q->provider >= 0 && filters)
        n += snprintf(out + n, room - (size_t)n, "&provider=%s", story_providers[q->provider]);
    if (q->authority) n += snprintf(out + n, room - (size_t)n, "&localAuthority=%s", q->authority);
    if (q->known_at[0]) snprintf(out + n, room - (size_t)n, "&knownAt=%s", q->known_at);
    return true;
}
