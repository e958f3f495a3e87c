/* server_problem: the shape of problem documents, and log lines. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http.h"
#include "server/log.h"
#include "tests/support/suite.h"

static struct arena arena;

static int end(void) {
    arena_free(&arena);
    return 0;
}

static void writes_documents(void) {
    struct request r = {.arena = &arena, .path = STR("/v1/returns/a\"b"), .correlation = "abc"};
    struct reply p = {.etag = "\"v1\""};
    buf_add_cstr(&p.body, "left over");
    struct json j = problem_begin(&r, &p, ERR_PERIOD_LOCKED, STR("The period 2025-26-Q1 is locked"));
    json_field_int(&j, "errorCount", 3);
    json_end(&j);
    static const char EXPECTED[] =
        "{\"type\":\"/problems/period-locked\",\"title\":\"The period is locked\",\"status\":409,"
        "\"detail\":\"The period 2025-26-Q1 is locked\",\"instance\":\"/v1/returns/a\\\"b\","
        "\"code\":\"PERIOD_LOCKED\",\"correlationId\":\"abc\",\"errorCount\":3}";
    CHECK(str_is(buf_str(&p.body), EXPECTED), "%.*s", STR_ARG(buf_str(&p.body)));
    CHECK(p.status == 409 && strcmp(p.content_type, "application/problem+json") == 0 && !p.etag[0],
          "status, type, and no ETag");
    buf_free(&p.body);
    struct reply bare = {0};
    j = problem_begin(&r, &bare, ERR_CONFLICT, STR_NONE);
    json_end(&j);
    char *text = buf_take(&bare.body, NULL);
    CHECK(strstr(text, "\"detail\":\"The state of the resource"), "without words the title stands in");
    free(text);
}

/* What log_event() writes, caught in a file. */
static str caught(struct buf *out, void (*speak)(void)) {
    char path[] = "/tmp/quarterday-log-XXXXXX";
    int fd = mkstemp(path), keep = dup(STDERR_FILENO);
    unlink(path);
    dup2(fd, STDERR_FILENO);
    speak();
    dup2(keep, STDERR_FILENO);
    struct stat info;
    fstat(fd, &info);
    buf_reserve(out, (size_t)info.st_size + 1);
    ssize_t n = pread(fd, out->p, (size_t)info.st_size, 0);
    out->n = n > 0 ? (size_t)n : 0;
    close(fd);
    close(keep);
    return buf_str(out);
}

static void speak(void) {
    log_event(LOG_INFO, "request", "status", "200", "ms", "1.5", "zero", "007", "correlationId", "42",
              "nothing", NULL, "words", "a\"b\nc\x1b[31m\xe2\x80\xaeq\xc2\x85z\xff", NULL);
    log_event(LOG_DEBUG, "hidden", "a", "b", NULL);
}

static void writes_log_lines(void) {
    struct buf out = BUF_EMPTY;
    str line = caught(&out, speak);
    static const char TAIL[] =
        "\"level\":\"info\",\"event\":\"request\",\"status\":200,\"ms\":1.5,\"zero\":\"007\",\"correlationId\":\"42\","
        "\"nothing\":null,\"words\":\"a\\\"b\\nc\\u001b[31m\\u202eq\\u0085z\xef\xbf\xbd\"}\n";
    CHECK(str_starts_with(line, STR("{\"at\":\"20")) && str_ends_with(line, str_of(TAIL)), "%.*s",
          STR_ARG(line));
    CHECK(str_find(line, '\n') == line.n - 1, "one line, and nothing below the least level");
    buf_free(&out);
}

void suite_server_problem(void) {
    suite_add("server_problem", NULL, end);
    case_add("a problem document, member by member", writes_documents);
    case_add("a log line escapes what could deceive", writes_log_lines);
}
