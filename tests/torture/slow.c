/* Clients that hold on to the service: handshakes that stall, headers and bodies that come in single bytes, from many addresses of the
 * loopback network. Meanwhile good clients read and upload over connections that stay open, and others come for one request and go.
 * Not one good request may fail, and every slow connection must be closed in the end. What it took is printed, not judged. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/tls_client.h"
#include "tests/torture/clock.h"
#include "tests/torture/crowd.h"

enum {
    EACH_COMMIT = 200,
    LEAST = 60,
    MOST = 2000,
    ADDRESSES = 16,
    READERS = 4,
    UPLOADERS = 4,
    NEVER_MS = 180000
};
enum { GOOD = READERS + UPLOADERS + 1, QUIET_US = 2000000 };
enum { READER_NAP_US = 2000, UPLOADER_NAP_US = 100000, NEWCOMER_NAP_US = 20000, DRIP_MS = 1000 };

static struct service *s;
static uint16_t port;
static atomic_bool go_on;
static bool is_crammed; /* more slow clients than places */

/* ---- good clients ---- */

enum trade { READS, UPLOADS, COMES_ANEW, TRADES };

enum phase { QUIET, BESIEGED, PHASES };
static _Atomic int phase;

struct book {
    unsigned count, room, failed;
    uint32_t *us; /* that each request took */
    long status;  /* of the last that failed */
};

struct good {
    pthread_t thread;
    enum trade trade;
    unsigned number;
    atomic_uint sent;
    struct book books[PHASES];
};

static bool read_once(long *out_status) {
    struct answer a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1");
    *out_status = a.status;
    answer_free(&a);
    return *out_status == 200;
}

static bool upload_once(const struct good *me, long *out_status) {
    static const char *const PERIODS[] = {"2025-26-Q1", "2025-26-Q2"};
    static const char *const MONTHS[] = {"2025-04", "2025-07"};
    unsigned half = me->number / 2 % 2;
    const char *provider = me->number % 2 ? "homerton" : "pharmacies";
    char path[120], body[120];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/contacts", provider, PERIODS[half]);
    snprintf(body, sizeof body, "month,callsReceived,callsAnsweredFirstTime\n%s,%u,%u\n", MONTHS[half],
             2000 + atomic_load(&me->sent), atomic_load(&me->sent) % 1000);
    struct answer a =
        service_put(s, me->number % 2 ? s->homerton : s->pharmacies, path, "text/csv", str_of(body));
    *out_status = a.status;
    answer_free(&a);
    return *out_status == 200 || *out_status == 201;
}

/* As people do who are turned away: comes again, a few times. */
static bool come_anew(long *out_status) {
    enum { TRIES = 5 };
    char request[400];
    snprintf(
        request, sizeof request,
        "GET /v1/returns/city-and-hackney/homerton/2025-26-Q1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
        s->homerton);
    *out_status = 0;
    for (int tries = 0; tries < (is_crammed ? TRIES : 1) && !*out_status; tries++) {
        struct tls_answer a = {0};
        struct tls_client *c = tls_connect(port);
        if (c && tls_send_text(c, request)) tls_receive(c, &a, NEVER_MS);
        tls_close(c);
        *out_status = a.status;
        tls_answer_free(&a);
    }
    return *out_status == 200;
}

static void enter(struct book *b, bool good, long status, uint32_t us) {
    if (!good) b->status = status;
    b->failed += !good;
    if (b->count == b->room) {
        b->room = b->room ? 2 * b->room : 1024;
        b->us = must_realloc(b->us, b->room * sizeof *b->us);
    }
    b->us[b->count++] = us;
}

