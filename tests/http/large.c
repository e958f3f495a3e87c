/* Large returns: a million episodes in one upload. What is bounded is memory, and that is asserted; time is not (bench/
 * measures it). Under the sanitizers the same with fewer rows and without a limit: their memory is not that of the service.
 *
 * And what a large upload meets on its way: 100-continue, refusals before the body, connections that end at any byte. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/tls_client.h"

#ifdef QUARTERDAY_TEST_BUILD
enum { MANY = 50000, HAS_LIMIT = 0 };
#else
enum { MANY = 1000000, HAS_LIMIT = 1 };
#endif
enum { LIMIT_KB = 128 * 1024, CAP_MIB = 120 };

#define RETURNS "/v1/returns/city-and-hackney/homerton/"
static struct service *s;

static int begin(void) {
    s = service_start(&(struct service_options){.extra_flags = {"--body-cap-mib", "120"}});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static int64_t sql_number(const char *query) {
    uint64_t n = 0;
    return str_to_uint(str_of(service_sql(s, query)), INT64_MAX, &n) ? (int64_t)n : -1;
}

/* ---- the service's memory ---- */

static void forget_peak(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/clear_refs", (int)s->pid);
    FILE *f = fopen(path, "w");
    if (!f) return;
    fputs("5", f);
    fclose(f);
}

static void check_peak(long idle_kb, const char *while_what) {
    long peak = service_status_kb(s, "VmHWM") - idle_kb;
    CHECK(idle_kb > 0 && (!HAS_LIMIT || peak < LIMIT_KB), "%s: %ld KB above idle, at most %d", while_what,
          peak, LIMIT_KB);
    forget_peak();
}

/* ---- files ---- */

/* 25 columns. change: the number of a row whose age is another one, 0 for none; bad: the age of every row is out of range. */
struct make {
    unsigned rows, change;
    bool bad;
    const char *month; /* of the quit dates; NULL: May, 2025-26-Q1 */
};
static struct buf file_of(struct make m) {
    static const char *const MIDDLE[] = {
        "1,A,08,N,,08,13,10,2,2025-",
        "2,CT,01,Y,N,07,10,12,1,2025-",
        "1,M,02,Y,,09,15,LB,3,",
    };
    static const char *const TAIL[] = {
        "-29,TELEPHONE,,S1,A1,N,N,4",
        "-29,FACE_TO_FACE,3,S2,A2,N,Y,5",
        ",,,S1,A3,N,N,",
    };
    const char *month = m.month ? m.month : "05";
    struct buf b = BUF_EMPTY;
    buf_reserve(&b, (size_t)m.rows * 110 + 400);
    buf_add_cstr(
        &b,
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,imdQuintile,sexualOrientation,seriousMentalIllness,"
        "gender,ethnicCategory,nssec,freePrescription,pregnant,interventionType,setting,aid,outcome4w,followUp4wDate,"
        "followUp4wMethod,co4wPpm,site,adviser,homeless,swapToStop,satisfaction\n");
    for (unsigned n = 1; n <= m.rows; n++) {
        buf_add_cstr(&b, m.month ? "L-" : "E-"); /* an episode belongs to one period */
        buf_add_uint(&b, 10000000 + n);
        buf_add_cstr(&b, ",C-");
        buf_add_uint(&b, 10000000 + 3 * n);
        buf_add_cstr(&b, ",E09000012,2025-");
        buf_add_cstr(&b, month);
        buf_add_cstr(&b, "-01,");
        buf_add_uint(&b, m.bad ? 130 + n % 800 : n == m.change ? 99 : 18 + n % 70);
        buf_add_char(&b, ',');
        buf_add_uint(&b, 1 + n % 5);
        buf_add_cstr(&b, ",1,N,");
        buf_add_cstr(&b, MIDDLE[n % 3]);
        if (n % 3 < 2) buf_add_cstr(&b, month);
        buf_add_cstr(&b, TAIL[n % 3]);
        buf_add_char(&b, '\n');
    }
    return b;
}

static struct answer put(const char *rest, const struct buf *file) {
    char path[128];
    snprintf(path, sizeof path, RETURNS "%s", rest);
    return service_put(s, s->homerton, path, "text/csv", buf_str(file));
}

static void check_number(const struct answer *a, const char *path, int64_t want) {
    const json_t *v = answer_at(a, path);
    CHECK(json_is_integer(v) && json_integer_value(v) == want, "%s is %s, expected %lld", path,
          answer_text(a, path), (long long)want);
}

/* ---- a million rows ---- */

