/* What an operator watches: /health/ready, which also looks at the folder for large bodies, and GET /metrics on a loopback port of its
 * own: what was asked for is counted, nobody is named, and it answers to no other name. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char base[64], spool_dir[] = "/tmp/quarterday-watched-XXXXXX";

/* A port that is free now may be taken a moment later: then another is tried. */
static int begin(void) {
    char port[8];
    if (!mkdtemp(spool_dir)) return 1;
    for (unsigned i = 0; i < 20 && !s; i++) {
        snprintf(port, sizeof port, "%u", 20000 + ((unsigned)getpid() * 7 + i * 131) % 12000);
        s = service_start(
            &(struct service_options){.extra_flags = {"--metrics-port", port, "--spool-dir", spool_dir}});
    }
    snprintf(base, sizeof base, "http://127.0.0.1:%s", port);
    return s ? 0 : 1;
}
static int end(void) {
    rmdir(spool_dir);
    return s ? service_stop(s) : 1;
}

static struct answer ask(const char *method, const char *path, const char *header) {
    struct answer a =
        client_send(base, s->ca_file, &(struct ask){.method = method, .path = path, .headers = {header}});
    buf_add_char(&a.body, '\0');
    return a;
}

/* The number behind a line's name; -1: no such line. */
static double number(const struct answer *a, const char *name) {
    for (const char *at = strstr(a->body.p, name); at; at = strstr(at + 1, name))
        if (at > a->body.p && at[-1] == '\n' && at[strlen(name)] == ' ')
            return strtod(at + strlen(name), NULL);
    return -1;
}

#define ROOT "quarterday_requests_total{route=\"root.get\",status=\"200\"}"
#define UNKNOWN "quarterday_requests_total{route=\"none\",status=\"404\"}"
#define REFUSED "quarterday_requests_total{route=\"keys.list\",status=\"403\"}"

