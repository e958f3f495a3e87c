/* settings: the table, and the three places from which values come. Everything is first collected as text,
 * then each value is parsed once, so that a bad value is blamed on the place where it stands.
 *
 * Surprises: an empty environment variable counts as unset (compose files leave them so). Connection strings
 * and file names belong in the environment or the file where they hold a secret: flags can be read by every
 * user of the machine. */
#include "server/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "server/log.h"

extern char **environ;

enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_DAY,
    KIND_LEVEL,
    KIND_RANGES,
    KIND_PROXY_HEADER,
    KIND_ORIGIN,
    KIND_SCRIPT
};

struct setting {
    const char *name; /* in the file, and in the docs */
    const char *flag; /* --flag; QUARTERDAY_FLAG with _ for - is its environment variable */
    enum kind kind;
    size_t field; /* offset in struct settings */
    const char *fallback;
    uint32_t least, most; /* KIND_NUMBER */
    const char *meaning;
};

#define AT(field) offsetof(struct settings, field)

/* KIND_SCRIPT: read by tools/ and tests/ only; known here so that they are not called unknown. A '*' ends a
 * prefix. */
/* clang-format off */
static const struct setting TABLE[] = {
    {"addressPerMinute", "address-per-minute", KIND_NUMBER, AT(address_per_minute), "300", 0, 1000000, "requests a minute of one address to what needs no key; beyond it 429; 0: no limit"},
    {"behindProxy",      "behind-proxy",       KIND_NUMBER, AT(behind_proxy), "0", 0, 1, "1: a proxy stands in front (trustedProxies); every answer closes its connection, so that what a proxy took for one request is never answered as two"},
    {"bench*",           "bench-*",            KIND_SCRIPT, 0, "", 0, 0, "benchmarks"},
    {"binary",           "binary",             KIND_SCRIPT, 0, "", 0, 0, "make run: another program than the one just built"},
    {"bodyCapMiB",       "body-cap-mib",       KIND_NUMBER, AT(body_cap_mib), "256", 1, 4096, "largest body of an upload in MiB; beyond it 413"},
    {"bodyGraceSeconds", "body-grace-seconds", KIND_NUMBER, AT(body_grace_seconds), "10", 1, 3600, "time that a body has before bodyMinRate is asked of it"},
    {"bodyMinRate",      "body-min-rate",      KIND_NUMBER, AT(body_min_rate), "1000", 1, 1000000000, "bytes a second that a body must arrive with on average"},
    {"cert",             "cert",               KIND_TEXT,   AT(cert), "", 0, 0, "file of the certificate chain (PEM); needs key"},
    {"config",           "config",             KIND_TEXT,   AT(config), "", 0, 0, "file with settings: lines `name = value`, # begins a comment line"},
    {"connectionLimit",  "connection-limit",   KIND_NUMBER, AT(connection_limit), "3000", 2, 1000000, "open connections; at the limit those that have not sent a good header within two seconds make room, then newcomers wait in the kernel's queue"},
    {"crashAt",          "crash-at",           KIND_SCRIPT, 0, "", 0, 0, "test builds: the crash point at which to die"},
    {"database",         "database",           KIND_TEXT,   AT(database), "", 0, 0, "libpq connection string, as the role quarterday_app"},
    {"databaseOwner",    "database-owner",     KIND_TEXT,   AT(database_owner), "", 0, 0, "libpq connection string for migrate, as the role that owns the tables"},
    {"failuresPerMinute", "failures-per-minute", KIND_NUMBER, AT(failures_per_minute), "10", 0, 1000000, "requests a minute of one address without a valid key that are answered 401; beyond it 429; good keys are not held up; 0: no limit"},
    {"gzipRatio",        "gzip-ratio",         KIND_NUMBER, AT(gzip_ratio), "0", 0, 1000, "how many times larger an upload sent as gzip may become, within bodyCapMiB; 0: gzip is refused (415)"},
    {"headerSeconds",    "header-seconds",     KIND_NUMBER, AT(header_seconds), "10", 1, 3600, "time for the TLS handshake and the header of a request"},
    {"heartbeatSeconds", "heartbeat-seconds",  KIND_NUMBER, AT(heartbeat_seconds), "15", 1, 3600, "a stream of events on which nothing else came for so long gets a comment"},
    {"home",             "home",               KIND_TEXT,   AT(home), ".run", 0, 0, "folder of the private state"},
    {"hosts",            "hosts",              KIND_TEXT,   AT(hosts), "", 0, 0, "names and addresses that the Host header of a request may have, without port and with commas between; empty: any"},
    {"idleSeconds",      "idle-seconds",       KIND_NUMBER, AT(idle_seconds), "15", 1, 86400, "how long a connection may stay open between two requests"},
    {"ioThreads",        "io-threads",         KIND_NUMBER, AT(io_threads), "2", 1, 64, "threads that talk to clients"},
    {"key",              "key",                KIND_TEXT,   AT(key), "", 0, 0, "file of the certificate's private key (PEM); needs cert"},
    {"keyPerMinute",     "key-per-minute",     KIND_NUMBER, AT(key_per_minute), "300", 0, 1000000, "requests a minute of one key, uploads apart; beyond it 429; 0: no limit (make run on a loopback address)"},
    {"keyUploadsPerMinute", "key-uploads-per-minute", KIND_NUMBER, AT(key_uploads_per_minute), "30", 0, 1000000, "uploads a minute of one key, dry runs too; beyond it 429; 0: no limit (make run on a loopback address)"},
    {"listen",           "listen",             KIND_TEXT,   AT(listen), "127.0.0.1", 0, 0, "address to listen on: IPv4 or IPv6"},
    {"logLevel",         "log-level",          KIND_LEVEL,  AT(log_level), "info", 0, 0, "error, warn, info or debug"},
    {"metricsPort",      "metrics-port",       KIND_NUMBER, AT(metrics_port), "0", 0, 65535, "port on 127.0.0.1 for GET /metrics (HTTP, no key); 0: none"},
    {"passwordFile",     "password-file",      KIND_SCRIPT, 0, "", 0, 0, "docker: file with the database's password"},
    {"perAddressLimit",  "per-address-limit",  KIND_NUMBER, AT(per_address_limit), "256", 0, 1000000, "open connections from one address (IPv6: one network of 64 bits); those of trustedProxies count for the client of their request; 0: no limit (make run on a loopback address)"},
    {"port",             "port",               KIND_NUMBER, AT(port), "8443", 0, 65535, "HTTPS port; 0 takes a free one"},
    {"proxyHeader",      "proxy-header",       KIND_PROXY_HEADER, AT(reads_forwarded), "X-Forwarded-For", 0, 0, "header in which trustedProxies say from where a request comes; its last hop counts"},
    {"queueLimit",       "queue-limit",        KIND_NUMBER, AT(queue_limit), "64", 1, 100000, "requests that wait for a worker, for reads and uploads each; beyond it 503"},
    {"readWorkers",      "read-workers",       KIND_NUMBER, AT(read_workers), "4", 1, 64, "threads with a database connection that answer reads"},
    {"readyFile",        "ready-file",         KIND_TEXT,   AT(ready_file), "", 0, 0, "file to write when the service answers (url and pid, JSON)"},
    {"refusalSeconds",   "refusal-seconds",    KIND_NUMBER, AT(refusal_seconds), "600", 1, 86400, "what a key is refused again and again is one line of the audit in this time"},
    {"replicaOf",        "replica-of",         KIND_ORIGIN, AT(replica_of), "", 0, 0, "where the database is a standby: this process only reads, and says that changes go to this address"},
    {"replyCacheMiB",    "reply-cache-mib",    KIND_NUMBER, AT(reply_cache_mib), "32", 0, 65536, "memory for finished answers, in MiB; what was asked for longest ago goes first; 0: none is kept"},
    {"requestSeconds",   "request-seconds",    KIND_NUMBER, AT(request_seconds), "3600", 1, 86400, "longest time of one request, all in all"},
    {"runJson",          "run-json",           KIND_SCRIPT, 0, "", 0, 0, "scripts that talk to a running service: its run.json"},
    {"sample",           "sample",             KIND_SCRIPT, 0, "", 0, 0, "make run: demo or none"},
    {"spoolDir",         "spool-dir",          KIND_TEXT,   AT(spool_dir), "/var/tmp", 0, 0, "folder for the unnamed files of large bodies, on a disk"},
    {"streamLimit",      "stream-limit",       KIND_NUMBER, AT(stream_limit), "200", 1, 100000, "streams of events that are open at once; beyond it 503"},
    {"streamsPerKey",    "streams-per-key",    KIND_NUMBER, AT(streams_per_key), "8", 1, 100000, "of them, those of one key; beyond it 429"},
    {"test*",            "test-*",             KIND_SCRIPT, 0, "", 0, 0, "the test suites"},
    {"today",            "today",              KIND_DAY,    AT(today), "", 0, 0, "fixes today (YYYY-MM-DD) for every rule that asks for the date"},
    {"trustedProxies",   "trusted-proxies",    KIND_RANGES, AT(trusted_proxies), "", 0, 0, "addresses of the proxies in front whose proxyHeader is believed, with commas between; empty: nobody's is"},
    {"uploadWorkers",    "upload-workers",     KIND_NUMBER, AT(upload_workers), "2", 1, 64, "threads with a database connection that take returns in"},
    {"webhookCa",        "webhook-ca",         KIND_TEXT,   AT(webhook_ca), "", 0, 0, "file of certificates (PEM) that receivers of webhooks may have theirs from, beside the system's"},
    {"webhookPrivate",   "webhook-private",    KIND_NUMBER, AT(webhook_private), "0", 0, 1, "1: webhooks may go to private and loopback addresses, too"},
    {"webhookSeconds",   "webhook-seconds",    KIND_NUMBER, AT(webhook_seconds), "15", 1, 60, "time that a receiver of a webhook has to answer"},
};
/* clang-format on */
enum { COUNT = sizeof TABLE / sizeof TABLE[0], NAME_ROOM = 64 };