static void stored_and_read(void) {
    struct buf file = file_of((struct make){.rows = MANY}),
               corrected = file_of((struct make){.rows = MANY, .change = MANY / 2});
    long idle = service_status_kb(s, "VmRSS");
    forget_peak();
    struct answer a = put("2025-26-Q1/episodes", &file);
    CHECK(a.status == 201, "%ld: %.*s", a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 300)));
    check_number(&a, "rows", MANY);
    check_number(&a, "created", MANY);
    check_number(&a, "bytes", (int64_t)file.n);
    CHECK(json_array_size(answer_at(&a, "kpis")) > 0, "the receipt tells what moved");
    check_peak(idle, "an upload, with the figures before and after");
    answer_free(&a);
    CHECK(sql_number("select count(*) from episode") == MANY &&
              sql_number("select sum(rows) from pack") == MANY,
          "every row is stored, and counted");

    /* Another day: nothing of it was counted before. */
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1?asAt=2026-01-15");
    CHECK(a.status == 200, "%ld", a.status);
    check_peak(idle, "a dashboard");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/completeness/city-and-hackney/2025-26-Q1?asAt=2026-01-15");
    CHECK(a.status == 200, "%ld", a.status);
    check_peak(idle, "completeness");
    answer_free(&a);

    a = put("2025-26-Q1/episodes?dryRun=true", &corrected);
    CHECK(a.status == 200, "%ld: %.*s", a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 300)));
    check_number(&a, "updated", 1);
    check_number(&a, "unchanged", MANY - 1);
    check_number(&a, "created", 0);
    check_number(&a, "removed", 0);
    check_peak(idle, "a correction, compared row by row");
    answer_free(&a);
    buf_free(&file);
    buf_free(&corrected);
}

static void an_error_in_each_row(void) {
    struct buf file = file_of((struct make){.rows = MANY, .bad = true});
    long idle = service_status_kb(s, "VmRSS");
    forget_peak();
    struct answer a = put("2025-26-Q1/episodes", &file);
    CHECK(a.status == 422, "%ld", a.status);
    check_number(&a, "rows", MANY);
    check_number(&a, "errorCount", MANY);
    CHECK(json_array_size(answer_at(&a, "errors")) == 1000, "the first thousand");
    CHECK(strcmp(answer_text(&a, "truncated"), "true") == 0, "and it says that there are more");
    for (int i = 0; i < 1000; i++) {
        char path[32];
        snprintf(path, sizeof path, "errors.%d.row", i);
        check_number(&a, path, i + 1);
    }
    check_peak(idle, "an error in each row");
    answer_free(&a);
    buf_free(&file);
}

/* ---- before the body ---- */

static uint16_t port(void) {
    uint64_t n = 0;
    str rest = str_of(s->url);
    for (int i = 0; i < 2; i++)
        str_cut(&rest, ':');
    return str_to_uint(rest, UINT16_MAX, &n) ? (uint16_t)n : 0;
}

static void add_head(struct buf *b, const char *path, const char *key, uint64_t length, bool expects) {
    buf_printf(b, "PUT %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", path);
    if (key) buf_printf(b, "Authorization: Bearer %s\r\n", key);
    buf_printf(b, "Content-Type: text/csv\r\nContent-Length: %llu\r\n%s\r\n", (unsigned long long)length,
               expects ? "Expect: 100-continue\r\n" : "");
}

static void refused_before_the_body(void) {
    const struct {
        const char *label, *path, *key;
        uint64_t length;
        int status;
    } CASES[] = {
        {"no key", RETURNS "2025-26-Q1/episodes", NULL, 5000, 401},
        {"a key that nobody has", RETURNS "2025-26-Q1/episodes", "qd_nobody", 5000, 401},
        {"no such address", RETURNS "2025-26-Q1/episodes/more", s->homerton, 5000, 404},
        {"no such part", RETURNS "2025-26-Q1/episode", s->homerton, 5000, 404},
        {"no such period", RETURNS "2025-26-Q5/episodes", s->homerton, 5000, 404},
        {"somebody else's return", "/v1/returns/city-and-hackney/pharmacies/2025-26-Q1/episodes", s->homerton,
         5000, 404},
        {"no role for it", RETURNS "2025-26-Q1/episodes", s->commissioner, 5000, 403},
        {"one byte more than the cap", RETURNS "2025-26-Q1/episodes", s->homerton,
         ((uint64_t)CAP_MIB << 20) + 1, 413},
        {"all is well, as far as can be seen", RETURNS "2025-26-Q1/episodes", s->homerton,
         (uint64_t)CAP_MIB << 20, 100},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf head = BUF_EMPTY;
        struct tls_answer a;
        add_head(&head, CASES[i].path, CASES[i].key, CASES[i].length, true);
        struct tls_client *c = tls_connect(port());
        CHECK(c && tls_send(c, head.p, head.n) && tls_receive(c, &a, PATIENCE_MS), "%s: an answer",
              CASES[i].label);
        if (c) {
            CHECK(a.status == CASES[i].status, "%s: %d, expected %d", CASES[i].label, a.status,
                  CASES[i].status);
            tls_answer_free(&a);
        }
        tls_close(c);
        buf_free(&head);
    }
}

/* ---- connections that end ---- */

