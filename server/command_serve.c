/* `quarterday serve`: puts the rooms together: settings, database, keys, handlers, server; runs until SIGTERM or SIGINT; reads the
 * certificate again on SIGHUP. Signals are taken by this thread alone (sigwait), so that nothing runs inside a signal handler. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "db/freshness.h"
#include "db/store_audit.h"
#include "handlers/daily_work.h"
#include "handlers/event_streams.h"
#include "handlers/handlers.h"
#include "handlers/scope.h"
#include "handlers/service_state.h"
#include "handlers/stamps.h"
#include "server/commands.h"
#include "server/daily.h"
#include "server/keys.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/metrics_door.h"
#include "server/refusals.h"
#include "server/server.h"
#include "server/settings.h"
#include "server/spool.h"
#include "server/version.h"
#include "server/watch.h"
#include "server/webhooks.h"

struct service {
    struct settings settings;
    struct app *app;
    struct keys *keys;
    struct server *server;
    struct daily *calendar;
    struct webhooks *webhooks;
    struct refusals *refusals;
    struct metrics *metrics;
    struct metrics_door *metrics_door;
    struct watch *watch;
};

/* The server hands back one pointer to both; a process serves once. */
static struct service the_service;

static enum err authenticate(void *app, str credential, struct key_seen *seen, const struct address *from,
                             struct principal *out) {
    (void)app;
    return keys_authenticate(the_service.keys, credential, seen, from, out);
}

static bool know_keys(void) {
    return keys_refresh(the_service.keys);
}

static bool in_force(void *app, const struct principal *who) {
    (void)app;
    return keys_in_force(the_service.keys, who);
}

static void refused(void *app, const struct refusal *what) {
    (void)app;
    refusals_note(the_service.refusals, what);
}

/* What a request asks for is of one service, or of any. */
static bool reply_state(const struct request *r, struct reply_state *out) {
    struct db_scope scope = scope_of(r);
    str service = scope.every_service ? STR("*") : scope.service;
    *out = (struct reply_state){freshness_of(service), app_today(the_service.app)};
    return out->generation != 0;
}

static void *worker_begin(void *app, enum lane lane) {
    (void)app;
    struct worker *w = must_calloc(1, sizeof *w);
    w->db =
        db_new(the_service.settings.database, lane == LANE_WRITE ? "quarterday upload" : "quarterday read");
    db_spill_to(w->db, the_service.settings.spool_dir);
    return w;
}

static void worker_end(void *worker) {
    struct worker *w = worker;
    db_free(w->db);
    free(w);
}

/* Where the audit's chains end goes into the log once a day: kept outside the database, it shows what was cut off or written anew since
 * (`quarterday audit verify --heads`). */
static void log_audit_heads(struct db *db) {
    struct arena a = ARENA_EMPTY;
    struct store_audit_head *heads;
    size_t count;
    enum err e = store_audit_heads(db, &a, &heads, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        char line[24], hex[SHA256_HEX];
        if (heads[i].hash.n != SHA256_BYTES) continue;
        snprintf(line, sizeof line, "%lld", (long long)heads[i].seq);
        log_event(LOG_INFO, "audit-head", "stream", arena_cstr(&a, heads[i].stream), "line", line, "hash",
                  hex_format((const uint8_t *)heads[i].hash.p, heads[i].hash.n, hex), NULL);
    }
    arena_free(&a);
}

/* The calendar's work of a day. An instance that finds another one at it looks again: what that one has done is found done. */
static bool calendar_work(void *context, int32_t day) {
    (void)context;
    struct fault fault = {.err = OK};
    struct daily_work_done done;
    char text[DAY_TEXT], escalated[24];
    struct db *db = db_new(the_service.settings.database, "quarterday calendar");
    db_act_for(db, DB_EVERYBODY);
    enum err e = daily_work_run(the_service.app, db, day, &fault, &done);
    if (e != OK) {
        const char *reason = fault.detail[0] ? fault.detail : db_last_error(db);
        log_event(LOG_ERROR, "calendar-failed", "day", day_format(day, text), "reason", reason, NULL);
    } else if (!done.elsewhere) {
        snprintf(escalated, sizeof escalated, "%zu", done.escalated);
        log_event(LOG_INFO, "calendar-done", "day", day_format(day, text), "escalated", escalated, NULL);
        db_act_for(db, DB_EVERYBODY);
        log_audit_heads(db);
    }
    db_free(db);
    return e == OK && !done.elsewhere;
}

static struct webhooks *start_webhooks(void) {
    const struct settings *s = &the_service.settings;
    struct webhooks *w =
        webhooks_start(s->database, &(struct webhook_poster_how){.ca_file = s->webhook_ca,
                                                                 .allow_inside = s->webhook_private != 0,
                                                                 .answer_seconds = s->webhook_seconds});
    if (!w) log_event(LOG_ERROR, "webhooks-not-started", NULL, NULL);
    return w;
}

/* What nobody asks for, and only a process that may write can do. */
static void start_own_work(void) {
    the_service.calendar =
        daily_start(&(struct daily_how){.work = calendar_work, .fixed_day = the_service.settings.today});
    the_service.webhooks = start_webhooks();
}