/* ---- names ---- */

/* "body-cap-mib" is QUARTERDAY_BODY_CAP_MIB. */
static char *environment_name(const struct setting *s, char out[NAME_ROOM]) {
    int n = snprintf(out, NAME_ROOM, "QUARTERDAY_%s", s->flag);
    for (int i = 0; i < n && i < NAME_ROOM; i++)
        out[i] = out[i] == '-' ? '_' : ascii_upper(out[i]);
    return out;
}

static bool name_fits(const char *pattern, str name) {
    str p = str_of(pattern);
    if (p.n && p.p[p.n - 1] == '*') return str_starts_with(name, str_sub(p, 0, p.n - 1));
    return str_eq(p, name);
}

enum place { IN_FLAGS, IN_ENVIRONMENT, IN_FILE };

static const char *name_at(const struct setting *s, enum place place, char room[NAME_ROOM]) {
    if (place == IN_ENVIRONMENT) return environment_name(s, room);
    return place == IN_FLAGS ? s->flag : s->name;
}

static int find(enum place place, str name) {
    char room[NAME_ROOM];
    for (int i = 0; i < COUNT; i++)
        if (name_fits(name_at(&TABLE[i], place, room), name) &&
            (place == IN_ENVIRONMENT || TABLE[i].kind != KIND_SCRIPT))
            return i;
    return -1;
}

