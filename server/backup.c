#include "server/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "db/store_audit.h"
#include "db/store_backup.h"
#include "server/version.h"

extern char **environ;

#define SERVICE "quarterday"

struct job {
    const char *conninfo;
    struct arena *arena;
    struct backup_said *said;
    const char *folder;  /* what is written to or read from */
    const char *service; /* the service file */
    json_t *manifest;    /* of the copy that is put back */
};

static const char *in_folder(const struct job *job, const char *name) {
    return arena_cstr(job->arena, arena_printf(job->arena, "%s/%s", job->folder, name));
}

/* ---- programs ---- */

/* Its words go to standard error, where the operator reads them. */
static enum err run_program(const char *const argv[], struct fault *fault) {
    pid_t pid;
    int status, failed = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(void *)argv, environ);
    if (failed)
        return fail(fault, ERR_UNAVAILABLE, "%s cannot be run: %s. Install postgresql-client-15.", argv[0],
                    strerror(failed));
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return fail(fault, ERR_INTERNAL, "%s: %s", argv[0], strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return OK;
    return fail(fault, ERR_UNAVAILABLE, "%s failed; it has said why.", argv[0]);
}

/* The file is where libpq's programs look for it, for as long as the job lasts. */
static enum err connect_programs(struct job *job, const char *path, const char *database,
                                 struct fault *fault) {
    job->service = path;
    if (!store_write_service_file(path, SERVICE, job->conninfo, database))
        return fail(fault, ERR_UNAVAILABLE, "%s cannot be written, or the connection string is none.", path);
    setenv("PGSERVICEFILE", path, 1);
    return OK;
}

static void disconnect_programs(struct job *job) {
    if (job->service) unlink(job->service);
    unsetenv("PGSERVICEFILE");
}

/* ---- files ---- */

static bool make_last(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool good = fsync(fd) == 0;
    return close(fd) == 0 && good;
}

static enum err digest_file(const char *path, char hex[SHA256_HEX], int64_t *out_bytes, struct fault *fault) {
    FILE *file = fopen(path, "re");
    if (!file) return fail(fault, ERR_NOT_FOUND, "%s cannot be read: %s", path, strerror(errno));
    struct sha256 *h = sha256_begin();
    uint8_t hash[SHA256_BYTES];
    static char chunk[1 << 16];
    size_t n;
    *out_bytes = 0;
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        sha256_add(h, chunk, n);
        *out_bytes += (int64_t)n;
    }
    sha256_end(h, hash);
    hex_format(hash, sizeof hash, hex);
    bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? fail(fault, ERR_UNAVAILABLE, "%s cannot be read to its end", path) : OK;
}

/* ---- the manifest ---- */

static void write_tables(struct json *j, const struct store_table *tables, size_t count) {
    json_key(j, "tables");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_field_str(j, "name", tables[i].name);
        json_field_int(j, "rows", tables[i].rows);
        json_field_str(j, "digest", tables[i].digest);
        json_end(j);
    }
    json_end(j);
}

static void write_heads(struct json *j, const struct store_audit_head *heads, size_t count) {
    json_key(j, "auditHeads");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        char hex[SHA256_HEX] = "";
        if (heads[i].hash.n == SHA256_BYTES) hex_format((const uint8_t *)heads[i].hash.p, SHA256_BYTES, hex);
        json_object_begin(j);
        json_field_str(j, "stream", heads[i].stream);
        json_field_int(j, "line", heads[i].seq);
        json_field_cstr(j, "hash", hex);
        json_end(j);
    }
    json_end(j);
}

static enum err save(const char *path, const struct buf *text, struct fault *fault) {
    FILE *file = fopen(path, "we");
    bool good =
        file && fwrite(text->p, 1, text->n, file) == text->n && fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (file && fclose(file) != 0) good = false;
    return good ? OK : fail(fault, ERR_UNAVAILABLE, "%s cannot be written: %s", path, strerror(errno));
}

static enum err write_manifest(struct job *job, const struct store_backup *of, struct db *db,
                               struct fault *fault) {
    struct store_table *tables;
    struct store_audit_head *heads;
    size_t table_count, head_count;
    char hex[SHA256_HEX], now[INSTANT_TEXT];
    enum err e = store_table_digests(db, job->arena, &tables, &table_count);
    if (e == OK) e = store_audit_heads(db, job->arena, &heads, &head_count);
    if (e == OK) e = digest_file(in_folder(job, "dump"), hex, &job->said->bytes, fault);
    if (e != OK) return e;
    struct buf text = BUF_EMPTY;
    struct json j = json_to(&text);
    json_object_begin(&j);
    json_field_cstr(&j, "program", quarterday_version());
    json_field_cstr(&j, "takenAt", instant_format(instant_now(), now));
    json_field_str(&j, "lsn", of->lsn);
    json_field_str(&j, "server", of->server);
    json_field_int(&j, "schema", of->schema);
    json_key(&j, "dump");
    json_object_begin(&j);
    json_field_int(&j, "bytes", job->said->bytes);
    json_field_cstr(&j, "sha256", hex);
    json_end(&j);
    write_tables(&j, tables, table_count);
    write_heads(&j, heads, head_count);
    json_end(&j);
    buf_add_char(&text, '\n');
    e = save(in_folder(job, "manifest.json"), &text, fault);
    buf_free(&text);
    job->said->tables = table_count;
    job->said->chains = head_count;
    for (size_t i = 0; i < table_count; i++)
        job->said->rows += tables[i].rows;
    return e;
}

