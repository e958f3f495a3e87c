/* crowd: see the header. */
#include "tests/torture/crowd.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/hash.h"
#include "returns/part.h"
#include "tests/support/episodes.h"
#include "tests/support/suite.h"
#include "tests/torture/clock.h"

enum {
    CLIENTS = 8,
    ROWS = 60,
    MANY_ROWS = 1500,
    PATIENCE_S = 120
}; /* of many, the first go in while the last are judged */

/* What one upload was told. */
struct told {
    uint8_t sha256[SHA256_BYTES];
    int version; /* 0: never acknowledged */
    unsigned stored;
};

static const struct place {
    const char *provider, *period, *part, *quit, *month;
} PLACES[CLIENTS] = {
    {"homerton", "2025-26-Q1", "episodes", "2025-05-01", NULL},
    {"pharmacies", "2025-26-Q1", "episodes", "2025-05-01", NULL},
    {"homerton", "2025-26-Q1", "contacts", NULL, "2025-04"},
    {"homerton", "2025-26-Q2", "contacts", NULL, "2025-07"},
    {"homerton", "2025-26-Q3", "contacts", NULL, "2025-10"},
    {"pharmacies", "2025-26-Q1", "contacts", NULL, "2025-04"},
    {"pharmacies", "2025-26-Q2", "contacts", NULL, "2025-07"},
    {"pharmacies", "2025-26-Q3", "contacts", NULL, "2025-10"},
};

struct client {
    struct crowd *crowd;
    const struct place *place;
    const char *key;
    pthread_t thread;
    struct told *told;
    bool settled; /* while settling: sends no more */
    unsigned count, room, checked;
    struct buf newest; /* acknowledged bytes */
    uint32_t chance;
    unsigned most_tries;
};

struct crowd {
    struct service *s;
    struct client clients[CLIENTS];
    pthread_mutex_t lock;
    pthread_cond_t change;
    bool go, settling, ending;
    unsigned busy, acknowledged, unanswered, given_up;
    int64_t checked_seq;
    bool is_searching; /* faults are counted, not failures of the test */
    unsigned faults;
    char first_fault[400];
    char wrong[400]; /* the first thing that a client must never be told */
};

unsigned torture_cycles(unsigned each_commit, unsigned share) {
    const char *text = getenv("QUARTERDAY_TEST_CYCLES");
    long n = text ? strtol(text, NULL, 10) : 0;
    if (n > 0) return (unsigned)n / share ? (unsigned)n / share : 1;
#if defined QUARTERDAY_TEST_BUILD
    return (each_commit + 19) / 20;
#else
    return each_commit;
#endif
}

bool torture_is_slow(long ms, long bar_ms) {
    return ms < 0 || (getenv("QUARTERDAY_TEST_CYCLES") && ms > bar_ms);
}

/* ---- a client ---- */

static struct buf body_number(const struct place *at, unsigned n) {
    struct buf b = BUF_EMPTY;
    if (at->month) {
        buf_printf(&b, "month,callsReceived,callsAnsweredFirstTime\n%s,%u,%u\n", at->month, 1000 + n,
                   n % 1000);
        return b;
    }
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    unsigned rows = n / CLIENTS % 8 ? ROWS : MANY_ROWS;
    for (unsigned i = 0; i < rows; i++) {
        char id[24], client[32];
        snprintf(id, sizeof id, "E-%u", i);
        snprintf(client, sizeof client, "C-%u-%u", n, i);
        struct episode_row r = episode_good(id);
        r.client = client;
        if ((n + i) % 3 == 0) r.outcome = "2", r.co = "";
        episode_add_csv(&b, &r);
    }
    return b;
}

/* False: the crowd ends. */
static bool begin_request(struct client *me) {
    struct crowd *c = me->crowd;
    pthread_mutex_lock(&c->lock);
    while ((!c->go || (c->settling && me->settled)) && !c->ending)
        pthread_cond_wait(&c->change, &c->lock);
    bool on = !c->ending;
    c->busy += on;
    pthread_mutex_unlock(&c->lock);
    return on;
}

enum heard { ACKNOWLEDGED, NOTHING, WRONG };