/* own: also the flags of the command are near. */
static enum err refuse_unknown(enum place place, str name, const struct flag *own, struct fault *fault) {
    enum { OWN_MAX = 16 };
    static const char *const WHAT[] = {"flag --", "environment variable ", "setting "};
    char rooms[COUNT][NAME_ROOM];
    str names[COUNT + OWN_MAX];
    size_t n = 0;
    for (int i = 0; i < COUNT; i++)
        if (TABLE[i].kind != KIND_SCRIPT) names[n++] = str_of(name_at(&TABLE[i], place, rooms[i]));
    for (; own && own->name && n < COUNT + OWN_MAX; own++)
        names[n++] = str_of(own->name);
    str near = str_nearest(name, names, n);
    if (!near.p)
        return fail(fault, ERR_BAD_REQUEST, "there is no %s%.*s; see --help", WHAT[place], STR_ARG(name));
    return fail(fault, ERR_BAD_REQUEST, "there is no %s%.*s; did you mean %s%.*s?", WHAT[place],
                STR_ARG(name), place == IN_FLAGS ? "--" : "", STR_ARG(near));
}

/* ---- collecting ---- */

struct value {
    const char *text; /* NULL: not given */
    enum place place;
};

static enum err collect_environment(struct value values[COUNT], struct fault *fault) {
    static const str PREFIX = {"QUARTERDAY_", 11};
    for (char **e = environ; e && *e; e++) {
        str value = str_of(*e), name = str_cut(&value, '=');
        if (!str_starts_with(name, PREFIX)) continue;
        int i = find(IN_ENVIRONMENT, name);
        if (i < 0) return refuse_unknown(IN_ENVIRONMENT, name, NULL, fault);
        if (value.n) values[i] = (struct value){value.p, IN_ENVIRONMENT};
    }
    return OK;
}

