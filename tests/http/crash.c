/* kill -9 of the service at any moment: what was acknowledged is there afterwards, what was not is wholly there or not at all.
 * The receipts are the oracle. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

enum { CYCLES = 12, ROWS = 300 };
static const char *const PATH = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes";

static struct buf file_number(unsigned n) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < ROWS; i++) {
        char id[24], client[24];
        snprintf(id, sizeof id, "E-%u", i);
        snprintf(client, sizeof client, "C-%u-%u", n, i);
        struct episode_row r = episode_good(id);
        r.client = client;
        episode_add_csv(&b, &r);
    }
    return b;
}

static int sql_number(const char *query) {
    uint64_t n = 0;
    str text = str_of(service_sql(s, query));
    return str_to_uint(text, 1u << 30, &n) ? (int)n : -1;
}

static void killed_while_uploading(void) {
    static char acknowledged[4096][SHA256_HEX];
    int newest = 0;
    unsigned sent = 0;
    uint32_t chance = 12345;
    client_is_quiet = true;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        chance = chance * 1664525u + 1013904223u;
        pid_t killer = 0;
        for (;;) {
            struct buf file = file_number(++sent);
            struct answer a = service_put(s, s->homerton, PATH, "text/csv", buf_str(&file));
            bool alive = a.status == 200 || a.status == 201;
            if (alive) {
                newest = (int)json_integer_value(answer_at(&a, "version"));
                if (newest < 4096)
                    snprintf(acknowledged[newest], SHA256_HEX, "%.64s", answer_text(&a, "sha256"));
            } else CHECK(a.status == 0, "refused with %ld: %.*s", a.status, STR_ARG(buf_str(&a.body)));
            answer_free(&a);
            buf_free(&file);
            if (!alive && killer) break;
            if (!alive) continue; /* a kept connection of the service before */
            /* Armed once the service has answered, so that each cycle gets somewhere however slow the machine is. */
            if (!killer) killer = service_kill_after(s, chance % 80000);
        }
        waitpid(killer, NULL, 0);
        waitpid(s->pid, NULL, 0);
        CHECK(service_restart(s, NULL), "starts again after kill -9");
        char query[200];
        int stored = sql_number("select coalesce(max(version), 0) from version");
        CHECK(stored == newest || stored == newest + 1, "acknowledged %d, stored %d", newest, stored);
        for (int v = 1; v <= newest && v < 4096; v++) {
            snprintf(query, sizeof query, "select encode(sha256, 'hex') from version where version = %d", v);
            if (acknowledged[v][0])
                CHECK(strcmp(service_sql(s, query), acknowledged[v]) == 0,
                      "version %d has the acknowledged bytes", v);
        }
        CHECK(
            sql_number(
                "select count(*) from version v where rows <> (select count(*) from episode e where e.version = v.version)") ==
                0,
            "no version without all its rows");
        CHECK(
            sql_number(
                "select count(*) from (select version from episode except select version from version) x") ==
                0,
            "no rows without their version");
        CHECK(sql_number("select count(*) from version") ==
                  sql_number("select count(*) from event where kind = 'RETURN_ACCEPTED'"),
              "one event each");
        newest = stored;
    }
    client_is_quiet = false;
    CHECK(newest >= CYCLES, "the test must have uploaded something: %d versions", newest);
}

void suite_http_crash(void) {
    suite_add("http_crash", begin, end);
    case_add("kill -9 at any moment loses nothing acknowledged and leaves nothing half-applied",
             killed_while_uploading);
}
