/* The calendar over HTTPS: who was late and by how much, to the day; the lock on its day; reopening; deadlines that a framework names;
 * providers that come and go. Dates by hand: 2025-26-Q3 ends on 2025-12-31, + 42 is Wednesday 2026-02-11, + 14 is 2026-02-25;
 * Q4 ends on 2026-03-31, + 42 is Tuesday 2026-05-12, + 28 is 2026-06-09. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/answers.h"
#include "tests/support/changed_framework.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define Q3 "2025-26-Q3"
#define RETURNS "/v1/returns/city-and-hackney/"
#define PERIODS "/v1/periods/city-and-hackney/" Q3
#define PROVIDERS "/v1/services/city-and-hackney/providers/"

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2026-02-25"});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void it_is(const char *today) {
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.today = today}), "starts again on %s", today);
}

static const char *key_of(const char *provider) {
    return strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies;
}

static struct answer post(const char *key, const char *path, const char *body) {
    return service_ask(
        s, &(struct ask){
               .method = "POST", .path = path, .key = key, .type = "application/json", .body = str_of(body)});
}

static struct answer put_json(const char *key, const char *path, const char *match, const char *body) {
    return service_ask(s, &(struct ask){.method = "PUT",
                                        .path = path,
                                        .key = key,
                                        .type = "application/json",
                                        .body = str_of(body),
                                        .headers = {match}});
}

static long send_part(const char *provider, const char *part, const char *csv, const char *query) {
    char path[200];
    snprintf(path, sizeof path, RETURNS "%s/" Q3 "/%s%s", provider, part, query);
    struct answer a = service_put(s, key_of(provider), path, "text/csv", str_of(csv));
    long status = a.status;
    answer_free(&a);
    return status;
}

static void send_all_nil(const char *provider) {
    static const char *const PARTS[][2] = {
        {"episodes", "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n"},
        {"follow-ups", "episodeId,stage,date,outcome\n"},
        {"referrals", "referralId,receivedDate\n"},
        {"contacts", "month,callsReceived,callsAnsweredFirstTime\n"},
        {"training-sessions", "sessionId,date,type,attendees\n"},
    };
    for (size_t i = 0; i < 5; i++) {
        long status = send_part(provider, PARTS[i][0], PARTS[i][1], "");
        CHECK(status == 201, "%s of %s: %ld", PARTS[i][0], provider, status);
    }
}

static struct answer sign(const char *provider) {
    char path[200];
    snprintf(path, sizeof path, RETURNS "%s/" Q3 "/submission", provider);
    return post(key_of(provider), path, "");
}

static struct answer status_of(const char *provider) {
    char path[200];
    snprintf(path, sizeof path, RETURNS "%s/" Q3, provider);
    return service_get(s, s->commissioner, path);
}

struct standing {
    const char *status, *on_time, *days_late, *days_overdue, *late, *never_sent, *nil;
};
static void check_standing(const char *provider, const struct standing *want) {
    struct answer a = status_of(provider);
    check_text(&a, "deadline", "2026-02-25");
    check_text(&a, "status", want->status);
    check_text(&a, "onTime", want->on_time);
    check_text(&a, "daysLate", want->days_late);
    check_text(&a, "daysOverdue", want->days_overdue);
    check_text(&a, "late", want->late);
    check_text(&a, "neverSent", want->never_sent);
    check_text(&a, "nil", want->nil);
    answer_free(&a);
}

static void late_list(const char *query, const char *providers) {
    char path[200], found[200] = "";
    snprintf(path, sizeof path, "/v1/returns?period=" Q3 "&%s", query);
    const char *const keys[] = {s->commissioner, s->checker};
    for (size_t k = 0; k < 2; k++) {
        struct answer a = service_get(s, keys[k], path);
        CHECK(a.status == 200, "%s: %ld", path, a.status);
        found[0] = '\0';
        for (size_t i = 0; i < json_array_size(answer_at(&a, "results")); i++) {
            char at[40];
            snprintf(at, sizeof at, "results.%zu.provider", i);
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", i ? " " : "",
                     answer_text(&a, at));
        }
        CHECK(strcmp(found, providers) == 0, "%s: '%s', expected '%s'", query, found, providers);
        answer_free(&a);
    }
}

/* ---- the deadline ---- */