/* ---- taking ---- */

static enum err take(struct db *db, void *context, struct fault *fault) {
    struct job *job = context;
    struct store_backup of;
    enum err e = store_backup_begin(db, job->arena, fault, &of);
    if (e != OK) return e;
    const char *snapshot =
        arena_cstr(job->arena, arena_printf(job->arena, "--snapshot=%.*s", STR_ARG(of.snapshot)));
    const char *file = arena_cstr(job->arena, arena_printf(job->arena, "--file=%s", in_folder(job, "dump")));
    e = run_program((const char *const[]){"pg_dump", "--dbname=service=" SERVICE, "--no-password",
                                          "--format=custom", "--schema=quarterday", snapshot, file, NULL},
                    fault);
    if (e == OK && !make_last(in_folder(job, "dump")))
        e = fail(fault, ERR_UNAVAILABLE, "The dump cannot be made to last: %s", strerror(errno));
    return e == OK ? write_manifest(job, &of, db, fault) : e;
}

static void throw_away(const struct job *job) {
    unlink(in_folder(job, "dump"));
    unlink(in_folder(job, "manifest.json"));
    rmdir(job->folder);
}

/* The name appears when all is in it and on the disk. */
static enum err publish(const struct job *job, const char *dir, const char *path, struct fault *fault) {
    if (make_last(job->folder) && rename(job->folder, path) == 0 && make_last(dir)) return OK;
    return fail(fault, ERR_UNAVAILABLE, "%s cannot be made: %s", path, strerror(errno));
}

enum err backup_take(const char *conninfo, const char *dir, struct arena *a, struct fault *fault,
                     struct backup_said *out) {
    char now[INSTANT_TEXT];
    instant_format(instant_now(), now);
    const char *path = arena_cstr(a, arena_printf(a, "%s/quarterday-%.19sZ", dir, now));
    struct job job = {.conninfo = conninfo,
                      .arena = a,
                      .said = out,
                      .folder = arena_cstr(a, arena_printf(a, "%s.new", path))};
    *out = (struct backup_said){.path = path};
    if (mkdir(job.folder, 0700) != 0)
        return fail(fault, ERR_UNAVAILABLE, "%s cannot be made: %s", job.folder, strerror(errno));
    struct db *db = db_new(conninfo, "quarterday backup");
    db_act_for(db, DB_EVERYBODY);
    enum err e = connect_programs(&job, in_folder(&job, "connection"), NULL, fault);
    if (e == OK)
        e = db_transaction(db, &(struct db_work){.run = take, .context = &job, .read_only = true}, fault);
    disconnect_programs(&job);
    db_free(db);
    if (e == OK) e = publish(&job, dir, path, fault);
    if (e != OK) throw_away(&job);
    return e;
}

/* ---- putting back ---- */

static enum err read_manifest(struct job *job, struct fault *fault) {
    json_error_t why;
    const char *path = in_folder(job, "manifest.json");
    job->manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (!job->manifest) return fail(fault, ERR_MALFORMED, "%s is no manifest: %s", path, why.text);
    char hex[SHA256_HEX];
    enum err e = digest_file(in_folder(job, "dump"), hex, &job->said->bytes, fault);
    if (e != OK) return e;
    const char *kept = json_string_value(json_object_get(json_object_get(job->manifest, "dump"), "sha256"));
    if (kept && strcmp(kept, hex) == 0) return OK;
    return fail(fault, ERR_CONFLICT, "%s is damaged: its SHA-256 is not that of the manifest.",
                in_folder(job, "dump"));
}

static enum err check_target(struct db *db, void *context, struct fault *fault) {
    (void)context;
    return store_restore_check(db, fault);
}

static const json_t *kept_table(const struct job *job, str name) {
    size_t i;
    json_t *table;
    json_array_foreach(json_object_get(job->manifest, "tables"), i, table) {
        const char *kept = json_string_value(json_object_get(table, "name"));
        if (kept && str_is(name, kept)) return table;
    }
    return NULL;
}

