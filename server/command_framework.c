/* `quarterday framework load FILE`: checks a framework file and stores it as the newest version, with its
 * service and providers. The same file again changes nothing. `framework check FILE` only checks, without a
 * database; `framework schema` prints the JSON Schema of the file. */
#include <stdio.h>
#include <stdlib.h>

#include "handlers/app.h"
#include "handlers/framework_cache.h"
#include "handlers/framework_effect.h"
#include "kpi/config.h"
#include "kpi/framework.h"
#include "kpi/schema.h"
#include "server/command.h"
#include "server/version.h"

enum { FILE_MOST = 8 << 20 };

static bool read_file(const struct command *c, const char *path, struct buf *out) {
    FILE *file = fopen(path, "re");
    if (!file) {
        command_say(c, "%s cannot be opened; is the path right?", path);
        return false;
    }
    size_t n;
    do {
        buf_reserve(out, 65536);
        n = fread(out->p + out->n, 1, 65536, file);
        out->n += n;
    } while (n > 0 && out->n <= FILE_MOST);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || out->n > FILE_MOST) command_say(c, "%s cannot be read, or is longer than 8 MiB", path);
    return !failed && out->n <= FILE_MOST;
}

struct load {
    struct app *app;
    const struct framework *framework;
    str body;
    int16_t from; /* the first quarter that it rates; 0: from the beginning */
    int version;
    bool changed;
};

/* The first version rates from the beginning, a later one what is not locked; the one in force again stays what it is. */
static enum err find_effect(struct load *l, struct db *db, struct fault *fault) {
    struct arena a = ARENA_EMPTY;
    struct store_service service;
    struct frameworks_in_force in_force;
    str body = STR_NONE;
    enum err e = store_service_get(db, str_of(l->framework->service), INSTANT_NONE, &a, &service);
    if (e == OK) e = store_framework_get(db, str_of(l->framework->id), service.framework_version, &a, &body);
    bool new = e == ERR_NOT_FOUND;
    bool same = e == OK && str_eq(body, l->body);
    if (e == OK && !same) e = framework_cache_all(l->app->frameworks, db, &service, &a, fault, &in_force);
    if (e == OK && !same)
        e = framework_effect_load(db, service.id, &in_force, l->framework, app_today(l->app), fault,
                                  &l->from);
    arena_free(&a);
    return new ? OK : e;
}

/* Providers are put each time: names and groups may have been changed since by other means. */
static enum err load_run(struct db *db, void *context, struct fault *fault) {
    struct load *l = context;
    const struct framework *f = l->framework;
    str service = str_of(f->service);
    enum err e = store_framework_lock(db, str_of(f->id));
    if (e == OK) e = find_effect(l, db, fault);
    if (e == OK)
        e = store_framework_put(db, str_of(f->id), service, str_of(f->title), l->body, l->from,
                                STR("operator"), &l->version, &l->changed);
    for (size_t i = 0; e == OK && i < f->provider_count; i++) {
        const struct framework_provider *p = &f->providers[i];
        e = store_provider_put(db, service, str_of(p->id), str_of(p->name), str_of(p->group),
                               STR("operator"));
    }
    return e;
}

/* Everything that is put is put in the same way again. */
static enum err load_settle(struct db *db, void *context, struct fault *fault) {
    (void)db;
    (void)context;
    (void)fault;
    return ERR_NOT_FOUND;
}

static void warn(struct command *c, const struct framework *f) {
    for (const struct config_warning *w = f->warnings; w; w = w->next)
        command_say(c, "warning: %s: %s", w->pointer, w->detail);
}

static int store(struct command *c, const struct framework *f, str body) {
    struct load l = {.app = app_new(c->settings.today, c->settings.spool_dir, quarterday_version()),
                     .framework = f,
                     .body = body};
    warn(c, f);
    struct fault fault = {.err = OK};
    enum err e = db_transaction(
        c->db, &(struct db_work){.run = load_run, .settle = load_settle, .context = &l}, &fault);
    app_free(l.app);
    if (e != OK) return command_failed(c, e, &fault);
    char from[PERIOD_TEXT + 8] = "", text[PERIOD_TEXT];
    if (l.changed && l.from) snprintf(from, sizeof from, " from %s", period_format(l.from, text));
    command_say(c, "%s: version %d %s%s, service %s, %zu providers", f->id, l.version,
                l.changed ? "stored" : "is in force already", from, f->service, f->provider_count);
    return EXIT_DONE;
}

static int load(struct command *c, const char *path) {
    struct buf body = BUF_EMPTY;
    struct framework *f = NULL;
    struct fault fault = {.err = OK};
    int status = EXIT_FAILED;
    if (read_file(c, path, &body)) {
        if (framework_parse(buf_str(&body), 0, &fault, &f) == OK) status = store(c, f, buf_str(&body));
        else command_say(c, "%s: %s", path, fault.detail);
    }
    if (f) framework_free(f);
    buf_free(&body);
    return status;
}

/* ---- check, schema ---- */

/* One line per file on standard output, for scripts: "FILE: fits" or "FILE: /kpis/3/target: …". */
static bool check(struct command *c, const char *path) {
    struct buf body = BUF_EMPTY;
    struct framework *f = NULL;
    struct fault fault = {.err = OK};
    bool good = read_file(c, path, &body) && framework_parse(buf_str(&body), 0, &fault, &f) == OK;
    if (good) warn(c, f);
    printf("%s: %s\n", path, good ? "fits" : fault.detail);
    if (f) framework_free(f);
    buf_free(&body);
    return good;
}

/* FILE is `-`: the paths come on standard input, one a line. */
static int check_all(struct command *c) {
    char path[4096];
    bool good = true;
    if (!str_is(str_of(c->arguments.words[1]), "-")) good = check(c, c->arguments.words[1]);
    else
        while (fgets(path, sizeof path, stdin)) {
            path[strcspn(path, "\n")] = '\0';
            good &= check(c, path);
        }
    return good ? EXIT_DONE : EXIT_FAILED;
}

static int framework(struct command *c) {
    const struct arguments *a = &c->arguments;
    str what = a->word_count ? str_of(a->words[0]) : STR("");
    if (str_is(what, "schema") && a->word_count == 1) {
        printf("%.*s", STR_ARG(schema_text()));
        return EXIT_DONE;
    }
    if (str_is(what, "check"))
        return a->word_count == 2 ? check_all(c)
                                  : command_misused(c, "which file shall be checked? Exactly one, or -");
    if (!str_is(what, "load"))
        return command_misused(c, "say what to do: framework load FILE, check FILE or schema");
    if (a->word_count != 2) return command_misused(c, "which file shall be loaded? Exactly one");
    if (!command_database(c, false)) return EXIT_MISUSED;
    return load(c, a->words[1]);
}

int command_framework(int argc, char **argv) {
    struct command c = {.name = "framework",
                        .usage = "framework load FILE --database CONNECTION | check FILE | schema"};
    int status;
    if (command_begin(&c, argc, argv, &status)) status = framework(&c);
    command_end(&c);
    return status;
}