static struct flag *own_flag(const struct arguments *a, str name) {
    for (struct flag *f = a->flags; f && f->name; f++)
        if (str_is(name, f->name)) return f;
    return NULL;
}

/* One flag; *at moves past the value when that is an argument of its own. */
static enum err collect_flag(int argc, char **argv, int *at, struct arguments *a, struct value values[COUNT],
                             struct fault *fault) {
    str rest = str_of(argv[*at] + 2), name = str_cut(&rest, '=');
    const char *value = rest.p;
    struct flag *own = own_flag(a, name);
    int i = own ? -1 : find(IN_FLAGS, name);
    if (!own && i < 0) return refuse_unknown(IN_FLAGS, name, a->flags, fault);
    bool wants_value = !own || own->wants;
    if (!wants_value && value) return fail(fault, ERR_BAD_REQUEST, "--%.*s takes no value", STR_ARG(name));
    if (wants_value && !value) {
        if (*at + 1 >= argc)
            return fail(fault, ERR_BAD_REQUEST, "--%.*s needs a value after it", STR_ARG(name));
        value = argv[++*at];
    }
    if (own) own->value = value ? value : "";
    else values[i] = (struct value){value, IN_FLAGS};
    return OK;
}

static enum err collect_arguments(int argc, char **argv, struct arguments *a, struct value values[COUNT],
                                  struct fault *fault) {
    bool only_words = false;
    for (int at = 1; at < argc; at++) {
        str word = str_of(argv[at]);
        if (!only_words && str_is(word, "--")) {
            only_words = true;
        } else if (!only_words && (str_is(word, "--help") || str_is(word, "-h"))) {
            a->help = true;
        } else if (!only_words && str_starts_with(word, STR("--"))) {
            enum err e = collect_flag(argc, argv, &at, a, values, fault);
            if (e != OK) return e;
        } else if (a->word_count == WORDS_MAX) {
            return fail(fault, ERR_BAD_REQUEST, "what is '%s' for? There are too many words", argv[at]);
        } else {
            a->words[a->word_count++] = argv[at];
        }
    }
    return OK;
}

/* ---- the file ---- */

enum { FILE_MOST = 64 * 1024 };

static enum err collect_line(str line, int number, const char *path, struct arena *arena,
                             struct value values[COUNT], struct fault *fault) {
    str rest = str_trim(line);
    if (rest.n == 0 || rest.p[0] == '#') return OK;
    bool has_equals = str_find(rest, '=') < rest.n;
    str name = str_trim(str_cut(&rest, '='));
    if (!has_equals) return fail(fault, ERR_BAD_REQUEST, "%s line %d: write name = value", path, number);
    int i = find(IN_FILE, name);
    if (i >= 0 && TABLE[i].field == AT(config))
        return fail(fault, ERR_BAD_REQUEST, "%s line %d: a settings file cannot name another one", path,
                    number);
    if (i < 0) {
        struct fault inner = {.err = OK};
        refuse_unknown(IN_FILE, name, NULL, &inner);
        return fail(fault, ERR_BAD_REQUEST, "%s line %d: %s", path, number, inner.detail);
    }
    values[i] = (struct value){arena_cstr(arena, str_trim(rest)), IN_FILE};
    return OK;
}

