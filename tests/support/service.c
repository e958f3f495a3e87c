#include "tests/support/service.h"

#include <dirent.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/support/database.h"
#include "tests/support/patience.h"
#include "tests/support/suite.h"

static const char *binary(void) {
    const char *path = getenv("QUARTERDAY_TEST_BINARY");
    return path ? path : "build/quarterday";
}

static void nap_ms(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

int service_command(const char *const argv[], struct buf *out) {
    const char *args[32] = {binary()};
    size_t n = 1;
    for (; argv[n - 1] && n < 31; n++)
        args[n] = argv[n - 1];
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDOUT_FILENO);
        execv(args[0], (char *const *)(void *)args);
        _exit(127);
    }
    close(fds[1]);
    char piece[4096];
    ssize_t got;
    while ((got = read(fds[0], piece, sizeof piece)) > 0)
        if (out) buf_add(out, piece, (size_t)got);
    close(fds[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool issue_key(const struct service *s, const char *role, const char *service, const char *provider,
                      char *out) {
    const char *argv[16] = {"key", "issue", "--database", s->owner, "--role", role};
    size_t n = 6;
    if (service) {
        argv[n++] = "--service";
        argv[n++] = service;
    }
    if (provider) {
        argv[n++] = "--provider";
        argv[n++] = provider;
    }
    struct buf text = BUF_EMPTY;
    int status = service_command(argv, &text);
    str key = str_trim(buf_str(&text));
    snprintf(out, 128, "%.*s", STR_ARG(key));
    buf_free(&text);
    return status == 0 && out[0];
}

/* One certificate serves every suite of a run: making one takes a moment. */
static char tls_dir[64];

static void remove_certificate(void) {
    static const char *const FILES[] = {"key.pem", "cert.pem", "template", "log"};
    char path[96];
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", tls_dir, FILES[i]);
        unlink(path);
    }
    rmdir(tls_dir);
}

static bool certificate(char *dir_out, size_t n) {
    char *dir = tls_dir;
    if (!dir[0]) {
        snprintf(dir, sizeof tls_dir, "/tmp/qd-test-tls-XXXXXX");
        if (!mkdtemp(dir)) return false;
        atexit(remove_certificate);
        char script[1200];
        snprintf(
            script, sizeof script,
            "umask 077; certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 --outfile %s/key.pem 2>%s/log && "
            "printf 'cn = localhost\\ndns_name = localhost\\nip_address = 127.0.0.1\\nca\\nsigning_key\\ncert_signing_key\\ntls_www_server\\n"
            "expiration_days = 30\\n' >%s/template && certtool --generate-self-signed --load-privkey %s/key.pem --template %s/template "
            "--outfile %s/cert.pem 2>>%s/log",
            dir, dir, dir, dir, dir, dir, dir);
        pid_t pid = fork();
        if (pid == 0) {
            execl("/bin/sh", "sh", "-c", script, (char *)NULL);
            _exit(127);
        }
        int status = 0;
        waitpid(pid, &status, 0);
        if (status != 0) return false;
    }
    snprintf(dir_out, n, "%s", dir);
    return true;
}

static pid_t launch(const struct service *s, const struct service_options *o, const char *tls) {
    char cert[96], key[96], ready[160];
    snprintf(cert, sizeof cert, "%s/cert.pem", tls);
    snprintf(key, sizeof key, "%s/key.pem", tls);
    snprintf(ready, sizeof ready, "%s/ready.json", s->home);
    unlink(ready);
    const char *argv[48] = {binary(), "serve", "--home",     s->home, "--port",       "0",  "--cert", cert,
                            "--key",  key,     "--database", s->app,  "--ready-file", ready};
    size_t n = 14;
    if (!o || !o->clock_is_believed) {
        argv[n++] = "--today";
        argv[n++] = o && o->today ? o->today : "2026-02-20";
    }
    static const char *const UNLIMITED[] = {"--key-per-minute", "--key-uploads-per-minute",
                                            "--address-per-minute", "--failures-per-minute"};
    for (size_t i = 0; i < sizeof UNLIMITED / sizeof *UNLIMITED; i++) {
        argv[n++] = UNLIMITED[i];
        argv[n++] = "0";
    }
    if (o && o->trusts_receiver) {
        const char *const flags[] = {"--webhook-private", "1", "--webhook-ca", cert};
        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
            argv[n++] = flags[i];
    }
    if (o && o->commands_beside) {
        argv[n++] = "--reply-cache-mib";
        argv[n++] = "0";
    }
    for (size_t i = 0; o && i < 8 && o->extra_flags[i]; i++)
        argv[n++] = o->extra_flags[i];
    pid_t pid = fork();
    if (pid != 0) return pid;
    int log = open(s->log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log >= 0) {
        dup2(log, STDERR_FILENO);
        dup2(log, STDOUT_FILENO);
    }
    for (size_t i = 0; o && i < 4 && o->environment[i]; i++)
        putenv((char *)(uintptr_t)o->environment[i]);
    execv(argv[0], (char *const *)(void *)argv);
    _exit(127);
}

static bool wait_ready(struct service *s) {
    char ready[160];
    snprintf(ready, sizeof ready, "%s/ready.json", s->home);
    for (long tries = 0; tries < patiently(24000); tries++) {
        json_t *j = json_load_file(ready, 0, NULL);
        const char *url = json_string_value(json_object_get(j, "url"));
        if (url) snprintf(s->url, sizeof s->url, "%s", url);
        json_decref(j);
        if (url) return true;
        int status;
        if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
            fprintf(stderr, "service: ended before it was ready (status %d); see %s\n", status, s->log_file);
            s->pid = 0;
            s->ended = status;
            return false;
        }
        nap_ms(5);
    }
    return false;
}