static enum heard end_request(struct client *me, struct told *t, const struct answer *a) {
    struct crowd *c = me->crowd;
    char sum[SHA256_HEX];
    hex_format(t->sha256, SHA256_BYTES, sum);
    enum heard heard = a->status == 0 || a->status == 503 ? NOTHING : WRONG;
    const char *sha = json_string_value(json_object_get(a->json, "sha256"));
    if ((a->status == 200 || a->status == 201) && sha && strcmp(sha, sum) == 0) heard = ACKNOWLEDGED;
    pthread_mutex_lock(&c->lock);
    if (heard == ACKNOWLEDGED) t->version = (int)json_integer_value(json_object_get(a->json, "version"));
    if (heard == WRONG && !c->wrong[0])
        snprintf(c->wrong, sizeof c->wrong, "%s %s %s: %ld %.250s", me->place->provider, me->place->period,
                 me->place->part, a->status, a->body.n ? a->body.p : "");
    me->settled = c->settling && heard == ACKNOWLEDGED;
    c->acknowledged += heard == ACKNOWLEDGED;
    c->unanswered += heard == NOTHING;
    c->busy--;
    pthread_cond_broadcast(&c->change);
    pthread_mutex_unlock(&c->lock);
    return heard;
}

/* False: the crowd ends. */
static bool upload(struct client *me, struct told *t, const struct buf *body) {
    struct service *s = me->crowd->s;
    char path[160];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/%s", me->place->provider,
             me->place->period, me->place->part);
    for (unsigned tries = 1;; tries++) {
        if (!begin_request(me)) return false;
        struct answer a = service_put(s, me->key, path, "text/csv", buf_str(body));
        enum heard heard = end_request(me, t, &a);
        answer_free(&a);
        if (tries > me->most_tries) me->most_tries = tries;
        if (heard != NOTHING) return true;
        me->chance = me->chance * 1664525u + 1013904223u;
        if (me->chance >> 30 == 0) break; /* gives up */
        nap_us(5000);
    }
    pthread_mutex_lock(&me->crowd->lock);
    me->crowd->given_up++;
    pthread_mutex_unlock(&me->crowd->lock);
    return true;
}

static struct told *next_told(struct client *me, const struct buf *body) {
    pthread_mutex_lock(&me->crowd->lock);
    if (me->count == me->room) {
        me->room = me->room ? 2 * me->room : 64;
        me->told = must_realloc(me->told, me->room * sizeof *me->told);
    }
    struct told *t = &me->told[me->count++];
    *t = (struct told){.version = 0};
    sha256_of(buf_str(body), t->sha256);
    pthread_mutex_unlock(&me->crowd->lock);
    return t;
}

static void *run(void *context) {
    struct client *me = context;
    for (bool on = true; on;) {
        /* No two clients ever send the same bytes. */
        struct buf body = body_number(me->place, me->count * CLIENTS + (unsigned)(me->place - PLACES));
        struct told *t = next_told(me, &body);
        on = upload(me, t, &body);
        if (t->version > 0) {
            buf_free(&me->newest);
            me->newest = body;
        } else buf_free(&body);
    }
    client_forget();
    return NULL;
}

/* ---- the crowd ---- */

struct crowd *crowd_gather(struct service *s) {
    struct crowd *c = must_calloc(1, sizeof *c);
    c->s = s;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->change, NULL);
    client_is_quiet = true;
    /* libcurl's own beginning, before there are threads */
    struct answer a = service_get(s, NULL, "/health/live");
    answer_free(&a);
    for (size_t i = 0; i < CLIENTS; i++) {
        struct client *me = &c->clients[i];
        *me = (struct client){
            .crowd = c, .place = &PLACES[i], .newest = BUF_EMPTY, .chance = (uint32_t)(i + 1) * 7919};
        me->key = strcmp(me->place->provider, "homerton") == 0 ? s->homerton : s->pharmacies;
        pthread_create(&me->thread, NULL, run, me);
    }
    return c;
}

static struct timespec end_of_patience(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    return until;
}

