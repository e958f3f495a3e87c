/* Limits over HTTPS: of a key, of its uploads, of an address without a key, and of keys that are none. The limits are so low that no
 * token comes back while a test runs (5 a minute: one in 12 seconds). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static int begin(void) {
    s = service_start(&(struct service_options){
        .extra_flags = {"--key-per-minute", "5", "--key-uploads-per-minute", "2", "--address-per-minute", "4",
                        "--failures-per-minute", "3"}});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

#define OWN_RETURN "/v1/returns/city-and-hackney/homerton/2025-26-Q1"

static void check_refusal(const struct answer *a, const char *limit, int longest) {
    int wait = atoi(answer_header(a, "retry-after"));
    CHECK(a->status == 429 && strcmp(answer_text(a, "code"), "TOO_MANY_REQUESTS") == 0, "%ld %s", a->status,
          answer_text(a, "code"));
    CHECK(strcmp(answer_header(a, "content-type"), "application/problem+json") == 0, "%s",
          answer_header(a, "content-type"));
    CHECK(wait >= 1 && wait <= longest, "Retry-After: %d", wait);
    CHECK(strcmp(answer_header(a, "x-ratelimit-limit"), limit) == 0 &&
              strcmp(answer_header(a, "x-ratelimit-remaining"), "0") == 0,
          "%s %s", answer_header(a, "x-ratelimit-limit"), answer_header(a, "x-ratelimit-remaining"));
    CHECK(strstr(answer_text(a, "detail"), limit) != NULL, "%s", answer_text(a, "detail"));
}

static void a_key(void) {
    char left[4];
    for (int i = 0; i < 5; i++) {
        struct answer a = service_get(s, s->homerton, OWN_RETURN);
        snprintf(left, sizeof left, "%d", 4 - i);
        CHECK(a.status == 200 && strcmp(answer_header(&a, "x-ratelimit-remaining"), left) == 0, "%d: %ld %s",
              i, a.status, answer_header(&a, "x-ratelimit-remaining"));
        answer_free(&a);
    }
    struct answer a = service_get(s, s->homerton, OWN_RETURN);
    check_refusal(&a, "5", 12);
    answer_free(&a);
    a = service_get(s, s->pharmacies, "/v1/returns/city-and-hackney/pharmacies/2025-26-Q1");
    CHECK(a.status == 200, "another key is not held up: %ld", a.status);
    answer_free(&a);
}

static void uploads(void) {
    long statuses[3];
    for (int i = 0; i < 3; i++) {
        struct answer a = service_put(s, s->homerton, OWN_RETURN "/advisers?dryRun=true", "text/csv",
                                      STR("adviserId,organisation\n"));
        statuses[i] = a.status;
        if (i == 2) check_refusal(&a, "2", 30);
        answer_free(&a);
    }
    CHECK(statuses[0] == statuses[1] && statuses[0] != 429, "uploads have a bucket of their own: %ld %ld",
          statuses[0], statuses[1]);
}

static void strangers(void) {
    for (int i = 0; i < 4; i++) {
        struct answer a = service_get(s, NULL, i % 2 ? "/openapi.json" : "/v1/nothing-here");
        CHECK(a.status == (i % 2 ? 200 : 404), "%d: %ld", i, a.status);
        answer_free(&a);
    }
    struct answer a = service_get(s, NULL, "/v1");
    check_refusal(&a, "4", 15);
    answer_free(&a);
}

/* After `strangers`: their address has nothing left. */
static void probes(void) {
    static const char *const PROBES[] = {"/health/live", "/health/ready"};
    for (int i = 0; i < 5; i++) {
        struct answer a = service_get(s, NULL, PROBES[i % 2]);
        if (i < 4) CHECK(a.status == 200, "%s after the strangers: %ld", PROBES[i % 2], a.status);
        else check_refusal(&a, "4", 15);
        answer_free(&a);
    }
}

static void bad_keys(void) {
    char said[300] = "";
    for (int i = 0; i < 3; i++) {
        struct answer a = service_get(s, i == 1 ? NULL : "nonsense", OWN_RETURN);
        CHECK(a.status == 401 && !*answer_header(&a, "x-ratelimit-limit"), "%d: %ld", i, a.status);
        if (i) CHECK(strcmp(said, answer_text(&a, "detail")) == 0, "always the same words");
        snprintf(said, sizeof said, "%s", answer_text(&a, "detail"));
        answer_free(&a);
    }
    struct answer a = service_get(s, "nonsense", OWN_RETURN);
    check_refusal(&a, "3", 20);
    answer_free(&a);
    a = service_get(s, s->commissioner, OWN_RETURN);
    CHECK(a.status == 200, "a good key from there is not held up: %ld", a.status);
    answer_free(&a);
}

void suite_http_rates(void) {
    suite_add("http_rates", begin, end);
    case_add("a key has so many requests a minute", a_key);
    case_add("and so many uploads", uploads);
    case_add("so has an address without a key, whatever it asks for", strangers);
    case_add("of which a balancer's probes are no part", probes);
    case_add("failures of an address are limited, and hold up no good key", bad_keys);
}