/* Files without a name that the service has open. */
static int unnamed_files(void) {
    char path[64], to[256];
    int n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        char name[400];
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        ssize_t got = readlink(name, to, sizeof to);
        n += got > 0 && str_ends_with((str){to, (size_t)got}, STR(" (deleted)"));
    }
    if (d) closedir(d);
    return n;
}

static int files_once_settled(int want) {
    for (int64_t till = tls_now_ms() + PATIENCE_MS; unnamed_files() > want && tls_now_ms() < till;)
        nanosleep(&(struct timespec){0, 20000000}, NULL);
    return unnamed_files();
}

static void cut_at(const struct buf *request, size_t offset, bool politely) {
    struct tls_client *c = tls_connect(port());
    CHECK(c && tls_send(c, request->p, offset), "%zu bytes are sent", offset);
    if (!c) return;
    if (politely) tls_close(c);
    else tls_vanish(c);
}

static void check_no_trace(int files, const char *when) {
    CHECK(sql_number("select count(*) from version where period = 8101") == 0 &&
              sql_number("select count(*) from episode where period = 8101") == 0 &&
              sql_number("select count(*) from pack where period = 8101") == 0,
          "%s: nothing is stored", when);
    CHECK(files_once_settled(files) <= files, "%s: no file is left, %d are open", when, unnamed_files());
}

static void cut_at_any_byte(void) {
    struct buf file = file_of((struct make){.rows = 20000, .month = "07"}), request = BUF_EMPTY;
    add_head(&request, RETURNS "2025-26-Q2/episodes", s->homerton, file.n, false);
    size_t body = request.n;
    buf_add(&request, file.p, file.n);
    int files = unnamed_files();
    const size_t OFFSETS[] = {0,    1,        3,         4,     40,    body - 4, body - 1,
                              body, body + 1, body + 15, 16384, 16385, 65535};
    const size_t LATE[] = {65536, 65537, 131072, 1000000, request.n / 2, request.n - 16385};
    for (int politely = 0; politely < 2; politely++) {
        for (size_t i = 0; i < sizeof OFFSETS / sizeof *OFFSETS; i++)
            cut_at(&request, OFFSETS[i], politely);
        for (size_t i = 0; i < sizeof LATE / sizeof *LATE; i++)
            cut_at(&request, body + LATE[i], politely);
        for (size_t i = 1; i <= 4; i++)
            cut_at(&request, request.n - i, politely);
        check_no_trace(files, politely ? "closed" : "reset");
    }
    struct answer a = service_get(s, NULL, "/health/ready");
    CHECK(a.status == 200, "the service is well: %ld", a.status);
    answer_free(&a);
    a = put("2025-26-Q2/episodes", &file);
    CHECK(a.status == 201, "and takes the next upload: %ld %.*s", a.status,
          STR_ARG(str_sub(buf_str(&a.body), 0, 400)));
    check_number(&a, "version", 1);
    check_number(&a, "rows", 20000);
    answer_free(&a);
    buf_free(&file);
    buf_free(&request);
}

/* Whoever goes after the last byte did send it: it is stored, or not at all. */
static void gone_before_the_receipt(void) {
    struct buf file = file_of((struct make){.rows = 3000}), request = BUF_EMPTY;
    int64_t before = sql_number("select count(*) from version where period = 8100");
    int files = unnamed_files();
    add_head(&request, RETURNS "2025-26-Q1/episodes", s->homerton, file.n, false);
    buf_add(&request, file.p, file.n);
    cut_at(&request, request.n, false);
    CHECK(files_once_settled(files) <= files, "no file is left");
    struct answer a = put("2025-26-Q1/episodes", &file); /* waits for the other: the provider is locked */
    CHECK(a.status == 200 || a.status == 201, "%ld: %.*s", a.status,
          STR_ARG(str_sub(buf_str(&a.body), 0, 300)));
    check_number(&a, "rows", 3000);
    answer_free(&a);
    CHECK(sql_number("select count(*) from version where period = 8100") == before + 1, "it is there once");
    CHECK(sql_number("select count(*) from version v where rows <> (select count(*) from episode e where "
                     "(e.period, e.version) = (v.period, v.version))") == 0 &&
              sql_number(
                  "select count(*) from version v where rows <> (select coalesce(sum(rows), 0) from pack p "
                  "where (p.period, p.version) = (v.period, v.version))") == 0,
          "with all its rows");
    buf_free(&file);
    buf_free(&request);
}

void suite_http_large(void) {
    suite_add("http_large", begin, end);
    case_add("an error in each of a million rows", an_error_in_each_row);
    case_add("a million rows stored and read within the limit of memory", stored_and_read);
    case_add("what will be refused is refused before the body", refused_before_the_body);
    case_add("a connection that ends at any byte leaves no trace", cut_at_any_byte);
    case_add("gone before the receipt", gone_before_the_receipt);
}