static int complain(const struct fault *fault) {
    fprintf(stderr, "quarterday: %s\n", fault->detail);
    return EXIT_FAILED;
}

/* Large buffers go back to the system when they are freed, instead of raising glibc's threshold until the heap keeps them. */
static void return_large_buffers(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

/* Keys and client rows are in memory: no core file, no reading by other processes of the same user. */
static void harden_process(void) {
    prctl(PR_SET_DUMPABLE, 0);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
    setrlimit(RLIMIT_NOFILE, &files);
}

static enum err check_database(const struct settings *s, struct fault *fault) {
    if (!s->database[0])
        return fail(fault, ERR_BAD_REQUEST,
                    "--database is missing: a libpq connection string for the role quarterday_app, such as "
                    "\"host=/run/postgresql dbname=quarterday user=quarterday_app\".");
    struct db *db = db_new(s->database, "quarterday start");
    enum err e = s->replica_of[0] ? store_check_readable(db, fault) : store_check_ready(db, fault);
    if (e == OK) e = store_check_catalogue(db, fault);
    /* Said and not refused: a standby that has been promoted goes on answering reads. */
    if (e == OK && s->replica_of[0] && !store_is_standby(db))
        log_event(LOG_WARN, "replica-of-a-primary", "cure",
                  "this database is no standby: take replicaOf away, or set database to the standby", NULL);
    db_free(db);
    return e;
}

static enum err check_exposure(struct fault *fault) {
    if (settings_is_loopback(&the_service.settings) || !keys_have_sample(the_service.keys)) return OK;
    return fail(
        fault, ERR_BAD_REQUEST,
        "--listen %s can be reached from other machines, but keys of the sample data are in force. Revoke them "
        "(quarterday key list, quarterday key revoke ID) or listen on 127.0.0.1.",
        the_service.settings.listen);
}

static void write_metrics(void *context, struct buf *out) {
    (void)context;
    metrics_write(the_service.metrics,
                  &(struct metrics_now){quarterday_version(), server_under_way(the_service.server)}, out);
}

/* Said and not refused: the commit's date is what the committer's clock said, and a wrong one there must not keep a service down here. */
static void look_at_the_clock(void) {
    struct fault fault = {.err = OK};
    if (version_check_clock(instant_now(), quarterday_made_at(), &fault) != OK)
        log_event(LOG_WARN, "clock-behind", "words", fault.detail, NULL);
}

/* Nothing that is unsafe, but hardly what was meant: every client then looks as if it were the proxy. */
static void warn_of_proxy(const struct settings *s) {
    if (s->behind_proxy && !s->trusted_proxies.count)
        log_event(LOG_WARN, "proxy-not-trusted", "cure", "set trustedProxies to the proxy's addresses", NULL);
}

static enum err start(struct fault *fault) {
    const struct settings *s = &the_service.settings;
    warn_of_proxy(s);
    if (!s->cert[0] || !s->key[0])
        return fail(
            fault, ERR_BAD_REQUEST,
            "--cert and --key are missing: PEM files of a certificate and its private key. `make run` makes a self-signed one.");
    enum err e = check_database(s, fault);
    bool only_reads = s->replica_of[0];
    if (e == OK) e = (only_reads ? keys_open_reading : keys_open)(s->database, fault, &the_service.keys);
    if (e == OK) e = check_exposure(fault);
    if (e == OK) e = watch_start(s->database, only_reads, fault, &the_service.watch);
    if (e != OK) return e;
    look_at_the_clock();
    the_service.app = app_new(s->today, s->spool_dir, quarterday_version());
    the_service.app->know_keys = know_keys;
    the_service.app->takes_bodies = spool_check;
    the_service.app->replica_of = s->replica_of;
    the_service.app->most_waiting = s->read_workers > 1 ? s->read_workers / 2 : 1;
    the_service.app->states = s->reply_cache_mib ? service_states_new() : NULL;
    the_service.app->streams = event_streams_start(s->database, only_reads);
    if (!the_service.app->streams) log_event(LOG_ERROR, "streams-not-started", NULL, NULL);
    the_service.app->webhooks_inside = s->webhook_private != 0;
    the_service.metrics = metrics_new(ROUTES, ROUTE_COUNT);
    if (!only_reads) the_service.refusals = refusals_start(s->database, s->refusal_seconds);
    if (!only_reads && !the_service.refusals) log_event(LOG_ERROR, "refusals-not-started", NULL, NULL);
    struct server_settings how = {
        .listen = s->listen,
        .port = (uint16_t)s->port,
        .cert_file = s->cert,
        .key_file = s->key,
        .hosts = s->hosts,
        .spool_dir = s->spool_dir,
        .body_cap = (uint64_t)s->body_cap_mib << 20,
        .gzip_ratio = s->gzip_ratio,
        .io_threads = s->io_threads,
        .read_workers = s->read_workers,
        .write_workers = s->upload_workers,
        .connection_limit = s->connection_limit,
        .per_ip_limit = s->per_address_limit,
        .queue_limit = s->queue_limit,
        .header_seconds = s->header_seconds,
        .body_grace_seconds = s->body_grace_seconds,
        .body_min_rate = s->body_min_rate,
        .request_seconds = s->request_seconds,
        .idle_seconds = s->idle_seconds,
        .key_per_minute = s->key_per_minute,
        .key_uploads_per_minute = s->key_uploads_per_minute,
        .address_per_minute = s->address_per_minute,
        .failures_per_minute = s->failures_per_minute,
        .stream_limit = s->stream_limit,
        .streams_per_key = s->streams_per_key,
        .heartbeat_seconds = s->heartbeat_seconds,
        .routes = ROUTES,
        .route_count = ROUTE_COUNT,
        .metrics = the_service.metrics,
        .app = the_service.app,
        .authenticate = authenticate,
        .in_force = in_force,
        .trusted_proxies = s->trusted_proxies,
        .reads_forwarded = s->reads_forwarded,
        .behind_proxy = s->behind_proxy != 0,
        .before_body = target_check,
        .refused = refused,
        .kept_bytes = (size_t)s->reply_cache_mib << 20,
        .reply_state = reply_state,
        .before_handler = stamp_before,
        .after_handler = stamp_after,
        .worker_begin = worker_begin,
        .worker_end = worker_end,
    };
    e = server_start(&how, fault, &the_service.server);
    if (e != OK || !s->metrics_port) return e;
    return metrics_door_open((uint16_t)s->metrics_port, write_metrics, NULL, fault,
                             &the_service.metrics_door);
}

static void stop(void) {
    enum { GRACE_SECONDS = 20 };
    metrics_door_close(the_service.metrics_door);
    daily_stop(the_service.calendar);
    webhooks_stop(the_service.webhooks);
    if (the_service.server) server_stop(the_service.server, GRACE_SECONDS);
    if (the_service.app) {
        event_streams_stop(the_service.app->streams);
        app_free(the_service.app);
    }
    refusals_stop(the_service.refusals);
    if (the_service.watch) watch_stop(the_service.watch);
    if (the_service.keys) keys_close(the_service.keys);
    metrics_free(the_service.metrics);
    settings_free(&the_service.settings);
}

static void write_url(char *out, size_t n) {
    const char *listen = the_service.settings.listen;
    bool v6 = strchr(listen, ':') != NULL;
    snprintf(out, n, "https://%s%s%s:%u", v6 ? "[" : "", listen, v6 ? "]" : "",
             server_port(the_service.server));
}

/* Written whole or not at all: whoever waits for it never reads half. */
static bool write_ready_file(const char *path, const char *url) {
    if (!path[0]) return true;
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) return false;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool ok = dprintf(fd, "{\"url\":\"%s\",\"pid\":%d}\n", url, (int)getpid()) > 0;
    ok = close(fd) == 0 && ok;
    return ok && rename(temporary, path) == 0;
}