static void on_the_deadline(void) {
    check_standing("homerton", &(struct standing){"OPEN", "null", "null", "0", "false", "true", "false"});
    late_list("late=true", "");
    late_list("late=false", "homerton pharmacies");
    send_all_nil("homerton");
    check_standing("homerton", &(struct standing){"OPEN", "null", "null", "0", "false", "false", "true"});
    struct answer a = sign("homerton");
    CHECK(a.status == 200, "signed: %ld", a.status);
    check_text(&a, "return.onTime", "true");
    check_text(&a, "return.daysLate", "0");
    check_text(&a, "return.signOff.onTime", "true");
    check_text(&a, "return.parts.0.part", "episodes");
    check_text(&a, "return.parts.0.nil", "true");
    check_text(&a, "return.parts.0.onTime", "true");
    check_text(&a, "return.parts.0.daysLate", "0");
    answer_free(&a);
    CHECK(send_part("pharmacies", "contacts", "month,callsReceived,callsAnsweredFirstTime\n2025-10,1,1\n",
                    "") == 201,
          "one part in time");
}

static void the_day_after(void) {
    it_is("2026-02-26");
    check_standing("homerton", &(struct standing){"SUBMITTED", "true", "0", "0", "false", "false", "true"});
    check_standing("pharmacies", &(struct standing){"OPEN", "false", "null", "1", "true", "false", "false"});
    late_list("late=true", "pharmacies");
    late_list("late=true&status=OPEN", "pharmacies");
    late_list("late=true&status=SUBMITTED", "");
    late_list("late=false", "homerton");
    struct answer a = service_get(s, s->pharmacies, "/v1/returns?late=true&period=" Q3);
    check_text(&a, "metadata.total", "1");
    check_text(&a, "results.0.missingParts",
               "[\"episodes\",\"follow-ups\",\"referrals\",\"training-sessions\"]");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/returns?late=true&period=" Q3);
    check_text(&a, "metadata.total", "0");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/returns?late=perhaps");
    CHECK(a.status == 400, "late=perhaps: %ld", a.status);
    answer_free(&a);
}

/* Two days later everything is late by what its own day says; a correction does not make an early part late. */
static void late_by_how_much(void) {
    it_is("2026-02-28");
    check_standing("pharmacies", &(struct standing){"OPEN", "false", "null", "3", "true", "false", "false"});
    static const char *const REST[][2] = {
        {"episodes", "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n"},
        {"follow-ups", "episodeId,stage,date,outcome\n"},
        {"referrals", "referralId,receivedDate\n"},
        {"training-sessions", "sessionId,date,type,attendees\n"},
    };
    for (size_t i = 0; i < 4; i++)
        CHECK(send_part("pharmacies", REST[i][0], REST[i][1], "") == 201, "%s", REST[i][0]);
    CHECK(send_part("pharmacies", "contacts", "month,callsReceived,callsAnsweredFirstTime\n2025-10,2,2\n",
                    "") == 200,
          "a correction");
    struct answer a = sign("pharmacies");
    check_text(&a, "return.onTime", "false");
    check_text(&a, "return.daysLate", "3");
    check_text(&a, "return.daysOverdue", "0");
    check_text(&a, "return.late", "true");
    check_text(&a, "return.nil", "false");
    check_text(&a, "return.parts.0.daysLate", "3");
    check_text(&a, "return.parts.0.nil", "true");
    check_text(&a, "return.parts.3.part", "contacts");
    check_text(&a, "return.parts.3.nil", "false");
    check_text(&a, "return.parts.3.version", "2");
    check_text(&a, "return.parts.3.onTime", "true");
    check_text(&a, "return.parts.3.daysLate", "0");
    check_text(&a, "periodFinal", "true");
    answer_free(&a);
    it_is("2026-03-20");
    check_standing("pharmacies",
                   &(struct standing){"SUBMITTED", "false", "3", "0", "true", "false", "false"});
}

/* ---- the lock ---- */

static const char *const CALLS = "month,callsReceived,callsAnsweredFirstTime\n2025-11,5,5\n";

static void the_lock_day(void) {
    it_is("2026-06-09");
    struct answer a = status_of("homerton");
    check_text(&a, "status", "SUBMITTED");
    answer_free(&a);
    CHECK(send_part("homerton", "contacts", CALLS, "?reason=found&dryRun=true") == 200,
          "the day itself is open");
    it_is("2026-06-10");
    a = status_of("homerton");
    check_text(&a, "status", "LOCKED");
    answer_free(&a);
    a = service_put(s, s->homerton, RETURNS "homerton/" Q3 "/contacts?reason=found", "text/csv",
                    str_of(CALLS));
    CHECK(a.status == 409, "an upload: %ld", a.status);
    check_text(&a, "code", "PERIOD_LOCKED");
    answer_free(&a);
    late_list("status=LOCKED", "homerton pharmacies");
    a = service_get(s, s->commissioner, "/v1/calendar?year=2025-26");
    check_text(&a, "results.2.locked", "true");
    check_text(&a, "results.2.lock", "BY_CALENDAR");
    check_text(&a, "results.1.locked", "false"); /* never final: open, and late */
    answer_free(&a);
}

