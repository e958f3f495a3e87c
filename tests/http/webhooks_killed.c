/* kill -9 of the service while events flow to a webhook, again and again, at any moment and in the worst one: when the receiver has an event
 * and has not answered yet. A receiver that keeps ids hears of every event, the first time in order, and again only as the same bytes. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/receiver.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { CYCLES = 24, EACH = 8 };
#define PATH "/v1/returns/city-and-hackney/homerton/2025-26-Q3/contacts"
#define BAD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,many\n"

static struct service *s;
static struct receiver to;
static const struct service_options OPTIONS = {.trusts_receiver = true};

static int begin(void) {
    char key[200];
    s = service_start(&OPTIONS);
    if (!s) return 1;
    snprintf(key, sizeof key, "%.*s/key.pem", (int)(strrchr(s->ca_file, '/') - s->ca_file), s->ca_file);
    return receiver_start(&to, s->ca_file, key) ? 0 : 1;
}
static int end(void) {
    int status = s ? service_stop(s) : 1;
    receiver_stop(&to);
    return status;
}

/* ---- the receiver's side ---- */

/* Of the case and of the receiver's thread. */
static struct {
    atomic_int victim;  /* 0: nobody is killed */
    atomic_uint before; /* after as many further requests */
    unsigned chance;    /* of the receiver alone */
} plan;

/* Now and then an error or a connection that breaks, so that repeats are under way, too. */
static unsigned answer(void *context, const struct received *got) {
    (void)context;
    (void)got;
    plan.chance = plan.chance * 1664525u + 1013904223u;
    if (plan.victim && plan.before-- == 0) {
        kill(plan.victim, SIGKILL);
        plan.victim = 0;
    }
    unsigned dice = plan.chance >> 24;
    return dice < 16 ? 0 : dice < 40 ? 503 : 204;
}

/* ---- the service's side ---- */

static void hurry(void) {
    service_sql(s, "UPDATE webhook_delivery SET next_at = now() WHERE state = 'DUE' RETURNING 1");
}

static bool refuse_one(int cycle) {
    struct answer a = service_put(s, s->homerton, PATH, "text/csv", STR(BAD));
    bool alive = a.status == 422;
    CHECK(alive || a.status == 0, "cycle %d: %ld", cycle, a.status);
    answer_free(&a);
    return alive;
}

/* Sends until the service is gone. The first answer arms the kill: by the clock, or by the receiver. What the receiver did not take is due
 * at once, so that there is always something under way. */
static void flow_until_killed(int cycle, unsigned chance) {
    pid_t killer = 0;
    bool armed = false;
    int sent = 0;
    while (waitpid(s->pid, NULL, WNOHANG) == 0) {
        bool alive = sent < EACH ? refuse_one(cycle) : true;
        if (alive && sent < EACH) sent++;
        if (alive && !armed) {
            armed = true;
            if (cycle % 2) killer = service_kill_after(s, chance % 250000);
            else {
                plan.before = chance % 6;
                plan.victim = s->pid;
            }
        }
        hurry();
    }
    if (killer) waitpid(killer, NULL, 0);
    s->pid = 0;
}

static bool all_delivered(const char *path) {
    for (int tries = 0; tries < 6000; tries++) {
        struct answer a = service_get(s, s->commissioner, path);
        bool done = strcmp(answer_text(&a, "waiting"), "0") == 0;
        answer_free(&a);
        if (done) return true;
        hurry();
        usleep(10000);
    }
    return false;
}

/* ---- what came ---- */

struct count {
    size_t events, first, repeats;
};

/* The position of an id among those that came first, or `first`. */
static size_t find_first(const struct received *first, size_t n, const char *id) {
    size_t i = n;
    while (i > 0 && strcmp(first[i - 1].id, id) != 0)
        i--;
    return i ? i - 1 : n;
}

static struct count judge(void) {
    struct count count = {.events = 0};
    size_t all = receiver_count(&to);
    struct received *first = calloc(all + 1, sizeof *first);
    for (size_t i = 0; i < all; i++) {
        struct received got = receiver_at(&to, i);
        size_t at = find_first(first, count.first, got.id);
        if (at == count.first) first[count.first++] = got;
        else {
            count.repeats++;
            CHECK(strcmp(first[at].body, got.body) == 0, "%s comes again as the same bytes", got.id);
            CHECK(at + 1 == count.first, "and before the next: %s", got.id);
        }
    }
    struct answer a = service_get(s, s->commissioner, "/v1/events?limit=500&types=RETURN_REFUSED");
    for (bool more = true; more; more = strcmp(answer_text(&a, "metadata.more"), "true") == 0) {
        if (count.events) {
            char path[100];
            snprintf(path, sizeof path, "/v1/events?limit=500&types=RETURN_REFUSED&after=%s",
                     answer_text(&a, "metadata.cursor"));
            answer_free(&a);
            a = service_get(s, s->commissioner, path);
        }
        for (size_t i = 0; i < json_array_size(answer_at(&a, "results")); i++, count.events++) {
            char path[40];
            snprintf(path, sizeof path, "results.%zu.id", i);
            const char *want = answer_text(&a, path),
                       *got = count.events < count.first ? first[count.events].id : "(none)";
            CHECK(strcmp(got, want) == 0, "event %zu is %s, expected %s", count.events, got, want);
        }
    }
    answer_free(&a);
    free(first);
    return count;
}

static void killed_while_delivering(void) {
    char body[200], path[120];
    uint32_t chance = 4711;
    snprintf(body, sizeof body, "{\"url\":\"%s/\"}", to.url);
    struct answer a = service_ask(s, &(struct ask){.method = "POST",
                                                   .path = "/v1/webhooks/city-and-hackney",
                                                   .key = s->commissioner,
                                                   .type = "application/json",
                                                   .body = str_of(body)});
    CHECK(a.status == 201, "made: %ld", a.status);
    snprintf(path, sizeof path, "/v1/webhooks/city-and-hackney/%s", answer_text(&a, "id"));
    answer_free(&a);
    to.answer = answer;
    client_is_quiet = true;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        chance = chance * 1664525u + 1013904223u;
        flow_until_killed(cycle, chance >> 8);
        hurry();
        CHECK(service_restart(s, &OPTIONS), "starts again after kill -9");
    }
    client_is_quiet = false;
    CHECK(all_delivered(path), "all is delivered in the end");
    struct count count = judge();
    CHECK(count.first == count.events && count.events >= CYCLES, "%zu events, %zu came", count.events,
          count.first);
    CHECK(count.repeats > 0, "the test must have killed between a receiver's having and our noting it");
    printf("\n    %zu events, %zu repeats, %d kills ", count.events, count.repeats, CYCLES);
}

void suite_http_webhooks_killed(void) {
    suite_add("http webhooks killed", begin, end);
    case_add("kill -9 loses and doubles nothing that a receiver with ids would notice",
             killed_while_delivering);
}
