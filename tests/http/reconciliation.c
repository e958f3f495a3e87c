/* A provider's own national return beside what its episodes come to, over HTTPS. By hand, three people of 2025-26-Q2:
 *
 *   E-1  man of 43, routine work, free prescription: quit, confirmed by CO
 *   E-2  pregnant woman of 30, higher managerial: not quit
 *   E-3  man of 43, routine work: quit, as a follow-up says that came apart
 *
 * In its own return the provider had counted E-3 as lost, and his occupation as not known. */
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/national.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { Q2 = 2025 * 4 + 1 };
#define PATH "/v1/national-returns/city-and-hackney/2025-26-Q2/reconciliation"
#define OF_PHARMACIES PATH "?provider=pharmacies"

#define EPISODES                                                                                                      \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,ethnicCategory,nssec,freePrescription,pregnant," \
    "interventionType,setting,aid,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm\n"
#define THREE                                                                                                \
    EPISODES "E-1,C-1,E09000012,2025-07-01,43,1,A,08,Y,N,08,13,10,1,2025-07-29,FACE_TO_FACE,3\n"             \
             "E-2,C-2,E09000012,2025-07-02,30,2,A,01,N,Y,08,13,10,2,2025-07-30,FACE_TO_FACE,\n"              \
             "E-3,C-3,E09000012,2025-07-03,43,1,A,08,N,N,08,13,10,,,,\n"
#define OWN                                                                                                  \
    "*=0|1A A 1 SET=2|1A A 1 QUIT=1|1A A 2 SET=1|1B 03 1 SET=2|1B 03 1 QUIT=1|1B 03 1 LOST=1|"               \
    "1B 03 1 CO_VALIDATED=1|1B 02 2 SET=1|1B 02 2 NOT_QUIT=1|1C NOT_QUIT=1|1D SET=1|1D QUIT=1|1E 08 SET=1|"  \
    "1E 08 QUIT=1|1E 01 SET=1|1E 96 SET=1|1F 10 SET=3|1F 10 QUIT=1|1G 08 SET=3|1G 08 QUIT=1|1H 13 SET=3|"    \
    "1H 13 QUIT=1"