/* Lets them go on until `counter`, one of the crowd's, has grown by `more`. */
static bool go_until(struct crowd *c, const unsigned *counter, unsigned more) {
    struct timespec until = end_of_patience();
    pthread_mutex_lock(&c->lock);
    unsigned goal = *counter + more;
    c->go = true;
    pthread_cond_broadcast(&c->change);
    int late = 0;
    while (*counter < goal && !c->wrong[0] && !late)
        late = pthread_cond_timedwait(&c->change, &c->lock, &until);
    bool good = *counter >= goal;
    pthread_mutex_unlock(&c->lock);
    return good;
}

bool crowd_go(struct crowd *c, unsigned answers) {
    return go_until(c, &c->acknowledged, answers);
}

bool crowd_is_refused(struct crowd *c, unsigned times) {
    return go_until(c, &c->unanswered, times);
}

bool crowd_settle(struct crowd *c) {
    size_t settled = 0;
    struct timespec until = end_of_patience();
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < CLIENTS; i++)
        c->clients[i].settled = false;
    c->settling = c->go = true;
    pthread_cond_broadcast(&c->change);
    for (int late = 0; !late; late = pthread_cond_timedwait(&c->change, &c->lock, &until)) {
        settled = 0;
        for (size_t i = 0; i < CLIENTS; i++)
            settled += c->clients[i].settled;
        if (settled == CLIENTS || c->wrong[0]) break;
    }
    pthread_mutex_unlock(&c->lock);
    crowd_hold(c);
    c->settling = false;
    return settled == CLIENTS;
}

