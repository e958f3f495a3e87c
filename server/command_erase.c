/* `quarterday erase` and `quarterday retention`: take people out of what is stored, one by the provider's reference, or all whose years are
 * over; figures stay. As the owner of the tables, since the service itself may change no row. docs/privacy.md. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/store.h"
#include "db/store_erasure_requests.h"
#include "handlers/app.h"
#include "returns/personal.h"
#include "server/command.h"
#include "server/version.h"

enum {
    FLAG_SERVICE,
    FLAG_PROVIDER,
    FLAG_REFERENCE,
    FLAG_REASON,
    FLAG_AGAIN,
    FLAG_ASKED,
    FLAG_EVERY,
    FLAG_AFTER,
    FLAG_ERASE_END
};
enum { FLAG_YEARS, FLAG_DRY_RUN, FLAG_RETENTION_END };
enum { REFERENCE_MOST = 64, YEARS_MOST = 50 };

static const char *given(const struct command *c, int flag) {
    return c->arguments.flags[flag].value;
}

struct erasing {
    struct store_erasure ask;
    str reason;
    bool dry;
    int64_t rows;
};

/* Nothing that was found leaves no line. */
static enum err run(struct db *db, void *context, struct fault *fault) {
    struct erasing *e = context;
    (void)fault;
    if (e->dry) return store_erasure_count(db, &e->ask, &e->rows);
    enum err err = store_erase(db, &e->ask, &e->rows);
    if (err == OK && e->rows) err = store_erasure_tell(db, &e->ask, e->reason, e->rows);
    return err;
}

/* ---- erase ---- */

/* In a file, so that it is in no list of processes and no history of a shell. */
static bool read_reference(const struct command *c, const char *path, char out[REFERENCE_MOST + 2]) {
    FILE *file = fopen(path, "re");
    if (!file) {
        command_say(c, "%s cannot be opened; is the path right?", path);
        return false;
    }
    size_t n = fread(out, 1, REFERENCE_MOST + 2, file);
    fclose(file);
    str text = str_trim((str){out, n});
    if (!text.n || text.n > REFERENCE_MOST) {
        command_say(c, "%s must hold one reference (a clientId) and nothing else", path);
        return false;
    }
    memmove(out, text.p, text.n);
    out[text.n] = '\0';
    return true;
}

/* A line to keep: what `erase --again` takes. */
static void say_done(const struct erasing *e) {
    char salt[2 * ERASURE_SALT_BYTES + 1], digest[SHA256_HEX];
    printf("{\"service\":\"%.*s\",\"provider\":\"%.*s\",\"rows\":%lld,\"salt\":\"%s\",\"digest\":\"%s\"}\n",
           STR_ARG(e->ask.service), STR_ARG(e->ask.provider), (long long)e->rows,
           hex_format(e->ask.mark.salt, sizeof e->ask.mark.salt, salt),
           hex_format(e->ask.mark.digest, sizeof e->ask.mark.digest, digest));
}

/* ---- again, on a database that was put back ---- */

static bool read_mark(const json_t *line, struct store_erasure *out) {
    const char *service = json_string_value(json_object_get(line, "service")),
               *provider = json_string_value(json_object_get(line, "provider")),
               *salt = json_string_value(json_object_get(line, "salt")),
               *digest = json_string_value(json_object_get(line, "digest"));
    if (!service || !provider || !salt || !digest) return false;
    out->service = str_of(service);
    out->provider = str_of(provider);
    return hex_parse(str_of(salt), out->mark.salt, sizeof out->mark.salt) &&
           hex_parse(str_of(digest), out->mark.digest, sizeof out->mark.digest);
}

static enum err find_and_run(struct db *db, void *context, struct fault *fault) {
    struct erasing *e = context;
    struct arena a = ARENA_EMPTY;
    e->rows = 0;
    enum err err =
        store_erasure_find(db, e->ask.service, e->ask.provider, &e->ask.mark, &a, &e->ask.reference);
    if (err == OK) err = run(db, e, fault);
    else if (err == ERR_NOT_FOUND) err = OK; /* it is gone */
    e->ask.reference = STR("");
    arena_free(&a);
    return err;
}

/* A log that takes both streams of `erase --asked` has its complaints, too. */
static bool is_complaint(const char *text) {
    str line = str_trim(str_of(text));
    return line.n == 0 || str_starts_with(line, STR("quarterday erase: "));
}

static enum err again_line(struct command *c, const char *text, int64_t number, int64_t *rows,
                           struct fault *fault) {
    json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    struct erasing e = {.reason = STR("again, after a restore")};
    enum err err =
        read_mark(line, &e.ask)
            ? OK
            : fail(fault, ERR_MALFORMED,
                   "Line %lld is none that 'quarterday erase' has printed. Those before it are done; put it "
                   "right, and give the file again",
                   (long long)number);
    if (err == OK) err = db_transaction(c->db, &(struct db_work){.run = find_and_run, .context = &e}, fault);
    *rows += err == OK ? e.rows : 0;
    json_decref(line);
    return err;
}