static void counted(void) {
    struct answer a = ask("GET", "/metrics", NULL);
    CHECK(a.status == 200 && strncmp(answer_header(&a, "content-type"), "text/plain; version=0.0.4", 25) == 0,
          "%ld %s", a.status, answer_header(&a, "content-type"));
    CHECK(number(&a, ROOT) <= 0, "nobody has asked yet");
    answer_free(&a);
    for (int i = 0; i < 5; i++) {
        a = service_get(s, NULL, "/v1");
        answer_free(&a);
        a = service_get(s, s->homerton, "/v1/keys");
        answer_free(&a);
    }
    a = service_get(s, NULL, "/v1/nothing");
    answer_free(&a);
    for (int i = 0; i < 1000; i++) { /* a request ends a moment after its answer was read */
        a = ask("GET", "/metrics", NULL);
        if (number(&a, ROOT) == 5 && number(&a, REFUSED) == 5 && number(&a, UNKNOWN) == 1) break;
        answer_free(&a);
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    CHECK(number(&a, ROOT) == 5 && number(&a, REFUSED) == 5 && number(&a, UNKNOWN) == 1, "%s", a.body.p);
    CHECK(number(&a, "quarterday_request_seconds_bucket{lane=\"inline\",le=\"+Inf\"}") ==
              number(&a, "quarterday_request_seconds_count{lane=\"inline\"}"),
          "the last bucket holds all");
    CHECK(number(&a, "quarterday_resident_bytes") > 1e6 &&
              number(&a, "quarterday_start_time_seconds") > 1.7e9,
          "the process");
    CHECK(number(&a, "quarterday_sent_bytes_total") > 0, "bytes");
    CHECK(!strstr(a.body.p, "homerton") && !strstr(a.body.p, "city-and-hackney"), "nobody is named: %s",
          a.body.p);
    answer_free(&a);
}

/* Each line is a comment or a name, perhaps labels, and a number. */
static void well_formed(void) {
    struct answer a = ask("GET", "/metrics", NULL);
    str rest = str_of(a.body.p);
    size_t lines = 0;
    for (str line = str_cut(&rest, '\n'); line.n; line = str_cut(&rest, '\n'), lines++) {
        if (line.p[0] == '#') continue;
        size_t space = line.n;
        while (space && line.p[space - 1] != ' ')
            space--;
        char *stop;
        strtod(line.p + space, &stop);
        CHECK(space > 1 && stop == line.p + line.n && strncmp(line.p, "quarterday_", 11) == 0, "%.*s",
              STR_ARG(line));
    }
    CHECK(lines > 50, "%zu lines", lines);
    answer_free(&a);
}

static void nothing_else(void) {
    static const struct {
        const char *method, *path, *header;
        long status;
    } CASES[] = {{"GET", "/", NULL, 404},
                 {"GET", "/metrics/", NULL, 404},
                 {"GET", "/v1", NULL, 404},
                 {"POST", "/metrics", NULL, 405},
                 {"DELETE", "/metrics", NULL, 405},
                 {"GET", "/metrics", "Host: quarterday.example.org", 403},
                 {"GET", "/metrics", "Host: localhost", 200}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = ask(CASES[i].method, CASES[i].path, CASES[i].header);
        CHECK(a.status == CASES[i].status, "%s %s: %ld, not %ld", CASES[i].method, CASES[i].path, a.status,
              CASES[i].status);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->admin, "/metrics");
    CHECK(a.status == 404, "nor is it where everybody is: %ld", a.status);
    answer_free(&a);
}

static int connection(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    there.sin_port = htons((uint16_t)atoi(strrchr(base, ':') + 1));
    CHECK(connect(fd, (struct sockaddr *)&there, sizeof there) == 0, "a connection");
    return fd;
}

/* Who sends nothing, rubbish or too much holds nobody up for long, and gets nothing. */
static void rubbish(void) {
    struct buf large = BUF_EMPTY;
    for (int i = 0; i < 3000; i++)
        buf_add_cstr(&large, "X: 1\r\n");
    const str SENT[] = {STR(""),
                        STR("\r\n\r\n"),
                        STR("GET /metrics HTTP/1.1\r\n\r\n"),
                        STR("GET\r\n\r\n"),
                        {"\0\0\0\0\r\n\r\n", 8},
                        buf_str(&large),
                        STR("GET /metrics HTTP/1.1\r\nHost: x")};
    for (size_t i = 0; i < sizeof SENT / sizeof *SENT; i++) {
        int fd = connection();
        char got[200] = "";
        if (SENT[i].n) send(fd, SENT[i].p, SENT[i].n, MSG_NOSIGNAL);
        shutdown(fd, SHUT_WR);
        ssize_t n = recv(fd, got, sizeof got - 1, 0);
        CHECK(n <= 0 || strncmp(got, "HTTP/1.1 40", 11) == 0, "%zu: %.60s", i, got);
        close(fd);
    }
    int idle = connection();
    struct answer a = ask("GET", "/metrics", NULL);
    CHECK(a.status == 200, "after one who says nothing: %ld", a.status);
    answer_free(&a);
    close(idle);
    buf_free(&large);
}

static long readiness(void) {
    struct answer a = service_get(s, NULL, "/health/ready");
    long status = a.status;
    answer_free(&a);
    return status;
}

/* Small returns need no folder, so nothing else would tell before the first large one is refused. */
static void without_spool(void) {
    CHECK(readiness() == 200, "with its folder");
    CHECK(rmdir(spool_dir) == 0, "nothing lies in it");
    CHECK(readiness() == 503, "without its folder");
    CHECK(mkdir(spool_dir, 0700) == 0 && readiness() == 200, "with it again, without a restart");
}

void suite_http_metrics(void) {
    suite_add("http_metrics", begin, end);
    case_add("what ended is counted, by route and status, and nobody is named", counted);
    case_add("each line is what a collector reads", well_formed);
    case_add("rubbish gets nothing and holds nobody up", rubbish);
    case_add("a folder for large bodies that is gone is seen by /health/ready", without_spool);
    case_add("it answers nothing else, and to no name of another machine", nothing_else);
}