void crowd_hold(struct crowd *c) {
    pthread_mutex_lock(&c->lock);
    c->go = false;
    while (c->busy > 0)
        pthread_cond_wait(&c->change, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

unsigned crowd_acknowledged(struct crowd *c) {
    pthread_mutex_lock(&c->lock);
    unsigned n = c->acknowledged;
    pthread_mutex_unlock(&c->lock);
    return n;
}

unsigned crowd_unanswered(struct crowd *c) {
    pthread_mutex_lock(&c->lock);
    unsigned n = c->unanswered;
    pthread_mutex_unlock(&c->lock);
    return n;
}

void crowd_wait_for_silence(struct service *s) {
    const char *count = "";
    for (long end = now_ms() + PATIENCE_S * 1000L; now_ms() < end; nap_us(2000)) {
        count = service_sql(
            s,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'quarterday_app'");
        if (strcmp(count, "0") == 0) return;
    }
    CHECK(false, "connections of a killed service end: %s", count);
}

void crowd_dismiss(struct crowd *c, const char *what, unsigned cycles) {
    pthread_mutex_lock(&c->lock);
    c->ending = true;
    pthread_cond_broadcast(&c->change);
    pthread_mutex_unlock(&c->lock);
    unsigned most = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        struct client *me = &c->clients[i];
        pthread_join(me->thread, NULL);
        if (me->most_tries > most) most = me->most_tries;
        free(me->told);
        buf_free(&me->newest);
    }
    printf(
        "\n    %u x %s: %u uploads acknowledged, %u requests without a good answer, %u given up, at most %u tries for one ",
        cycles, what, c->acknowledged, c->unanswered, c->given_up, most);
    client_is_quiet = false;
    pthread_cond_destroy(&c->change);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* ---- the oracle ---- */

static void judge(struct crowd *c, bool holds, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void judge(struct crowd *c, bool holds, int line, const char *format, ...) {
    char words[400];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    if (!c->is_searching) check_record(holds, __FILE__, line, "%s", words);
    else if (!holds && !c->faults++) snprintf(c->first_fault, sizeof c->first_fault, "%s", words);
}

#define HOLDS(c, condition, ...) judge(c, condition, __LINE__, __VA_ARGS__)

/* The upload of these bytes; NULL when nobody sent them. The newest are asked for most. */
static struct told *find_told(struct client *me, str sum) {
    uint8_t sha[SHA256_BYTES];
    if (!hex_parse(sum, sha, SHA256_BYTES)) return NULL;
    for (unsigned i = me->count; i-- > 0;)
        if (memcmp(me->told[i].sha256, sha, SHA256_BYTES) == 0) return &me->told[i];
    return NULL;
}

/* Each stored version after $seq: digest, number, seq, how many rows it should have, has, and has in its packs. */
#define ROWS_OF(table, part)                                                                                 \
    "(SELECT count(*) FROM " table " e WHERE v.part = " part                                                 \
    " AND e.service = v.service AND e.provider = v.provider AND e.period = v.period AND e.version = v.version)"
#define NEW_VERSIONS                                                                                         \
    "SELECT coalesce(string_agg(concat_ws(' ', encode(sha256, 'hex'), version, seq, rows, " ROWS_OF(         \
        "episode", "0") " + " ROWS_OF("contact", "4") ", (SELECT coalesce(sum(p.rows), 0) FROM pack p "      \
                                                      "WHERE p.service = v.service AND p.provider = "        \
                                                      "v.provider AND p.period = v.period AND p.part "       \
                                                      "= v.part AND p.version = v.version)), ';' ORDER BY "  \
                                                      "seq), '') FROM (SELECT * FROM version WHERE seq > "   \
                                                      "%lld ORDER BY seq LIMIT 30) v"
_Static_assert(PART_EPISODES == 0 && PART_CONTACTS == 4, "the numbers in the query");

struct stored {
    str sum;
    uint64_t version, seq, rows, has, packed;
};

static bool read_stored(str line, struct stored *out) {
    uint64_t *const numbers[] = {&out->version, &out->seq, &out->rows, &out->has, &out->packed};
    bool good = true;
    out->sum = str_cut(&line, ' ');
    for (size_t i = 0; good && i < sizeof numbers / sizeof *numbers; i++)
        good = str_to_uint(str_cut(&line, ' '), UINT64_C(1) << 40, numbers[i]);
    return good;
}

static void check_stored(struct crowd *c, const char *when, str line) {
    struct stored v;
    struct told *t = NULL;
    bool readable = read_stored(line, &v);
    HOLDS(c, readable, "%s: cannot be read: %.*s", when, STR_ARG(line));
    c->checked_seq = readable ? (int64_t)v.seq : INT64_MAX;
    if (!readable) return;
    for (size_t i = 0; i < CLIENTS && !t; i++)
        t = find_told(&c->clients[i], v.sum);
    HOLDS(c, t, "%s: version %d, %.*s, was sent by nobody", when, (int)v.version, STR_ARG(v.sum));
    HOLDS(c, v.rows == v.has && v.rows == v.packed, "%s: version %d of %d rows has %d, and %d packed", when,
          (int)v.version, (int)v.rows, (int)v.has, (int)v.packed);
    if (!t) return;
    t->stored++;
    HOLDS(c, t->stored == 1, "%s: %.*s is there %u times", when, STR_ARG(v.sum), t->stored);
    HOLDS(c, t->version == 0 || t->version == (int)v.version, "%s: acknowledged as version %d, stored as %d",
          when, t->version, (int)v.version);
}

static bool check_stored_next(struct crowd *c, const char *when) {
    char query[1200], lines[4096];
    snprintf(query, sizeof query, NEW_VERSIONS, (long long)c->checked_seq);
    snprintf(lines, sizeof lines, "%s", service_sql(c->s, query));
    HOLDS(c, lines[0] != '(', "%s: %s", when, lines);
    if (!lines[0] || lines[0] == '(') return false;
    for (str rest = str_of(lines); rest.n;)
        check_stored(c, when, str_cut(&rest, ';'));
    return true;
}

/* An upload under way when it was held is looked at again the next time: only settled ones count as checked. */
static void check_receipts(struct crowd *c, struct client *me, const char *when) {
    for (; me->checked < me->count; me->checked++) {
        const struct told *t = &me->told[me->checked];
        if (t->version == 0 && me->checked + 1 == me->count) break;
        HOLDS(c, t->version == 0 || t->stored == 1,
              "%s: version %d of %s %s %s was acknowledged and is not there", when, t->version,
              me->place->provider, me->place->period, me->place->part);
    }
}

static void check_nothing(struct crowd *c, const char *when, const char *what, const char *query) {
    const char *count = service_sql(c->s, query);
    HOLDS(c, strcmp(count, "0") == 0, "%s: %s %s", when, count, what);
}

static void check_leftovers(struct crowd *c, const char *when) {
    check_nothing(
        c, when, "versions of which rows are without their version",
        "SELECT count(*) FROM (SELECT service, provider, period, version FROM episode EXCEPT SELECT service, "
        "provider, period, version FROM version WHERE part = 0) x");
    check_nothing(
        c, when, "versions of which calls are without their version",
        "SELECT count(*) FROM (SELECT service, provider, period, version FROM contact EXCEPT SELECT service, "
        "provider, period, version FROM version WHERE part = 4) x");
    check_nothing(
        c, when, "too many or too few events",
        "SELECT (SELECT count(*) FROM version) - (SELECT count(*) FROM event WHERE kind = 'RETURN_ACCEPTED')");
    check_nothing(
        c, when, "too many or too few audit lines",
        "SELECT (SELECT count(*) FROM version) - (SELECT count(*) FROM audit WHERE action = 'RETURN_ACCEPTED')");
    check_nothing(c, when, "parts whose versions have a gap",
                  "SELECT count(*) FROM (SELECT 1 FROM version GROUP BY service, provider, period, part "
                  "HAVING count(*) <> max(version)) x");
    const char *verify[] = {"audit", "verify", "--database", c->s->owner, NULL};
    struct buf out = BUF_EMPTY;
    int status = service_command(verify, &out);
    HOLDS(c, status == 0, "%s: the audit's chains: %.*s", when, STR_ARG(buf_str(&out)));
    buf_free(&out);
}

void crowd_check(struct crowd *c, const char *when, bool thoroughly) {
    pthread_mutex_lock(&c->lock);
    HOLDS(c, !c->wrong[0], "%s: %s", when, c->wrong);
    while (check_stored_next(c, when)) {}
    for (size_t i = 0; i < CLIENTS; i++)
        check_receipts(c, &c->clients[i], when);
    if (thoroughly) check_leftovers(c, when);
    pthread_mutex_unlock(&c->lock);
}

/* ---- the figures ---- */

static char *kpis_of(struct service *s, const char *period) {
    char path[100];
    snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/%s", period);
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200 && answer_at(&a, "kpis"), "%s: %ld", path, a.status);
    char *text = json_dumps(answer_at(&a, "kpis"), JSON_COMPACT | JSON_SORT_KEYS);
    answer_free(&a);
    return text;
}

void crowd_check_figures(struct crowd *c) {
    static const char *const PERIODS[] = {"2025-26-Q1", "2025-26-Q2", "2025-26-Q3"};
    struct service *fresh = service_start(NULL);
    CHECK(fresh, "a second service starts");
    if (!fresh) return;
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct client *me = &c->clients[i];
        char path[160];
        if (!me->newest.n) continue;
        snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/%s", me->place->provider,
                 me->place->period, me->place->part);
        const char *key = me->key == c->s->homerton ? fresh->homerton : fresh->pharmacies;
        struct answer a = service_put(fresh, key, path, "text/csv", buf_str(&me->newest));
        CHECK(a.status == 201, "%s: %ld", path, a.status);
        answer_free(&a);
    }
    for (size_t i = 0; i < sizeof PERIODS / sizeof *PERIODS; i++) {
        char *shown = kpis_of(c->s, PERIODS[i]), *counted = kpis_of(fresh, PERIODS[i]);
        size_t at = 0;
        while (shown && counted && shown[at] && shown[at] == counted[at])
            at++;
        size_t from = at > 60 ? at - 60 : 0;
        HOLDS(c, shown && counted && strcmp(shown, counted) == 0,
              "%s: shown ...%.120s, counted anew ...%.120s", PERIODS[i], shown ? shown + from : "",
              counted ? counted + from : "");
        free(shown);
        free(counted);
    }
    CHECK(service_stop(fresh) == 0, "the second service stops");
}

/* ---- what it finds ---- */

unsigned crowd_faults(struct crowd *c, const char **out_first) {
    c->is_searching = true;
    c->faults = 0;
    c->first_fault[0] = '\0';
    c->checked_seq = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        c->clients[i].checked = 0;
        for (unsigned k = 0; k < c->clients[i].count; k++)
            c->clients[i].told[k].stored = 0;
    }
    crowd_check(c, "searching", true);
    crowd_check_figures(c);
    c->is_searching = false;
    *out_first = c->first_fault;
    return c->faults;
}