#define CORRECTED                                                                                             \
    "*=0|1A A 1 SET=2|1A A 1 QUIT=2|1A A 2 SET=1|1B 03 1 SET=2|1B 03 1 QUIT=2|1B 03 1 CO_VALIDATED=1|"        \
    "1B 02 2 SET=1|1B 02 2 NOT_QUIT=1|1C NOT_QUIT=1|1D SET=1|1D QUIT=1|1E 08 SET=2|1E 08 QUIT=2|1E 01 SET=1|" \
    "1F 10 SET=3|1F 10 QUIT=2|1G 08 SET=3|1G 08 QUIT=2|1H 13 SET=3|1H 13 QUIT=2"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void put(const char *part, str body) {
    char path[120];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/pharmacies/2025-26-Q2/%s", part);
    struct answer a = service_put(s, s->pharmacies, path, "text/csv", body);
    CHECK(a.status == 200 || a.status == 201, "%s: %ld %.*s", part, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void put_national(const char *changes) {
    struct buf body = BUF_EMPTY;
    national_add_csv(&body, Q2, changes);
    put("national", buf_str(&body));
    buf_free(&body);
}

static void check_refusal(const char *key, const char *path, long status, const char *words) {
    struct answer a = service_get(s, key, path);
    CHECK(a.status == status, "%s: %ld, expected %ld", path, a.status, status);
    CHECK(strstr(answer_text(&a, "detail"), words), "%s: \"%s\" has not \"%s\"", path,
          answer_text(&a, "detail"), words);
    answer_free(&a);
}

static void only_one_of_them(void) {
    check_refusal(s->commissioner, OF_PHARMACIES, 404, "pharmacies has sent neither");
    put_national(OWN);
    check_refusal(s->commissioner, OF_PHARMACIES, 404, "and never client records (episodes)");
    check_refusal(s->commissioner, OF_PHARMACIES, 404, "take national back with its header row alone");
    put("national", STR("part,key1,key2,measure,value,reason\n"));
    check_refusal(s->pharmacies, PATH, 404, "and never client records (episodes)");
    struct answer a = service_put(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/episodes",
                                  "text/csv", STR(THREE));
    CHECK(a.status == 201, "%ld", a.status);
    answer_free(&a);
    check_refusal(s->homerton, PATH, 404, "and never the cells of the national return (national)");
    check_refusal(s->homerton, PATH, 404, "take episodes back with its header row alone");
}

/* Taken back, then the episodes and a follow-up: the cells of version 1 still count. */
static void differing(void) {
    static const char *const DIFFERENCES[] = {
        "{\"part\":\"1A\",\"key1\":\"A\",\"key2\":\"1\",\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1B\",\"key1\":\"03\",\"key2\":\"1\",\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1B\",\"key1\":\"03\",\"key2\":\"1\",\"measure\":\"LOST\",\"own\":1,\"derived\":0,\"difference\":1}",
        "{\"part\":\"1E\",\"key1\":\"08\",\"key2\":null,\"measure\":\"SET\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1E\",\"key1\":\"08\",\"key2\":null,\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1E\",\"key1\":\"96\",\"key2\":null,\"measure\":\"SET\",\"own\":1,\"derived\":0,\"difference\":1}",
        "{\"part\":\"1F\",\"key1\":\"10\",\"key2\":null,\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1G\",\"key1\":\"08\",\"key2\":null,\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}",
        "{\"part\":\"1H\",\"key1\":\"13\",\"key2\":null,\"measure\":\"QUIT\",\"own\":1,\"derived\":2,\"difference\":-1}"};
    enum { COUNT = sizeof DIFFERENCES / sizeof *DIFFERENCES };
    put("episodes", STR(THREE));
    put("follow-ups", STR("episodeId,stage,date,outcome\nE-3,4W,2025-07-31,1\n"));
    struct answer a = service_get(s, s->commissioner, OF_PHARMACIES "&asAt=2026-02-01");
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    check_text(&a, "service", "city-and-hackney");
    check_text(&a, "provider", "pharmacies");
    check_text(&a, "period", "2025-26-Q2");
    check_text(&a, "formVersion", "SSQ-2024");
    check_text(&a, "asAt", "2026-02-01");
    check_text(&a, "knownAt", "null");
    check_text(&a, "own.version", "1");
    check_text(&a, "own.rows", "468");
    check_text(&a, "own.inForce", "false");
    check_text(&a, "derived.version", "1");
    check_text(&a, "derived.rows", "3");
    check_text(&a, "derived.inForce", "true");
    check_text(&a, "agrees", "false");
    check_text(&a, "cells", "470");
    check_text(&a, "differing", "9");
    CHECK(json_array_size(answer_at(&a, "differences")) == COUNT, "nine of them");
    for (int i = 0; i < COUNT; i++) {
        char path[24];
        snprintf(path, sizeof path, "differences.%d", i);
        check_text(&a, path, DIFFERENCES[i]);
    }
    check_text(&a, "byPart",
               "[{\"part\":\"1A\",\"cells\":204,\"differing\":1,\"difference\":-1},"
               "{\"part\":\"1B\",\"cells\":150,\"differing\":2,\"difference\":0},"
               "{\"part\":\"1C\",\"cells\":4,\"differing\":0,\"difference\":0},"
               "{\"part\":\"1D\",\"cells\":2,\"differing\":0,\"difference\":0},"
               "{\"part\":\"1E\",\"cells\":20,\"differing\":3,\"difference\":-1},"
               "{\"part\":\"1F\",\"cells\":42,\"differing\":1,\"difference\":-1},"
               "{\"part\":\"1G\",\"cells\":20,\"differing\":1,\"difference\":-1},"
               "{\"part\":\"1H\",\"cells\":28,\"differing\":1,\"difference\":-1}]");
    answer_free(&a);
}

/* 3 July and 42 days is 14 August: on that day E-3 is in SET alone, so that what is left are his loss and occupation. */
static void as_at_a_day(void) {
    struct answer a = service_get(s, s->pharmacies, PATH "?asAt=2025-08-14");
    check_text(&a, "differing", "3");
    check_text(&a, "differences.0.measure", "LOST");
    check_text(&a, "differences.1.key1", "08");
    check_text(&a, "differences.1.measure", "SET");
    check_text(&a, "differences.2.key1", "96");
    answer_free(&a);
}

static void as_csv(void) {
    struct ask ask = {.path = OF_PHARMACIES, .key = s->commissioner, .headers = {"Accept: text/csv"}};
    struct answer a = service_ask(s, &ask);
    CHECK(a.status == 200 && str_is(buf_str(&a.body), "part,key1,key2,measure,own,derived,difference\r\n"
                                                      "1A,A,1,QUIT,1,2,-1\r\n1B,03,1,QUIT,1,2,-1\r\n"
                                                      "1B,03,1,LOST,1,0,1\r\n1E,08,,SET,1,2,-1\r\n"
                                                      "1E,08,,QUIT,1,2,-1\r\n1E,96,,SET,1,0,1\r\n"
                                                      "1F,10,,QUIT,1,2,-1\r\n1G,08,,QUIT,1,2,-1\r\n"
                                                      "1H,13,,QUIT,1,2,-1\r\n"),
          "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void who_may(void) {
    check_refusal(s->checker, OF_PHARMACIES, 403, "");
    check_refusal(s->homerton, OF_PHARMACIES, 404, "There is no provider 'pharmacies'");
    check_refusal(s->commissioner, PATH, 400, "add ?provider=");
    check_refusal(s->commissioner, PATH "?provider=nobody", 404, "There is no provider 'nobody'");
    check_refusal(s->commissioner, OF_PHARMACIES "&knownAt=2020-01-01T00:00:00Z", 404,
                  "for 2025-26-Q2 by 2020-01-01T00:00:00");
    struct answer of_it = service_get(s, s->commissioner, OF_PHARMACIES),
                  own = service_get(s, s->pharmacies, PATH);
    CHECK(own.status == 200 && str_eq(buf_str(&own.body), buf_str(&of_it.body)),
          "the provider reads the same of itself: %ld", own.status);
    answer_free(&own);
    answer_free(&of_it);
}

/* The other way round: the episodes are taken back, and the corrected cells are in force. As known before, nothing moves. */
static void agreeing(void) {
    struct answer before = service_get(s, s->commissioner, OF_PHARMACIES);
    char path[200], at[40];
    snprintf(at, sizeof at, "%s",
             service_sql(s, "select to_char(max(received_at) at time zone 'UTC', "
                            "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from version"));
    put("episodes", STR(EPISODES));
    put_national(CORRECTED);
    struct answer a = service_get(s, s->commissioner, OF_PHARMACIES);
    check_text(&a, "agrees", "true");
    check_text(&a, "cells", "470");
    check_text(&a, "differing", "0");
    check_text(&a, "differences", "[]");
    check_text(&a, "own.version", "3");
    check_text(&a, "own.inForce", "true");
    check_text(&a, "derived.version", "1");
    check_text(&a, "derived.inForce", "false");
    answer_free(&a);
    struct ask ask = {.path = OF_PHARMACIES, .key = s->commissioner, .headers = {"Accept: text/csv"}};
    a = service_ask(s, &ask);
    CHECK(str_is(buf_str(&a.body), "part,key1,key2,measure,own,derived,difference\r\n"), "%.*s",
          STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    snprintf(path, sizeof path, OF_PHARMACIES "&knownAt=%s", at);
    a = service_get(s, s->commissioner, path);
    check_text(&a, "knownAt", at);
    check_text(&a, "own.version", "1");
    check_text(&a, "derived.inForce", "true");
    CHECK(strcmp(answer_text(&a, "differing"), "9") == 0 &&
              strcmp(answer_text(&before, "differing"), "9") == 0,
          "as it was known then");
    answer_free(&a);
    answer_free(&before);
}

void suite_http_reconciliation(void);
void suite_http_reconciliation(void) {
    suite_add("http_reconciliation", begin, end);
    case_add("where there is only one of the two", only_one_of_them);
    case_add("nine cells differ, each by what it should", differing);
    case_add("as at a day", as_at_a_day);
    case_add("the differences as CSV", as_csv);
    case_add("who may, and of whom", who_may);
    case_add("both agree, whichever is in force", agreeing);
}