static enum err collect_file(const char *path, struct arena *arena, struct value values[COUNT],
                             struct fault *fault) {
    FILE *file = fopen(path, "re");
    if (!file) return fail(fault, ERR_BAD_REQUEST, "the settings file %s cannot be opened", path);
    char *text = arena_alloc(arena, FILE_MOST);
    size_t n = fread(text, 1, FILE_MOST, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || n == FILE_MOST)
        return fail(fault, ERR_BAD_REQUEST, "the settings file %s cannot be read, or is longer than 64 KiB",
                    path);
    str rest = {text, n};
    for (int number = 1; rest.n; number++) {
        enum err e = collect_line(str_cut(&rest, '\n'), number, path, arena, values, fault);
        if (e != OK) return e;
    }
    return OK;
}

/* ---- parsing ---- */

static bool parse_number(const struct setting *s, const char *text, void *field) {
    uint64_t n;
    if (!str_to_uint(str_of(text), s->most, &n) || n < s->least) return false;
    *(uint32_t *)field = (uint32_t)n;
    return true;
}

static bool parse_level(const char *text, uint32_t *out) {
    static const char *const LEVELS[] = {
        [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};
    for (uint32_t i = 0; i < 4; i++) {
        if (!str_is(str_of(text), LEVELS[i])) continue;
        *out = i;
        return true;
    }
    return false;
}

static bool parse_day(const char *text, int32_t *out) {
    *out = DAY_NONE;
    return !*text || day_parse_iso(str_of(text), out);
}

static bool parse_proxy_header(const char *text, bool *out_forwarded) {
    *out_forwarded = str_eq_nocase(str_of(text), STR("Forwarded"));
    return *out_forwarded || str_eq_nocase(str_of(text), STR("X-Forwarded-For"));
}

/* Clients are sent there by a sentence, so it must be something that they can call; "": none. */
static bool is_origin(str text) {
    static const str SCHEME = {"https://", 8};
    if (!text.n) return true;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] > '~' || text.p[i] == '"') return false;
    return str_starts_with(text, SCHEME) && text.n > SCHEME.n && text.p[SCHEME.n] != '/';
}

static bool parse(const struct setting *s, const char *text, struct settings *out) {
    void *field = (char *)out + s->field;
    switch (s->kind) {
    case KIND_TEXT:
    case KIND_ORIGIN:
        *(const char **)field = arena_cstr(&out->arena, str_of(text));
        return s->kind == KIND_TEXT || is_origin(str_of(text));
    case KIND_NUMBER: return parse_number(s, text, field);
    case KIND_DAY: return parse_day(text, field);
    case KIND_LEVEL: return parse_level(text, field);
    case KIND_RANGES: return address_ranges_parse(str_of(text), field, NULL) == OK;
    case KIND_PROXY_HEADER: return parse_proxy_header(text, field);
    case KIND_SCRIPT: return true;
    }
    return false;
}

static void say_allowed(const struct setting *s, char *out, size_t room) {
    if (s->kind == KIND_NUMBER) snprintf(out, room, "a whole number from %u to %u", s->least, s->most);
    else if (s->kind == KIND_DAY) snprintf(out, room, "a day like 2026-02-20");
    else if (s->kind == KIND_RANGES) snprintf(out, room, "addresses or ranges like 192.0.2.0/24");
    else if (s->kind == KIND_PROXY_HEADER) snprintf(out, room, "X-Forwarded-For or Forwarded");
    else if (s->kind == KIND_ORIGIN) snprintf(out, room, "an address like https://returns.example.org");
    else snprintf(out, room, "one of error, warn, info, debug");
}

