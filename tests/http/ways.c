/* The same data by different ways gives the same bytes and figures: CSV and JSON, orders, spellings; and what a big file costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static const char *const HOMERTON = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes";

static struct answer put(const char *path, const char *type, str body) {
    return service_put(s, s->homerton, path, type, body);
}

/* Rows of every kind, some blanks; n of them with different values. */
static struct episode_row mixed(char id[24], unsigned i) {
    static const char *const ETHNIC[] = {"A", "CT", "M", "", "Z", "K"};
    static const char *const OUTCOME[] = {"1", "2", "3", ""};
    snprintf(id, 24, "E-%06u", i);
    struct episode_row r = episode_good(id);
    r.ethnic = ETHNIC[i % 6];
    r.outcome = OUTCOME[i % 4];
    if (i % 4 == 3) r.followed_up = r.method = r.co = "";
    if (i % 5 == 0) r.imd = "";
    if (i % 7 == 0) r.authority = "E09000001";
    return r;
}

static void csv_and_json_are_the_same(void) {
    struct buf csv = BUF_EMPTY, json = BUF_EMPTY;
    buf_add_cstr(&csv, EPISODE_HEADER "\r\n");
    buf_add_cstr(&json, "{\"rows\":[");
    for (unsigned i = 0; i < 500; i++) {
        char id[24];
        struct episode_row r = mixed(id, i);
        episode_add_csv(&csv, &r);
        if (i) buf_add_char(&json, ',');
        episode_add_json(&json, &r);
    }
    buf_add_cstr(&json, "]}");
    struct answer a = put(HOMERTON, "text/csv", buf_str(&csv));
    CHECK(a.status == 201, "CSV: %ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    struct answer figures_csv = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1");
    a = put(HOMERTON, "application/json", buf_str(&json));
    CHECK(a.status == 200 && strcmp(answer_text(&a, "unchanged"), "500") == 0,
          "JSON after CSV: %ld, unchanged %s", a.status, answer_text(&a, "unchanged"));
    answer_free(&a);
    struct answer figures_json =
        service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1");
    CHECK(str_eq(buf_str(&figures_csv.body), buf_str(&figures_json.body)), "the same figures, byte for byte");
    answer_free(&figures_csv);
    answer_free(&figures_json);
    CHECK(
        strcmp(
            service_sql(
                s,
                "select count(*) from (select (to_jsonb(e) - 'version')::text from episode e where version = 1 "
                "except select (to_jsonb(e) - 'version')::text from episode e where version = 2) d"),
            "0") == 0,
        "the same stored rows");
    CHECK(
        strcmp(
            service_sql(
                s,
                "select (a.facts = b.facts and a.digests = b.digests)::text from pack a, pack b where a.version = 1 and b.version = 2"),
            "true") == 0,
        "the same facts and digests");
    buf_free(&csv);
    buf_free(&json);
}

static void spellings_are_the_same(void) {
    static const char *const FILES[] = {
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,nssec,freePrescription,followUp4wDate,outcome4w,followUp4wMethod\n"
        "S-1,c1,E09000012,2025-05-01,44,08,Y,2025-05-29,1,FACE_TO_FACE\n",
        "\xef\xbb\xbfQUIT DATE;Episode-ID;client_id;Local Authority;age at quit date;NSSEC;free prescription;Follow Up 4w Date;Outcome 4w;follow_up_4w_method\r\n"
        "01/05/2025;S-1;c1;Hackney;44;8;yes;29/5/2025;1;face to face\r\n\r\n",
        "quitdate\tepisodeid\tclientid\tlocalauthority\tageatquitdate\tnssec\tfreeprescription\tfollowup4wdate\toutcome4w\tfollowup4wmethod\r"
        "\"1/5/2025\"\t S-1 \tc1\te09000012\t\"44\"\tRoutine and manual\tTRUE\t2025-05-29\t1\tface-to-face\r",
    };
    for (size_t i = 0; i < 3; i++) {
        struct answer a = put("/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes",
                              i == 1 ? NULL : "text/csv", str_of(FILES[i]));
        CHECK(a.status == 200, "file %zu: %ld %.*s", i, a.status, STR_ARG(buf_str(&a.body)));
        if (i)
            CHECK(strcmp(answer_text(&a, "unchanged"), "1") == 0, "file %zu: unchanged %s", i,
                  answer_text(&a, "unchanged"));
        answer_free(&a);
    }
}

static long resident_kib(const char *field) {
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, field, strlen(field)) == 0) kib = (long)strtoul(line + strlen(field) + 1, NULL, 10);
    if (f) fclose(f);
    return kib;
}

static void big_files_stay_small(void) {
    enum { ROWS = 100000 };
    bool plain =
        strstr(getenv("QUARTERDAY_TEST_BINARY") ? getenv("QUARTERDAY_TEST_BINARY") : "", "san") == NULL;
    long idle = resident_kib("VmRSS:");
    for (int as_json = 0; as_json < 2; as_json++) {
        struct buf b = BUF_EMPTY;
        buf_add_cstr(&b, as_json ? "{\"rows\":[" : EPISODE_HEADER "\r\n");
        for (unsigned i = 0; i < ROWS; i++) {
            char id[24];
            struct episode_row r = mixed(id, i + (as_json ? 7 : 0));
            if (as_json && i) buf_add_char(&b, ',');
            if (as_json) episode_add_json(&b, &r);
            else episode_add_csv(&b, &r);
        }
        if (as_json) buf_add_cstr(&b, "]}");
        char reset[64];
        snprintf(reset, sizeof reset, "/proc/%d/clear_refs", (int)s->pid);
        FILE *f = fopen(reset, "w");
        if (f) {
            fputs("5", f); /* forget the peak so far */
            fclose(f);
        }
        struct answer a = put(HOMERTON, as_json ? "application/json" : "text/csv", buf_str(&b));
        CHECK(a.status == 200, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
        long peak = resident_kib("VmHWM:");
        printf(" [%s: idle %ld KiB, peak %ld KiB above]", as_json ? "JSON" : "CSV", idle, peak - idle);
        if (plain)
            CHECK(peak - idle < 64 * 1024, "%s of %zu bytes: %ld KiB above idle", as_json ? "JSON" : "CSV",
                  b.n, peak - idle);
        answer_free(&a);
        buf_free(&b);
    }
}

static void one_endless_line(void) {
    size_t n = 3u << 20;
    char *big = malloc(n);
    memset(big, 'x', n);
    struct answer a = put(HOMERTON, "text/csv", (str){big, n});
    CHECK(a.status == 422 || a.status == 400 || a.status == 413, "%ld", a.status);
    answer_free(&a);
    free(big);
}

void suite_http_ways(void) {
    suite_add("http_ways", begin, end);
    case_add("CSV and JSON of the same data give identical rows, facts and figures",
             csv_and_json_are_the_same);
    case_add("header spellings, separators, dates, codes and flags are read as what they mean",
             spellings_are_the_same);
    case_add("a 100,000-row file takes under 64 MB above idle", big_files_stay_small);
    case_add("a body of one endless line is refused", one_endless_line);
}