static void reload(void) {
    struct fault fault = {0};
    if (server_reload_certificate(the_service.server, &fault) == OK)
        log_event(LOG_INFO, "certificate-reloaded", "cert", the_service.settings.cert, NULL);
    else log_event(LOG_ERROR, "certificate-kept", "reason", fault.detail, NULL);
}

static void run_until_told(const sigset_t *signals) {
    for (int signal = 0; signal != SIGTERM && signal != SIGINT;) {
        if (sigwait(signals, &signal) != 0) continue;
        if (signal == SIGHUP) reload();
    }
}

int command_serve(int argc, char **argv) {
    struct fault fault = {0};
    struct arguments arguments = {0};
    if (settings_read(argc, argv, &arguments, &the_service.settings, &fault) != OK) {
        complain(&fault);
        return EXIT_MISUSED;
    }
    if (arguments.help) {
        struct buf text = BUF_EMPTY;
        settings_write_help(&text, NULL);
        printf(
            "Usage: quarterday serve [OPTION...]\n\nAnswers HTTPS requests until SIGTERM; SIGHUP reads the certificate again.\n\n%.*s",
            STR_ARG(buf_str(&text)));
        buf_free(&text);
        settings_free(&the_service.settings);
        return EXIT_DONE;
    }
    json_object_seed(0); /* before there are threads */
    log_set_level(the_service.settings.log_level);
    harden_process();
    return_large_buffers();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);

    int status = EXIT_DONE;
    if (start(&fault) != OK) {
        status = complain(&fault);
    } else {
        char url[300];
        write_url(url, sizeof url);
        if (write_ready_file(the_service.settings.ready_file, url)) {
            log_event(LOG_INFO, "started", "url", url, "version", quarterday_version(), NULL);
            sd_notifyf(0, "READY=1\nSTATUS=Answers at %s", url); /* nothing where no systemd asked for it */
            if (!the_service.settings.replica_of[0]) start_own_work();
            run_until_told(&signals);
            log_event(LOG_INFO, "stopping", "version", quarterday_version(), NULL);
            sd_notify(0, "STOPPING=1");
        } else {
            fail(&fault, ERR_UNAVAILABLE, "cannot write %s: %s", the_service.settings.ready_file,
                 strerror(errno));
            status = complain(&fault);
        }
    }
    stop();
    return status;
}
