/* kill -9 of the service while a provider signs off the last return of a quarter: the sign-off, the quarter's being final, what becomes of
 * its plans, the events and the audit's lines are all there or all absent, and a receipt holds. Sent again under the same Idempotency-Key
 * it is done once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/episodes.h"
#include "tests/support/suite.h"
#include "tests/torture/clock.h"
#include "tests/torture/crowd.h"

static struct service *s;

/* All quarters of a year that is over and not locked yet. */
static const struct service_options OPTIONS = {.today = "2025-05-20"};

static int begin(void) {
    s = service_start(&OPTIONS);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

enum { QUARTERS = 4, FOLK = 20 };
static const struct {
    const char *name, *quit, *followed_up;
} QUARTER[QUARTERS] = {
    {"2024-25-Q1", "2024-05-01", "2024-05-29"},
    {"2024-25-Q2", "2024-08-01", "2024-08-29"},
    {"2024-25-Q3", "2024-11-01", "2024-11-29"},
    {"2024-25-Q4", "2025-02-01", "2025-03-01"},
};

/* ---- a return ---- */

static void send(bool homerton, unsigned quarter, const char *part, str csv) {
    char path[200];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/%s?reason=corrected",
             homerton ? "homerton" : "pharmacies", QUARTER[quarter].name, part);
    struct answer a = service_put(s, homerton ? s->homerton : s->pharmacies, path, "text/csv", csv);
    CHECK(a.status == 200 || a.status == 201, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* Few or many have quit, so that reds come and go. */
static void send_episodes(bool homerton, unsigned quarter, unsigned round, unsigned quit) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < FOLK; i++) {
        char id[40], client[40];
        snprintf(id, sizeof id, "E-%u-%u", quarter, i);
        snprintf(client, sizeof client, "C-%d-%u-%u-%u", homerton, quarter, round, i);
        struct episode_row r = episode_good(id);
        r.client = client;
        r.quit = QUARTER[quarter].quit;
        r.followed_up = QUARTER[quarter].followed_up;
        if (i >= quit) r.outcome = "2", r.co = r.satisfaction = "";
        episode_add_csv(&b, &r);
    }
    send(homerton, quarter, "episodes", buf_str(&b));
    buf_free(&b);
}

static void send_all(unsigned quarter, unsigned round) {
    unsigned quit = round % 2 ? 18 : 3;
    for (int homerton = 0; homerton < 2; homerton++) {
        send_episodes(homerton, quarter, round, quit);
        if (round > 0) continue;
        send(homerton, quarter, "follow-ups", STR("episodeId,stage,date,outcome\n"));
        send(homerton, quarter, "referrals", STR("referralId,receivedDate\n"));
        send(homerton, quarter, "contacts", STR("month,callsReceived,callsAnsweredFirstTime\n"));
        send(homerton, quarter, "training-sessions", STR("sessionId,date,type,attendees\n"));
    }
}

static struct answer sign(bool homerton, unsigned quarter, const char *idempotency) {
    char path[160];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/submission",
             homerton ? "homerton" : "pharmacies", QUARTER[quarter].name);
    return service_ask(s, &(struct ask){.method = "POST",
                                        .path = path,
                                        .key = homerton ? s->homerton : s->pharmacies,
                                        .type = "application/json",
                                        .body = STR("{}"),
                                        .headers = {idempotency}});
}

/* What was killed may still hold its key in the database for a moment. */
static struct answer sign_until_done(unsigned quarter, const char *idempotency) {
    struct answer a = sign(false, quarter, idempotency);
    for (int tries = 0; tries < 3000 && strcmp(answer_text(&a, "code"), "REQUEST_IN_PROGRESS") == 0;
         tries++) {
        answer_free(&a);
        usleep(20000);
        a = sign(false, quarter, idempotency);
    }
    return a;
}

/* ---- what is there ---- */

/* All that sign-offs write: themselves with their lines and events, quarters that are final, plans and what pharmacies' key did to them (the
 * calendar of a service that starts has its own part in plans). */
struct written {
    int signs, sign_events, sign_lines, finals, final_events, final_lines, plans, steps, births;
};

static struct written written(void) {
    struct written w = {0};
    int *const numbers[] = {&w.signs,       &w.sign_events, &w.sign_lines, &w.finals, &w.final_events,
                            &w.final_lines, &w.plans,       &w.steps,      &w.births};
    char text[300];
    snprintf(text, sizeof text, "%s",
             service_sql(
                 s, "SELECT concat_ws(' ', (SELECT count(*) FROM sign_off), "
                    "(SELECT count(*) FROM event WHERE kind = 'RETURN_SIGNED_OFF'), "
                    "(SELECT count(*) FROM audit WHERE action = 'RETURN_SIGNED_OFF'), "
                    "(SELECT count(*) FROM period_event WHERE kind = 'FINAL'), "
                    "(SELECT count(*) FROM event WHERE kind = 'PERIOD_FINAL'), "
                    "(SELECT count(*) FROM audit WHERE action = 'PERIOD_FINAL'), "
                    "(SELECT count(*) FROM plan), (SELECT count(*) FROM plan_event JOIN api_key k ON k.id = "
                    "key_id WHERE k.provider = 'pharmacies'), "
                    "(SELECT count(*) FROM plan_event WHERE from_status = ''))"));
    str rest = str_of(text);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i] = rest.n ? atoi(str_cut(&rest, ' ').p) : -1;
    return w;
}