static int again(struct command *c, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file) {
        command_say(c, "%s cannot be opened; is the path right?", path);
        return EXIT_FAILED;
    }
    char *text = NULL;
    size_t room = 0;
    int64_t rows = 0, lines = 0, erasures = 0;
    struct fault fault = {.err = OK};
    enum err err = OK;
    bool connected = command_database(c, true);
    if (connected) db_act_for(c->db, DB_EVERYBODY);
    for (; connected && err == OK && getline(&text, &room, file) > 0;) {
        lines++;
        if (is_complaint(text)) continue;
        err = again_line(c, text, lines, &rows, &fault);
        erasures++;
    }
    free(text);
    fclose(file);
    if (!connected) return EXIT_MISUSED;
    if (err != OK) return command_failed(c, err, &fault);
    printf("{\"erasures\":%lld,\"rows\":%lld}\n", (long long)erasures, (long long)rows);
    return EXIT_DONE;
}

/* ---- what providers have asked for ---- */

struct asked {
    struct store_erasure_request request;
    struct erasing erasing;
    struct arena arena;
    bool done;
};

static enum err run_asked(struct db *db, void *context, struct fault *fault) {
    struct asked *a = context;
    a->done = false;
    enum err e = store_erasure_request_take(db, &a->arena, &a->request);
    if (e == ERR_NOT_FOUND) return OK; /* another process has it, or had */
    if (e != OK) return e;
    a->erasing = (struct erasing){.ask = {.service = a->request.service,
                                          .provider = a->request.provider,
                                          .reference = a->request.reference,
                                          .actor = a->request.key_id,
                                          .request = a->request.number},
                                  .reason = a->request.reason};
    erasure_mark_make(a->request.reference, &a->erasing.ask.mark);
    e = run(db, &a->erasing, fault);
    if (e == OK) e = store_erasure_request_settle(db, &a->request, a->erasing.rows);
    a->done = e == OK;
    return e;
}

static enum err all_asked(struct command *c, int64_t before, struct fault *fault) {
    struct arena list_arena = ARENA_EMPTY;
    struct store_erasure_request *list;
    size_t count = 0;
    enum err e = store_erasure_requests_list(c->db, before, &list_arena, &list, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct asked a = {.request = list[i], .arena = ARENA_EMPTY};
        e = db_transaction(c->db, &(struct db_work){.run = run_asked, .context = &a}, fault);
        if (e == OK && a.done) say_done(&a.erasing);
        arena_free(&a.arena);
    }
    fflush(stdout);
    arena_free(&list_arena);
    return e;
}

enum { EVERY_MOST = 86400, AFTER_MOST = 30 * 24 };
static const int64_t HOUR = INT64_C(3600000000);

/* With --every it goes on until it is told to end; that it ends in the middle does no harm, since each erasure is a transaction. */
static int erase_asked(struct command *c) {
    uint64_t every = 0, after = 0;
    const char *text = given(c, FLAG_EVERY), *hours = given(c, FLAG_AFTER);
    if (text && (!str_to_uint(str_of(text), EVERY_MOST, &every) || !every))
        return command_misused(c, "--every is a number of seconds, at most %d", EVERY_MOST);
    if (hours && !str_to_uint(str_of(hours), AFTER_MOST, &after))
        return command_misused(c, "--after-hours is a number of hours, at most %d", AFTER_MOST);
    if (!command_database(c, true)) return EXIT_MISUSED;
    db_act_for(c->db, DB_EVERYBODY);
    for (;;) {
        struct fault fault = {.err = OK};
        enum err e = all_asked(c, instant_now() - (int64_t)after * HOUR, &fault);
        if (e != OK) command_failed(c, e, &fault);
        if (!every) return e == OK ? EXIT_DONE : EXIT_FAILED;
        sleep((unsigned)every);
    }
}

static int erase(struct command *c) {
    if (given(c, FLAG_ASKED)) return erase_asked(c);
    if (given(c, FLAG_AGAIN)) return again(c, given(c, FLAG_AGAIN));
    static const char *const NEEDED[] = {"service", "provider", "reference-file", "reason"};
    for (int flag = 0; flag <= FLAG_REASON; flag++)
        if (!given(c, flag)) return command_misused(c, "--%s is missing", NEEDED[flag]);
    struct erasing e = {.reason = str_trim(str_of(given(c, FLAG_REASON)))};
    if (!e.reason.n || personal_find(e.reason))
        return command_misused(c, "--reason says why, and nothing about who it is");
    char reference[REFERENCE_MOST + 2];
    if (!read_reference(c, given(c, FLAG_REFERENCE), reference)) return EXIT_FAILED;
    if (!command_database(c, true)) return EXIT_MISUSED;
    e.ask = (struct store_erasure){.service = str_of(given(c, FLAG_SERVICE)),
                                   .provider = str_of(given(c, FLAG_PROVIDER)),
                                   .reference = str_of(reference)};
    erasure_mark_make(e.ask.reference, &e.ask.mark);
    struct fault fault = {.err = OK};
    db_act_for(c->db, DB_EVERYBODY);
    enum err err = db_transaction(c->db, &(struct db_work){.run = run, .context = &e}, &fault);
    if (err == ERR_NOT_FOUND) {
        command_say(c, "there is no such provider");
        return EXIT_FAILED;
    }
    if (err != OK) return command_failed(c, err, &fault);
    say_done(&e);
    if (!e.rows) command_say(c, "nothing is stored about this reference");
    return EXIT_DONE;
}