static enum err compare_tables(struct job *job, struct db *db, struct fault *fault) {
    struct store_table *tables;
    size_t count;
    enum err e = store_table_digests(db, job->arena, &tables, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) {
        const json_t *kept = kept_table(job, tables[i].name);
        const char *digest = json_string_value(json_object_get(kept, "digest"));
        int64_t rows = json_integer_value(json_object_get(kept, "rows"));
        if (!digest || rows != tables[i].rows || !str_is(tables[i].digest, digest))
            return fail(fault, ERR_CONFLICT, "Table %.*s differs: %lld rows were kept, %lld are back%s.",
                        STR_ARG(tables[i].name), (long long)rows, (long long)tables[i].rows,
                        rows == tables[i].rows ? ", with other contents" : "");
        job->said->rows += rows;
    }
    job->said->tables = count;
    size_t kept = json_array_size(json_object_get(job->manifest, "tables"));
    if (kept != count) return fail(fault, ERR_CONFLICT, "%zu tables were kept, %zu are back.", kept, count);
    return OK;
}

static void add_line(void *context, const struct audit_entry *line) {
    audit_chain_add(context, line);
}

static enum err verify_chains(struct job *job, struct db *db, struct fault *fault) {
    struct store_audit_head *heads;
    size_t count;
    enum err e = store_audit_heads(db, job->arena, &heads, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct audit_chain c = audit_chain_of(heads[i].stream, NULL, 0);
        e = store_audit_each(db, heads[i].stream, add_line, &c);
        if (e == OK && !audit_chain_end(&c, heads[i].seq, heads[i].hash))
            e = fail(fault, ERR_CONFLICT, "The audit of '%.*s' is broken: line %lld %s.",
                     STR_ARG(heads[i].stream), (long long)c.bad_line, audit_flaw_words(c.flaw));
    }
    job->said->chains = count;
    return e;
}

static enum err compare(struct db *db, void *context, struct fault *fault) {
    struct job *job = context;
    job->said->rows = 0;
    enum err e = compare_tables(job, db, fault);
    return e == OK ? verify_chains(job, db, fault) : e;
}

static enum err set_rights(struct db *db, void *context, struct fault *fault) {
    (void)context;
    (void)fault;
    return store_restore_rights(db);
}

/* database: in the place of that of the conninfo; NULL: that one. */
static enum err fill(struct job *job, const char *database, struct fault *fault) {
    const char *conninfo = job->conninfo;
    if (database) conninfo = arena_cstr(job->arena, arena_printf(job->arena, "service=%s", SERVICE));
    struct db *db = db_new(conninfo, "quarterday restore");
    db_act_for(db, DB_EVERYBODY);
    enum err e = db_transaction(db, &(struct db_work){.run = check_target, .read_only = true}, fault);
    if (e == OK)
        e = run_program((const char *const[]){"pg_restore", "--dbname=service=" SERVICE, "--no-password",
                                              "--single-transaction", "--exit-on-error",
                                              in_folder(job, "dump"), NULL},
                        fault);
    if (e == OK) e = db_transaction(db, &(struct db_work){.run = set_rights}, fault);
    if (e == OK)
        e = db_transaction(db, &(struct db_work){.run = compare, .context = job, .read_only = true}, fault);
    db_free(db);
    return e;
}

static enum err put_back(const char *conninfo, const char *copy, bool only_try, struct arena *a,
                         struct fault *fault, struct backup_said *out) {
    struct job job = {.conninfo = conninfo, .arena = a, .said = out, .folder = copy};
    *out = (struct backup_said){.path = copy};
    /* Not in the copy's folder, which may be read only. */
    const char *file = arena_cstr(a, arena_printf(a, "/tmp/quarterday-restore-%d", (int)getpid()));
    const char *name = only_try ? arena_cstr(a, arena_printf(a, "quarterday_try_%d", (int)getpid())) : NULL;
    enum err e = read_manifest(&job, fault);
    if (e == OK) e = connect_programs(&job, file, NULL, fault);
    if (e == OK && only_try)
        e = run_program((const char *const[]){"createdb", "--maintenance-db=service=" SERVICE,
                                              "--no-password", "--template=template0", "--encoding=UTF8",
                                              name, NULL},
                        fault);
    bool made = e == OK && only_try;
    if (made) e = connect_programs(&job, file, name, fault);
    if (e == OK) e = fill(&job, name, fault);
    if (made) {
        struct fault second = {.err = OK};
        connect_programs(&job, file, NULL, &second);
        enum err d = run_program(
            (const char *const[]){"dropdb", "--maintenance-db=service=" SERVICE, "--no-password", name, NULL},
            &second);
        if (e == OK && d != OK)
            e = fail(fault, d, "All is as it was kept, but the database %s could not be dropped; drop it.",
                     name);
    }
    disconnect_programs(&job);
    json_decref(job.manifest);
    return e;
}

enum err backup_put_back(const char *conninfo, const char *copy, struct arena *a, struct fault *fault,
                         struct backup_said *out) {
    return put_back(conninfo, copy, false, a, fault, out);
}

enum err backup_try(const char *conninfo, const char *copy, struct arena *a, struct fault *fault,
                    struct backup_said *out) {
    return put_back(conninfo, copy, true, a, fault, out);
}