static bool start(struct service *s, const struct service_options *o) {
    char tls[64];
    if (!certificate(tls, sizeof tls)) return false;
    snprintf(s->ca_file, sizeof s->ca_file, "%s/cert.pem", tls);
    s->pid = launch(s, o, tls);
    return s->pid > 0 && wait_ready(s);
}

static bool make_home(struct service *s) {
    snprintf(s->home, sizeof s->home, "/tmp/qd-test-home-XXXXXX");
    if (!mkdtemp(s->home)) return false;
    snprintf(s->log_file, sizeof s->log_file, "%s/log", s->home);
    return true;
}

struct service *service_join(const struct service *first, const struct service_options *options) {
    struct service *s = must_calloc(1, sizeof *s);
    *s = *first;
    s->joined = true;
    if (options && options->database) snprintf(s->app, sizeof s->app, "%s", options->database);
    if (make_home(s) && start(s, options)) return s;
    fprintf(stderr, "service: cannot join; home %s\n", s->home);
    free(s);
    return NULL;
}

static int lines_with(const struct service *s, const char *text) {
    FILE *f = fopen(s->log_file, "r");
    char line[4096];
    int n = 0;
    while (f && fgets(line, sizeof line, f))
        n += strstr(line, text) != NULL;
    if (f) fclose(f);
    return n;
}

/* Lines may wait in the service (server/log.h); that of a request which no memory answers takes them along. */
int service_log_lines(const struct service *s, const char *text) {
    static unsigned asked;
    char header[60], id[40];
    snprintf(header, sizeof header, "X-Correlation-ID: lines-%u", ++asked);
    snprintf(id, sizeof id, "\"lines-%u\"", asked);
    struct answer a = service_ask(s, &(struct ask){.path = "/health/live", .headers = {header}});
    for (long i = 0; a.status && i < patiently(6000) && !lines_with(s, id); i++)
        nap_ms(10);
    answer_free(&a);
    return lines_with(s, text);
}

struct service *service_start(const struct service_options *options) {
    struct service *s = must_calloc(1, sizeof *s);
    if (!make_home(s)) return NULL;
    const char *load[] = {"framework",  "load",   "frameworks/city-and-hackney.json",
                          "--database", s->owner, NULL};
    const char *cah = "city-and-hackney";
    if (!database_make(s->owner, sizeof s->owner, s->app, sizeof s->app) ||
        service_command(load, NULL) != 0 || !issue_key(s, "admin", NULL, NULL, s->admin) ||
        !issue_key(s, "commissioner", cah, NULL, s->commissioner) ||
        !issue_key(s, "checker", NULL, NULL, s->checker) ||
        !issue_key(s, "provider", cah, "homerton", s->homerton) ||
        !issue_key(s, "provider", cah, "pharmacies", s->pharmacies) || !start(s, options)) {
        fprintf(stderr, "service: cannot start; home %s\n", s->home);
        free(s);
        return NULL;
    }
    return s;
}