int command_erase(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_SERVICE] = {"service", "ID", "the service", NULL},
        [FLAG_PROVIDER] = {"provider", "ID", "the provider whose reference it is", NULL},
        [FLAG_REFERENCE] = {"reference-file", "FILE", "a file with the clientId", NULL},
        [FLAG_REASON] = {"reason", "TEXT", "why, for the audit; nothing about who it is", NULL},
        [FLAG_AGAIN] = {"again", "FILE",
                        "lines that this command has printed: erase those anew, after a restore", NULL},
        [FLAG_ASKED] = {"asked", NULL, "those whom providers have asked for (DELETE /v1/subjects/{service})",
                        NULL},
        [FLAG_EVERY] = {"every", "SECONDS", "with --asked: look again after so long, until it is ended",
                        NULL},
        [FLAG_AFTER] = {"after-hours", "N",
                        "with --asked: only what was asked for so long ago, so that somebody can look", NULL},
        [FLAG_ERASE_END] = {NULL, NULL, NULL, NULL}};
    struct command c = {
        .name = "erase",
        .usage =
            "erase --service ID --provider ID --reference-file FILE --reason TEXT --database CONNECTION, as the owner",
        .arguments = {.flags = flags}};
    int status;
    if (command_begin(&c, argc, argv, &status))
        status = c.arguments.word_count ? command_misused(&c, "what is '%s' for?", c.arguments.words[0])
                                        : erase(&c);
    command_end(&c);
    return status;
}

/* ---- retention ---- */

/* Each provider in a transaction of its own: what was done stays done, however it ends. */
static enum err retire_service(struct command *c, str service, struct erasing *e, int64_t *sum,
                               struct fault *fault) {
    struct arena a = ARENA_EMPTY;
    struct store_provider *providers;
    size_t count = 0;
    enum err err = store_providers_list(c->db, service, &a, &providers, &count);
    for (size_t i = 0; err == OK && i < count; i++) {
        e->ask.service = service;
        e->ask.provider = providers[i].id;
        err = db_transaction(c->db, &(struct db_work){.run = run, .context = e}, fault);
        *sum += err == OK ? e->rows : 0;
    }
    arena_free(&a);
    return err;
}

static int retention(struct command *c) {
    uint64_t years;
    const char *text = given(c, FLAG_YEARS);
    if (!text || !str_to_uint(str_of(text), YEARS_MOST, &years))
        return command_misused(
            c, "--keep-years is missing or no number: how many whole financial years are kept "
               "beside the current one (the profile of docs/privacy.md is 2)");
    if (!command_database(c, true)) return EXIT_MISUSED;
    struct app *app = app_new(c->settings.today, c->settings.spool_dir, quarterday_version());
    int year = period_year(period_of_day(app_today(app))) - (int)years;
    app_free(app);
    struct erasing e = {.ask = {.first_kept = period_of(year, 1)}, .dry = given(c, FLAG_DRY_RUN) != NULL};
    struct arena a = ARENA_EMPTY;
    struct store_service *services;
    size_t count = 0;
    int64_t rows = 0;
    char name[YEAR_TEXT];
    struct fault fault = {.err = OK};
    db_act_for(c->db, DB_EVERYBODY);
    enum err err = store_services_list(c->db, &a, &services, &count);
    for (size_t i = 0; err == OK && i < count; i++)
        err = retire_service(c, services[i].id, &e, &rows, &fault);
    arena_free(&a);
    if (err != OK) return command_failed(c, err, &fault);
    printf("{\"firstYearKept\":\"%s\",\"rows\":%lld,\"dryRun\":%s}\n", year_format(year, name),
           (long long)rows, e.dry ? "true" : "false");
    return EXIT_DONE;
}

int command_retention(int argc, char **argv) {
    struct flag flags[] = {[FLAG_YEARS] = {"keep-years", "N",
                                           "whole financial years that are kept beside the current one",
                                           NULL},
                           [FLAG_DRY_RUN] = {"dry-run", NULL, "only count the rows", NULL},
                           [FLAG_RETENTION_END] = {NULL, NULL, NULL, NULL}};
    struct command c = {
        .name = "retention",
        .usage = "retention --keep-years N [--dry-run] [--today DAY] --database CONNECTION, as the owner",
        .arguments = {.flags = flags}};
    int status;
    if (command_begin(&c, argc, argv, &status))
        status = c.arguments.word_count ? command_misused(&c, "what is '%s' for?", c.arguments.words[0])
                                        : retention(&c);
    command_end(&c);
    return status;
}