static void reopened(void) {
    struct answer a = post(s->commissioner, PERIODS "/unlock", "{}");
    CHECK(a.status == 422, "without a reason: %ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, PERIODS "/unlock", "{\"reason\":\"calls were lost\"}");
    CHECK(a.status == 200, "with a reason: %ld", a.status);
    check_text(&a, "locked", "false");
    answer_free(&a);
    CHECK(send_part("homerton", "contacts", CALLS, "?reason=calls") == 200, "it takes the correction");
    a = status_of("homerton");
    check_text(&a, "status", "OPEN");
    check_text(&a, "resignNeeded", "true");
    check_text(&a, "periodFinal", "true");
    check_text(&a, "daysLate", "0"); /* signed in time; a correction is not late */
    answer_free(&a);
    a = sign("homerton");
    check_text(&a, "return.status", "SUBMITTED");
    check_text(&a, "return.signOff.times", "2");
    check_text(&a, "return.onTime", "true");
    answer_free(&a);
    it_is("2027-01-01"); /* it does not lock itself again */
    a = status_of("homerton");
    check_text(&a, "status", "SUBMITTED");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/calendar?year=2025-26");
    check_text(&a, "results.2.lock", "UNLOCKED");
    check_text(&a, "results.2.lockReason", "calls were lost");
    answer_free(&a);
    a = post(s->commissioner, PERIODS "/lock", "");
    check_text(&a, "locked", "true");
    answer_free(&a);
    CHECK(send_part("homerton", "contacts", CALLS, "?reason=x") == 409, "locked again, the same bytes too");
}

/* ---- the calendar ---- */

static void calendar(void) {
    static const struct {
        const char *period, *start, *end, *follow_up_end, *provider, *national;
    } ROWS[] = {
        {"2025-26-Q1", "2025-04-01", "2025-06-30", "2025-08-11", "2025-08-25", "2025-09-08"},
        {"2025-26-Q2", "2025-07-01", "2025-09-30", "2025-11-11", "2025-11-25", "2025-12-09"},
        {"2025-26-Q3", "2025-10-01", "2025-12-31", "2026-02-11", "2026-02-25", "2026-03-11"},
        {"2025-26-Q4", "2026-01-01", "2026-03-31", "2026-05-12", "2026-05-26", "2026-06-09"},
    };
    const char *const keys[] = {s->commissioner, s->homerton, s->checker};
    for (size_t k = 0; k < 3; k++) {
        struct answer a = service_get(s, keys[k], "/v1/calendar?service=city-and-hackney&year=2025-26");
        CHECK(a.status == 200, "%ld", a.status);
        check_text(&a, "metadata.total", "4");
        for (size_t i = 0; i < 4; i++) {
            static const char *const NAMES[] = {"period",      "quarterStart",     "quarterEnd",
                                                "followUpEnd", "providerDeadline", "nationalDeadline"};
            const char *const want[] = {ROWS[i].period,        ROWS[i].start,    ROWS[i].end,
                                        ROWS[i].follow_up_end, ROWS[i].provider, ROWS[i].national};
            char at[60];
            for (size_t n = 0; n < 6; n++) {
                snprintf(at, sizeof at, "results.%zu.%s", i, NAMES[n]);
                check_text(&a, at, want[n]);
            }
            snprintf(at, sizeof at, "results.%zu.lockDay", i);
            check_text(&a, at, "2026-06-10");
        }
        answer_free(&a);
    }
    struct answer a = service_get(s, s->admin, "/v1/calendar");
    CHECK(a.status == 403, "admin: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->checker, "/v1/calendar?service=elsewhere");
    CHECK(a.status == 404, "no such service: %ld", a.status);
    answer_free(&a);
    static const char *const BAD[] = {"2025-27", "2025", "2016-17", "2099-00"};
    for (size_t i = 0; i < 4; i++) {
        char path[60];
        snprintf(path, sizeof path, "/v1/calendar?year=%s", BAD[i]);
        a = service_get(s, s->checker, path);
        CHECK(a.status == 400, "%s: %ld", BAD[i], a.status);
        answer_free(&a);
    }
    a = service_get(s, s->checker, "/v1/calendar?year=2017-18");
    check_text(&a, "metadata.total", "2"); /* the collection began with its Q3 */
    check_text(&a, "results.1.nationalDeadline", "2018-06-11");
    answer_free(&a);
}

static struct answer calendar_as(const char *accept) {
    return service_ask(
        s, &(struct ask){.path = "/v1/calendar?year=2025-26", .key = s->commissioner, .headers = {accept}});
}

static void calendar_files(void) {
    struct answer a = calendar_as("Accept: text/csv");
    str rest = buf_str(&a.body), head = str_cut(&rest, '\n');
    CHECK(str_is(str_trim(head),
                 "service,period,quarterStart,quarterEnd,followUpEnd,providerDeadline,nationalDeadline,"
                 "lockDay,named,final,finalAt,locked,lock,lockReason"),
          "%.*s", STR_ARG(head));
    head = str_cut(&rest, '\n');
    CHECK(str_is(str_trim(head),
                 "city-and-hackney,2025-26-Q1,2025-04-01,2025-06-30,2025-08-11,2025-08-25,2025-09-08,"
                 "2026-06-10,false,false,,false,BY_CALENDAR,"),
          "%.*s", STR_ARG(head));
    answer_free(&a);
    a = calendar_as("Accept: text/calendar");
    CHECK(a.status == 200 && strncmp(answer_header(&a, "content-type"), "text/calendar", 13) == 0, "%s",
          answer_header(&a, "content-type"));
    str text = buf_str(&a.body);
    CHECK(str_starts_with(text, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")) &&
              str_ends_with(text, STR("END:VEVENT\r\nEND:VCALENDAR\r\n")),
          "begin and end");
    size_t events = 0, longest = 0;
    bool deadline = false;
    for (str more = text, line = str_cut(&more, '\n'); line.p && more.p; line = str_cut(&more, '\n')) {
        CHECK(str_ends_with(line, STR("\r")), "CRLF ends: %.*s", STR_ARG(line));
        events += str_is(line, "BEGIN:VEVENT\r");
        deadline |= str_is(line, "DTSTART;VALUE=DATE:20260225\r");
        if (line.n - 1 > longest) longest = line.n - 1;
    }
    CHECK(events == 13, "3 dates a quarter and the lock: %zu", events);
    CHECK(deadline && longest <= 75, "the deadline of Q3; the longest line has %zu", longest);
    answer_free(&a);
    a = calendar_as("Accept: application/xml");
    CHECK(a.status == 406, "%ld", a.status);
    answer_free(&a);
}

/* ---- named deadlines ---- */

static void open_or_lock(const char *path, const char *body) {
    struct answer a = post(s->commissioner, path, body);
    CHECK(a.status == 200, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* A later day for Q3, agreed afterwards: who signed three days late was in time; what the receipt said stays. A locked quarter would keep
 * the version it had, so it is unlocked for that. */
static void named_deadline(void) {
    open_or_lock("/v1/periods/city-and-hackney/" Q3 "/unlock", "{\"reason\":\"Another deadline\"}");
    framework_load_changed(s, "2026-03-20", "\"nationalDays\": 28}",
                           "\"nationalDays\": 28, \"2025-26-Q3\": {\"provider\": \"2026-02-28\"}}");
    struct answer a = status_of("pharmacies");
    check_text(&a, "deadline", "2026-02-28");
    check_text(&a, "onTime", "true");
    check_text(&a, "daysLate", "0");
    check_text(&a, "parts.0.onTime", "true");
    answer_free(&a);
    a = service_get(s, s->commissioner, RETURNS "pharmacies/" Q3 "/history");
    check_text(&a, "results.1.part", "training-sessions");
    check_text(&a, "results.1.onTime", "false");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/calendar?year=2025-26");
    check_text(&a, "results.2.providerDeadline", "2026-02-28");
    check_text(&a, "results.2.named", "true");
    check_text(&a, "results.1.named", "false");
    answer_free(&a);
    framework_load_changed(s, "2026-03-20", "\"nationalDays\": 28}", "\"nationalDays\": 28}");
    open_or_lock("/v1/periods/city-and-hackney/" Q3 "/lock", "{}");
}

/* ---- providers ---- */

static void provider_read(void) {
    struct answer a = service_get(s, s->commissioner, PROVIDERS "homerton");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "id", "homerton");
    check_text(&a, "service", "city-and-hackney");
    check_text(&a, "name", "Homerton Healthcare");
    check_text(&a, "group", "null");
    check_text(&a, "from", "2023-24-Q1");
    check_text(&a, "to", "null");
    check_text(&a, "expectedParts",
               "[\"episodes\",\"follow-ups\",\"referrals\",\"contacts\",\"training-sessions\"]");
    answer_free(&a);
    a = service_get(s, s->homerton, PROVIDERS "homerton");
    CHECK(a.status == 200, "its own: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->homerton, PROVIDERS "pharmacies");
    CHECK(a.status == 404, "another's: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, PROVIDERS "nobody");
    CHECK(a.status == 404, "nobody: %ld", a.status);
    answer_free(&a);
}

static void provider_made(void) {
    const char *const BODY =
        "{\"name\":\"Well Pharmacy, Dalston\",\"group\":\"pharmacies\",\"expectedParts\":[\"episodes\"],"
        "\"from\":\"2026-27-Q1\"}";
    struct answer a = put_json(s->homerton, PROVIDERS "dalston", NULL, BODY);
    CHECK(a.status == 403, "a provider: %ld", a.status);
    answer_free(&a);
    a = put_json(s->commissioner, PROVIDERS "dalston", NULL, BODY);
    CHECK(a.status == 201, "made: %ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    check_text(&a, "name", "Well Pharmacy, Dalston");
    check_text(&a, "to", "null");
    char match[120];
    snprintf(match, sizeof match, "If-Match: %s", answer_header(&a, "etag"));
    struct answer read = service_get(s, s->commissioner, PROVIDERS "dalston");
    CHECK(strcmp(answer_header(&read, "etag"), match + 10) == 0, "the ETag of the answer is that of a read");
    buf_add_char(&read.body, '\0');
    struct answer again = put_json(s->commissioner, PROVIDERS "dalston", match, read.body.p);
    CHECK(again.status == 200, "what was read goes back in: %ld %.*s", again.status,
          STR_ARG(buf_str(&again.body)));
    answer_free(&again);
    answer_free(&read);
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select count(*) from event where kind = 'PROVIDER_CHANGED'"), "1") == 0,
          "one event");
    CHECK(strcmp(service_sql(s, "select count(*) from audit where action = 'PROVIDER_CHANGED'"), "1") == 0,
          "one line");
    CHECK(strcmp(service_sql(s, "select provider_group from provider where provider = 'dalston'"),
                 "pharmacies") == 0,
          "the provider is there");
    a = put_json(s->commissioner, PROVIDERS "dalston", "If-Match: \"other\"", BODY);
    CHECK(a.status == 412, "another ETag: %ld", a.status);
    answer_free(&a);
    a = put_json(s->commissioner, PROVIDERS "dalston", "If-None-Match: *", BODY);
    CHECK(a.status == 412, "a new one where one is: %ld", a.status);
    answer_free(&a);
    a = put_json(s->commissioner, PROVIDERS "elsewhere", match, BODY);
    CHECK(a.status == 412, "If-Match where none is: %ld", a.status);
    answer_free(&a);
}

/* A key for it, and it sends; the running service learns of both. */
static void new_provider_sends(void) {
    const char *const argv[] = {"key",        "issue",    "--database", s->owner,
                                "--role",     "provider", "--service",  "city-and-hackney",
                                "--provider", "dalston",  NULL};
    struct buf text = BUF_EMPTY;
    CHECK(service_command(argv, &text) == 0, "key issue");
    char key[128];
    snprintf(key, sizeof key, "%.*s", STR_ARG(str_trim(buf_str(&text))));
    buf_free(&text);
    struct answer a = {0};
    for (int i = 0; i < 1200 && a.status != 201; i++) { /* until the notice of the new key has come */
        answer_free(&a);
        if (i) usleep(50000);
        a = service_put(
            s, key, RETURNS "dalston/2026-27-Q1/episodes", "text/csv",
            STR("episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\nD-1,C-1,Hackney,2026-04-02,40\n"));
    }
    CHECK(a.status == 201, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = service_get(s, key, "/v1/returns");
    check_text(&a, "metadata.total", "4"); /* expected from 2026-27-Q1 on; today is 2027-01-01 */
    check_text(&a, "results.3.period", "2026-27-Q1");
    check_text(&a, "results.3.missingParts", "[]");
    answer_free(&a);
}

/* One that leaves is expected up to its last quarter, and no later. */
static void provider_leaves(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/returns?provider=pharmacies&period=2026-27-Q1");
    check_text(&a, "metadata.total", "1");
    check_text(&a, "results.0.late", "true");
    answer_free(&a);
    a = put_json(
        s->commissioner, PROVIDERS "pharmacies", NULL,
        "{\"name\":\"Community pharmacies of City and Hackney\",\"group\":\"pharmacies\",\"expectedParts\":[\"episodes\","
        "\"follow-ups\"],\"from\":\"2023-24-Q1\",\"to\":\"2026-03-31\"}");
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    check_text(&a, "to", "2026-03-31");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/returns?provider=pharmacies&period=2026-27-Q1");
    check_text(&a, "metadata.total", "0");
    answer_free(&a);
    /* The lock day of 2025-26 has come: what was expected then stays as it was. */
    a = service_get(s, s->commissioner, "/v1/returns?provider=pharmacies&period=2025-26-Q4");
    check_text(&a, "results.0.missingParts",
               "[\"episodes\",\"follow-ups\",\"referrals\",\"contacts\",\"training-sessions\"]");
    check_text(&a, "results.0.late", "true");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select max(version) from framework"), "5") == 0,
          "each change is a version: %s", service_sql(s, "select max(version) from framework"));
}

static void provider_refused(void) {
    static const struct {
        const char *body, *words;
        long status;
    } CASES[] = {
        {"", "JSON", 400},
        {"{\"name\":", "JSON", 400},
        {"[]", "object", 422},
        {"{}", "/expectedParts: ", 422},
        {"{\"expectedParts\":[]}", "/name: ", 422},
        {"{\"name\":\"X\"}", "/expectedParts: ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[\"contacts\",\"episode\"]}",
         "did you mean episodes? The parts are episodes, follow-ups, ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[\"zzzzzz\"]}", "; the parts are episodes, ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[]}", "", 201},
        {"{\"name\":\"X\",\"expectedParts\":[\"episode\"]}", "/expectedParts/0: ", 422},
        {"{\"name\":\"X\",\"expectedParts\":\"episodes\"}", "/expectedParts: ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[],\"group\":\"no good\"}", "/group: ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[],\"from\":\"2025\"}", "/from: ", 422},
        {"{\"name\":\"X\",\"expectedParts\":[],\"from\":\"2025-26-Q2\",\"to\":\"2025-26-Q1\"}", "/to: ", 422},
        {"{\"nam\":\"X\",\"expectedParts\":[]}", "/nam: this member is not known", 422},
        {"{\"id\":\"other\",\"name\":\"X\",\"expectedParts\":[]}", "/id: ", 422},
        {"{\"service\":\"other\",\"name\":\"X\",\"expectedParts\":[]}", "/service: ", 422},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = put_json(s->commissioner, PROVIDERS "shop", NULL, CASES[i].body);
        bool said = memmem(a.body.p, a.body.n, CASES[i].words, strlen(CASES[i].words)) != NULL;
        CHECK(a.status == CASES[i].status && said, "%s: %ld %.*s", CASES[i].body, a.status,
              STR_ARG(buf_str(&a.body)));
        answer_free(&a);
    }
    struct answer a = put_json(s->commissioner, "/v1/services/elsewhere/providers/x", NULL,
                               "{\"name\":\"X\",\"expectedParts\":[]}");
    CHECK(a.status == 404, "another service: %ld", a.status);
    answer_free(&a);
}

void suite_http_calendar(void);
void suite_http_calendar(void) {
    suite_add("http_calendar", begin, end);
    case_add("the day of the deadline is in time", on_the_deadline);
    case_add("the day after is one day late", the_day_after);
    case_add("late by how much, and that stays", late_by_how_much);
    case_add("a final period locks on the day after Q4's national deadline", the_lock_day);
    case_add("reopened with a reason, corrected, signed again, locked again", reopened);
    case_add("the calendar of a year", calendar);
    case_add("the calendar as CSV and iCalendar", calendar_files);
    case_add("a deadline that the framework names", named_deadline);
    case_add("providers are read", provider_read);
    case_add("a provider is made", provider_made);
    case_add("a new provider gets a key and sends", new_provider_sends);
    case_add("a provider that leaves is no longer expected", provider_leaves);
    case_add("a provider that cannot be is refused", provider_refused);
}