static void check_fits(const struct written *w, const char *when) {
    CHECK(w->signs == w->sign_events && w->signs == w->sign_lines,
          "%s: %d sign-offs, %d events, %d lines of the audit", when, w->signs, w->sign_events,
          w->sign_lines);
    CHECK(w->finals == w->final_events && w->finals == w->final_lines, "%s: %d final, %d events, %d lines",
          when, w->finals, w->final_events, w->final_lines);
    CHECK(w->plans == w->births, "%s: %d plans, %d births", when, w->plans, w->births);
}

static bool is_same(const struct written *a, const struct written *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

/* Everything of this sign-off: the first of a quarter makes it final, and a red's plan has a step. */
static bool is_done(const struct written *before, const struct written *now, bool first) {
    return now->signs == before->signs + 1 && now->finals == before->finals + first;
}

/* ---- the case ---- */

struct tally {
    unsigned undone, done, told;
};

/* The kill falls anywhere within the time that the other one's sign-off took, and a half of it more. */
static void kill_a_sign_off(unsigned cycle, uint32_t chance, struct tally *tally) {
    unsigned quarter = cycle % QUARTERS, round = cycle / QUARTERS;
    char when[60], key[60];
    snprintf(when, sizeof when, "cycle %u, %s", cycle, QUARTER[quarter].name);
    snprintf(key, sizeof key, "Idempotency-Key: cycle-%u", cycle);
    send_all(quarter, round);
    long began = now_ms();
    struct answer a = sign(true, quarter, NULL);
    uint32_t range_us = (uint32_t)(now_ms() - began + 1) * 1500;
    CHECK(a.status == 200, "%s: the other one signs: %ld", when, a.status);
    answer_free(&a);
    struct written before = written();
    pid_t killer = service_kill_after(s, chance % range_us);
    struct answer first = sign(false, quarter, key);
    CHECK(first.status == 200 || first.status == 0, "%s: %ld", when, first.status);
    waitpid(killer, NULL, 0);
    service_kill(s);
    crowd_wait_for_silence(s);
    struct written now = written();
    check_fits(&now, when);
    bool done = is_done(&before, &now, round == 0);
    CHECK(done || is_same(&before, &now), "%s: all or nothing", when);
    CHECK(done || first.status != 200, "%s: what was acknowledged is there", when);
    CHECK(service_restart(s, &OPTIONS), "%s: starts again", when);
    struct answer again = sign_until_done(quarter, key);
    CHECK(again.status == 200 && strcmp(answer_text(&again, "return.status"), "SUBMITTED") == 0 &&
              strcmp(answer_text(&again, "periodFinal"), "true") == 0,
          "%s: sent again: %ld %s", when, again.status, answer_text(&again, "return.status"));
    if (first.status == 200)
        CHECK(str_eq(buf_str(&first.body), buf_str(&again.body)), "%s: what was told is told again", when);
    struct written after = written();
    check_fits(&after, when);
    CHECK(is_done(&before, &after, round == 0), "%s: done once", when);
    CHECK(!done || is_same(&now, &after), "%s: and not again", when);
    CHECK(after.steps - before.steps == (int)json_array_size(answer_at(&again, "plans")),
          "%s: %zu plans are told, %d steps written", when, json_array_size(answer_at(&again, "plans")),
          after.steps - before.steps);
    tally->undone += !done;
    tally->done += done;
    tally->told += first.status == 200;
    answer_free(&first);
    answer_free(&again);
}

static void killed_while_signing(void) {
    unsigned cycles = torture_cycles(18, 10);
    uint32_t chance = 4242;
    struct tally tally = {0};
    client_is_quiet = true;
    for (unsigned cycle = 0; cycle < cycles; cycle++) {
        chance = chance * 1664525u + 1013904223u;
        kill_a_sign_off(cycle, chance >> 8, &tally);
    }
    client_is_quiet = false;
    struct written w = written();
    const char *verify[] = {"audit", "verify", "--database", s->owner, NULL};
    CHECK(service_command(verify, NULL) == 0, "the audit's chains");
    CHECK(w.plans > 0, "plans were born: %d", w.plans);
    printf(
        "\n    %u x kill -9 during a sign-off: %u had not been done, %u had (%u told); %d quarters final, %d plans, %d steps ",
        cycles, tally.undone, tally.done, tally.told, w.finals, w.plans, w.steps);
}

void suite_torture_sign_off(void) {
    suite_add("torture_sign_off", begin, end);
    case_add("kill -9 during a sign-off: all of it or nothing, and once", killed_while_signing);
}