bool service_restart(struct service *s, const struct service_options *options) {
    return start(s, options);
}

void service_kill(struct service *s) {
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    s->pid = 0;
}

pid_t service_kill_after(const struct service *s, unsigned micros) {
    pid_t child = fork();
    if (child != 0) return child;
    nanosleep(&(struct timespec){micros / 1000000, micros % 1000000 * 1000L}, NULL);
    kill(s->pid, SIGKILL);
    _exit(0);
}

/* What sanitizers found is in the log: shown, and a failure. */
static bool log_is_clean(const struct service *s) {
    static const char *const BAD[] = {"AddressSanitizer", "runtime error:", "ThreadSanitizer",
                                      "LeakSanitizer"};
    FILE *f = fopen(s->log_file, "r");
    if (!f) return true;
    char line[4096];
    int shown = 0;
    while (fgets(line, sizeof line, f)) {
        for (size_t i = 0; i < sizeof BAD / sizeof *BAD && !shown; i++)
            if (strstr(line, BAD[i])) shown = 1;
        if (shown && shown++ < 60) fputs(line, stderr);
    }
    fclose(f);
    return !shown;
}

int service_stop(struct service *s) {
    int status = -1;
    if (s->pid > 0) {
        kill(s->pid, SIGTERM);
        waitpid(s->pid, &status, 0);
    }
    bool clean = log_is_clean(s);
    int result = WIFEXITED(status) && WEXITSTATUS(status) == 0 && clean ? 0 : 1;
    if (result)
        fprintf(stderr, "service: ended with status %d%s; log %s\n", status,
                clean ? "" : " and a sanitizer's report", s->log_file);
    if (!s->joined) database_drop(s->owner);
    if (!result) {
        unlink(s->log_file);
        char ready[160];
        snprintf(ready, sizeof ready, "%s/ready.json", s->home);
        unlink(ready);
        rmdir(s->home);
    }
    free(s);
    return result;
}

struct answer service_ask(const struct service *s, const struct ask *ask) {
    return client_send(s->url, s->ca_file, ask);
}

struct answer service_get(const struct service *s, const char *key, const char *path) {
    return service_ask(s, &(struct ask){.path = path, .key = key});
}

struct answer service_put(const struct service *s, const char *key, const char *path, const char *type,
                          str body) {
    return service_ask(
        s, &(struct ask){
               .method = "PUT", .path = path, .key = key, .type = type, .body = body.p ? body : STR("")});
}

struct answer service_send(const struct service *s, const char *method, const char *key, const char *path,
                           const char *match, const char *body) {
    char header[80];
    snprintf(header, sizeof header, "If-Match: %s", match ? match : "");
    return service_ask(s, &(struct ask){.method = method,
                                        .path = path,
                                        .key = key,
                                        .type = "application/json",
                                        .body = str_of(body),
                                        .headers = {match ? header : NULL}});
}

long service_status_kb(const struct service *s, const char *name) {
    char path[64], line[256];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        uint64_t n;
        str rest = str_of(line), word = str_cut(&rest, ':'), number = str_trim(rest);
        if (str_is(word, name) && str_to_uint(str_cut(&number, ' '), 1u << 30, &n)) kb = (long)n;
    }
    if (f) fclose(f);
    return kb;
}

unsigned service_open_files(const struct service *s) {
    char path[40];
    unsigned n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        n++;
    if (dir) closedir(dir);
    return n;
}

const char *service_sql(const struct service *s, const char *query) {
    static char out[4096];
    PGconn *c = PQconnectdb(s->owner);
    PQclear(PQexec(c, "SET search_path = quarterday"));
    PQclear(PQexec(c, "SET quarterday.service = '*'"));
    PQclear(PQexec(c, "SET quarterday.provider = '*'"));
    PGresult *r = PQexec(c, query);
    if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) > 0)
        snprintf(out, sizeof out, "%s", PQgetvalue(r, 0, 0));
    else snprintf(out, sizeof out, "(%s)", PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
    return out;
}