static enum err parse_all(const struct value values[COUNT], struct settings *out, struct fault *fault) {
    char room[NAME_ROOM], allowed[64];
    for (int i = 0; i < COUNT; i++) {
        const struct setting *s = &TABLE[i];
        if (parse(s, values[i].text ? values[i].text : s->fallback, out)) continue;
        say_allowed(s, allowed, sizeof allowed);
        return fail(fault, ERR_BAD_REQUEST, "%s%s is '%s'; it must be %s",
                    values[i].place == IN_FLAGS ? "--" : "", name_at(s, values[i].place, room),
                    values[i].text, allowed);
    }
    if (!*out->cert != !*out->key)
        return fail(fault, ERR_BAD_REQUEST, "cert and key belong together: set both, or neither");
    return OK;
}

/* Later places overwrite earlier ones: file, environment, flags. The file's name comes from the other two. */
static enum err collect(int argc, char **argv, struct arguments *a, struct arena *arena,
                        struct value values[COUNT], struct fault *fault) {
    struct value environment[COUNT] = {0}, flags[COUNT] = {0};
    enum err e = collect_environment(environment, fault);
    if (e == OK) e = collect_arguments(argc, argv, a, flags, fault);
    if (e != OK || a->help) return e;
    int config = find(IN_FILE, STR("config"));
    const char *path = flags[config].text ? flags[config].text : environment[config].text;
    if (path && *path) e = collect_file(path, arena, values, fault);
    for (int i = 0; i < COUNT; i++) {
        if (environment[i].text) values[i] = environment[i];
        if (flags[i].text) values[i] = flags[i];
    }
    return e;
}

enum err settings_read(int argc, char **argv, struct arguments *arguments, struct settings *out,
                       struct fault *fault) {
    struct settings s = {.arena = ARENA_EMPTY};
    struct value values[COUNT] = {0};
    enum err e = collect(argc, argv, arguments, &s.arena, values, fault);
    if (e == OK) e = parse_all(values, &s, fault);
    if (e == OK) *out = s;
    else settings_free(&s);
    return e;
}

void settings_free(struct settings *s) {
    arena_free(&s->arena);
}

bool settings_is_loopback(const struct settings *s) {
    str a = str_of(s->listen);
    return str_starts_with(a, STR("127.")) || str_is(a, "::1") || str_is(a, "localhost");
}

/* ---- telling ---- */

void settings_write_help(struct buf *out, const struct flag *own) {
    char left[NAME_ROOM];
    for (; own && own->name; own++) {
        snprintf(left, sizeof left, "--%s %s", own->name, own->wants ? own->wants : "");
        buf_printf(out, "  %-28s %s\n", left, own->meaning);
    }
    buf_add_cstr(
        out,
        "\nSettings: --flag VALUE, or QUARTERDAY_FLAG in the environment, or `name = value` in the file of --config.\n");
    for (int i = 0; i < COUNT; i++) {
        const struct setting *s = &TABLE[i];
        if (s->kind == KIND_SCRIPT) continue;
        snprintf(left, sizeof left, "--%s", s->flag);
        buf_printf(out, "  %-28s %s%s%s%s\n", left, s->meaning, *s->fallback ? " (" : "", s->fallback,
                   *s->fallback ? ")" : "");
    }
}

void settings_write_docs(struct buf *out) {
    char room[NAME_ROOM], allowed[64];
    buf_add_cstr(
        out,
        "# Settings\n\nA flag wins over the environment, the environment over the file named by `config`, the file over the default.\n"
        "An unknown setting in any of them is an error. This page is written from the table in `server/settings.c`\n"
        "(`QUARTERDAY_TEST_REWRITE=1 make test SUITE=settings`).\n\n"
        "| name (file) | flag | environment | default | allowed | meaning |\n| --- | --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < COUNT; i++) {
        const struct setting *s = &TABLE[i];
        if (s->kind == KIND_SCRIPT) continue;
        if (s->kind == KIND_TEXT) snprintf(allowed, sizeof allowed, "text");
        else say_allowed(s, allowed, sizeof allowed);
        buf_printf(out, "| `%s` | `--%s` | `%s` | %s%s%s | %s | %s |\n", s->name, s->flag,
                   environment_name(s, room), *s->fallback ? "`" : "", s->fallback, *s->fallback ? "`" : "",
                   allowed, s->meaning);
    }
}