static void *be_good(void *context) {
    struct good *me = context;
    static const uint32_t NAPS[TRADES] = {READER_NAP_US, UPLOADER_NAP_US, NEWCOMER_NAP_US};
    for (long status; atomic_load(&go_on); nap_us(NAPS[me->trade])) {
        struct book *book = &me->books[atomic_load(&phase)];
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        bool good = me->trade == READS     ? read_once(&status)
                    : me->trade == UPLOADS ? upload_once(me, &status)
                                           : come_anew(&status);
        clock_gettime(CLOCK_MONOTONIC, &to);
        atomic_fetch_add(&me->sent, 1);
        enter(book, good, status,
              (uint32_t)((to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000));
    }
    client_forget();
    return NULL;
}

/* ---- slow clients ---- */

enum manner { STALLS, DRIPS_HEADER, DRIPS_BODY, MANNERS };

struct slow {
    struct tls_client *client;
    long began, took; /* took -1: still open */
};

struct siege {
    pthread_t thread;
    unsigned count, opened, most_open, open;
    struct slow *all;
};

static bool begin_slowly(struct slow *me, unsigned i) {
    static const char STUMP[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    char address[24], head[400];
    snprintf(address, sizeof address, "127.0.1.%u", 1 + i % ADDRESSES);
    *me = (struct slow){.began = now_ms(), .took = -1};
    enum manner manner = i / ADDRESSES % MANNERS;
    me->client = manner == STALLS ? tls_connect_silent_from(address, port) : tls_connect_from(address, port);
    if (!me->client) return false;
    if (manner == STALLS) return tls_send(me->client, STUMP, sizeof STUMP - 1);
    if (manner == DRIPS_HEADER)
        return tls_send_text(me->client, "GET /v1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    snprintf(head, sizeof head,
             "PUT /v1/returns/city-and-hackney/homerton/2025-26-Q3/contacts HTTP/1.1\r\nHost: localhost\r\n"
             "Authorization: Bearer %s\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n",
             s->homerton);
    return tls_send_text(me->client, head);
}

/* One byte from each that is still there, but for those that stall. */
static void drip(struct siege *g) {
    for (unsigned i = 0; i < g->opened; i++) {
        struct slow *me = &g->all[i];
        if (!me->client || me->took >= 0) continue;
        if (i / ADDRESSES % MANNERS != STALLS) tls_send(me->client, "a", 1);
        if (tls_wait_for_end(me->client, 0) < 0) continue;
        me->took = now_ms() - me->began;
        g->open--;
    }
    if (g->open > g->most_open) g->most_open = g->open;
}

static void *besiege(void *context) {
    struct siege *g = context;
    long last = now_ms(), end = last + NEVER_MS;
    while (now_ms() < end && (g->opened < g->count || g->open)) {
        if (g->opened < g->count) {
            g->open += begin_slowly(&g->all[g->opened], g->opened);
            g->opened++;
        } else nap_us(10000);
        if (now_ms() - last < DRIP_MS) continue;
        drip(g);
        last = now_ms();
    }
    return NULL;
}

/* ---- what it came to ---- */

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void check_trade(const struct good crew[GOOD], enum trade trade, enum phase when) {
    static const char *const NAMES[TRADES] = {"reads", "uploads", "newcomers"};
    struct buf us = BUF_EMPTY;
    unsigned count = 0, failed = 0;
    long status = 0;
    for (size_t i = 0; i < GOOD; i++) {
        const struct book *book = &crew[i].books[when];
        if (crew[i].trade != trade) continue;
        if (book->count) buf_add(&us, book->us, book->count * sizeof *book->us);
        count += book->count;
        failed += book->failed;
        if (book->failed) status = book->status;
    }
    uint32_t *sorted = (uint32_t *)(void *)us.p;
    if (count) qsort(sorted, count, sizeof *sorted, by_size);
    CHECK(count > 0 || when == QUIET, "%s: some were made", NAMES[trade]);
    CHECK(failed == 0, "%s: %u of %u failed, the last with %ld", NAMES[trade], failed, count, status);
    if (count)
        printf("\n      %-9s %6u, %u failed, p50 %.1f ms, p99 %.1f ms, longest %.1f ms", NAMES[trade], count,
               failed, sorted[count / 2] / 1000.0, sorted[count - 1 - count / 100] / 1000.0,
               sorted[count - 1] / 1000.0);
    buf_free(&us);
}

static void check_siege(const struct siege *g) {
    unsigned refused = 0, left = 0;
    long longest = 0;
    for (unsigned i = 0; i < g->opened; i++) {
        refused += !g->all[i].client;
        left += g->all[i].client && g->all[i].took < 0;
        if (g->all[i].took > longest) longest = g->all[i].took;
        tls_close(g->all[i].client);
    }
    CHECK(g->opened == g->count && left == 0, "%u of %u slow connections, %u not closed in the end",
          g->opened, g->count, left);
    printf("\n      slow      %6u, %u at once, %u not let in, %u left open, the last closed after %.1f s",
           g->count, g->most_open, refused, left, (double)longest / 1000);
}

/* The most memory that the service ever had, in KiB. */
static unsigned long peak_memory(void) {
    char path[40], line[200];
    unsigned long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (str_starts_with(str_of(line), STR("VmHWM:"))) kib = strtoul(line + 6, NULL, 10);
    if (f) fclose(f);
    return kib;
}

static unsigned how_many(void) {
    unsigned n = torture_cycles(EACH_COMMIT, 1);
    return n < LEAST ? LEAST : n > MOST ? MOST : n;
}

static void raise_own_limit(unsigned connections) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    rlim_t need = connections + 256;
    if (files.rlim_cur < need) files.rlim_cur = need < files.rlim_max ? need : files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static void set_out(struct good crew[GOOD]) {
    atomic_store(&phase, QUIET);
    atomic_store(&go_on, true);
    for (unsigned i = 0; i < GOOD; i++) {
        crew[i] = (struct good){.number = i};
        crew[i].trade = i < READERS ? READS : i < READERS + UPLOADERS ? UPLOADS : COMES_ANEW;
        pthread_create(&crew[i].thread, NULL, be_good, &crew[i]);
    }
}

/* Their first requests may take long where the machine is slow. */
static void wait_until_all_are_inside(struct good crew[GOOD]) {
    for (long end = now_ms() + NEVER_MS; now_ms() < end; nap_us(10000)) {
        unsigned inside = 0;
        for (unsigned i = 0; i < GOOD; i++)
            inside += atomic_load(&crew[i].sent) >= 2;
        if (inside == GOOD) return;
    }
}

static void call_back(struct good crew[GOOD]) {
    atomic_store(&go_on, false);
    for (unsigned i = 0; i < GOOD; i++)
        pthread_join(crew[i].thread, NULL);
    for (enum phase when = QUIET; when < PHASES; when++) {
        printf("\n    %s", when == QUIET ? "quiet" : "besieged");
        for (enum trade trade = READS; trade < TRADES; trade++)
            check_trade(crew, trade, when);
        for (unsigned i = 0; i < GOOD; i++)
            free(crew[i].books[when].us);
    }
}

static void stand_a_siege(const struct service_options *options, unsigned count) {
    static struct good crew[GOOD];
    s = service_start(options);
    if (!s) return CHECK(false, "no service");
    port = (uint16_t)strtoul(strrchr(s->url, ':') + 1, NULL, 10);
    raise_own_limit(count);
    long status;
    CHECK(read_once(&status), "the first read, before there are threads: %ld", status);
    set_out(crew);
    nap_us(QUIET_US);
    wait_until_all_are_inside(crew);
    unsigned long before = peak_memory();
    struct siege siege = {.count = count, .all = must_calloc(count, sizeof(struct slow))};
    atomic_store(&phase, BESIEGED);
    pthread_create(&siege.thread, NULL, besiege, &siege);
    pthread_join(siege.thread, NULL);
    call_back(crew);
    check_siege(&siege);
    printf("\n      memory    %lu MB at most, %lu MB before ", peak_memory() / 1024, before / 1024);
    free(siege.all);
    CHECK(service_stop(s) == 0, "the service stops");
}

static void within_the_places(void) {
    is_crammed = false;
    stand_a_siege(NULL, how_many());
}

static void more_than_places(void) {
    unsigned count = how_many();
    char places[12];
    is_crammed = true;
    snprintf(places, sizeof places, "%u", count / 2);
    stand_a_siege(&(struct service_options){.extra_flags = {"--connection-limit", places}}, count);
}

void suite_torture_slow(void) {
    suite_add("torture_slow", NULL, NULL);
    case_add("slow clients fail no good request, and are closed", within_the_places);
    case_add("nor do twice as many as there are places", more_than_places);
}
