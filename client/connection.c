/* See connection.h. A key or a run.json that others can read is refused: it would not be a secret. Only where it is
 * ours to mend; what root has laid down for a container is taken as it is. */
#include "client/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/text.h"
#include "client/url.h"

enum { SECRET_MOST = 65536, KEY_MOST = 400, SILENCE_DEFAULT = 300, SILENCE_MOST = 86400 };

static int say_unreadable(const struct options *o, const char *path, const char *what) {
    return options_wrong(o, "%s %s cannot be read: %s", what, path, strerror(errno));
}

/* Up to SECRET_MOST bytes of a file that nobody else may read. 0: go on. */
static int read_secret(const struct options *o, const char *path, const char *what, char *out,
                       size_t *out_n) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int status = say_unreadable(o, path, what);
        if (fd >= 0) close(fd);
        return status;
    }
    ssize_t n = -1, got = 0;
    for (n = 0; n < SECRET_MOST && (got = read(fd, out + n, (size_t)(SECRET_MOST - n))) > 0;)
        n += got;
    int failed = got < 0 ? errno : 0;
    close(fd);
    errno = failed;
    if (failed) return say_unreadable(o, path, what);
    if (st.st_uid == geteuid() && S_ISREG(st.st_mode) && (st.st_mode & 077))
        return options_wrong(o, "%s %s can be read by others; close it first: chmod 600 %s", what, path,
                             path);
    *out_n = (size_t)n;
    return 0;
}

static bool is_key(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f) return false;
    return s.n > 0 && s.n <= KEY_MOST;
}

static int read_key_file(struct connection *c, const struct options *o, const char *path) {
    char *bytes = must_alloc(SECRET_MOST);
    size_t n = 0;
    int status = read_secret(o, path, "the key file", bytes, &n);
    str key = status == 0 ? str_trim((str){bytes, n}) : STR_NONE;
    if (status == 0 && !is_key(key))
        status = options_wrong(o, "the key file %s must hold the key alone, on one line", path);
    if (status == 0) c->key = arena_cstr(&c->arena, key);
    explicit_bzero(bytes, SECRET_MOST);
    free(bytes);
    return status;
}

/* ---- run.json ---- */

static int take_run(struct connection *c, const struct options *o, const json_t *run, const char *path,
                    const char *who) {
    const json_t *keys = json_object_get(run, "keys");
    const char *key = json_string_value(json_object_get(keys, who));
    if (!key) key = json_string_value(json_object_get(json_object_get(keys, "providers"), who));
    const char *url = json_string_value(json_object_get(run, "url"));
    const char *ca = json_string_value(json_object_get(run, "caFile"));
    if (!url) return options_wrong(o, "%s names no url; is it that of a running `make run`?", path);
    if (!c->url) c->url = arena_cstr(&c->arena, str_of(url));
    if (!c->ca_file && ca) c->ca_file = arena_cstr(&c->arena, str_of(ca));
    if (c->key) return 0;
    if (!key || !is_key(str_of(key)))
        return options_wrong(
            o, "%s has no key of '%s'. Say whose with --as: admin, commissioner, checker or a provider", path,
            who);
    c->key = arena_cstr(&c->arena, str_of(key));
    return 0;
}

static int read_run(struct connection *c, const struct options *o, const char *dir, const char *who) {
    char *bytes = must_alloc(SECRET_MOST);
    size_t n = 0;
    str path = arena_printf(&c->arena, "%s/run.json", dir);
    int status = read_secret(o, path.p, "the run file", bytes, &n);
    if (status == 0 && !who)
        status = options_wrong(o, "%s holds keys of several; say whose with --as or --provider", path.p);
    json_t *run = status == 0 ? json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (status == 0 && !json_is_object(run)) status = options_wrong(o, "%s is not a run.json", path.p);
    if (status == 0) status = take_run(c, o, run, path.p, who);
    json_decref(run);
    explicit_bzero(bytes, SECRET_MOST);
    free(bytes);
    return status;
}

/* ---- the whole ---- */

static int read_silence(struct connection *c, const struct options *o) {
    uint64_t seconds = SILENCE_DEFAULT;
    const char *text = o->value[OPTION_TIMEOUT];
    if (text && (!str_to_uint(str_of(text), SILENCE_MOST, &seconds) || seconds == 0))
        return options_wrong(o, "--timeout is '%s'; it must be a whole number of seconds from 1 to %d", text,
                             SILENCE_MOST);
    c->silence = (long)seconds;
    return 0;
}

static int check_url(struct connection *c, const struct options *o) {
    struct fault fault = {.err = OK};
    str url;
    if (!c->url) return options_wrong(o, "which service? Give --url (or QUARTERDAY_URL), or --run DIR");
    if (url_check(str_of(c->url), &fault, &url) != OK) return options_wrong(o, "%s", fault.detail);
    c->url = arena_cstr(&c->arena, url);
    return 0;
}

/* libcurl only says that it failed; people want to know which file. */
static int check_ca(const struct connection *c, const struct options *o) {
    if (!c->ca_file || access(c->ca_file, R_OK) == 0) return 0;
    return say_unreadable(o, c->ca_file, "the certificates");
}

int connection_open(struct connection *c, const struct options *o, const char *who) {
    *c = (struct connection){.arena = ARENA_EMPTY,
                             .command = o->form->name,
                             .url = o->value[OPTION_URL],
                             .ca_file = o->value[OPTION_CA_FILE]};
    const char *key_file = o->value[OPTION_KEY_FILE], *run = o->value[OPTION_RUN];
    int status = read_silence(c, o);
    if (status == 0 && key_file) status = read_key_file(c, o, key_file);
    if (status == 0 && run) status = read_run(c, o, run, o->value[OPTION_AS] ? o->value[OPTION_AS] : who);
    if (status == 0) status = check_url(c, o);
    if (status == 0 && !c->key)
        status = options_wrong(
            o, "with which key? Give --key-file (or QUARTERDAY_KEY_FILE), the file that holds it");
    return status ? status : check_ca(c, o);
}

void connection_close(struct connection *c) {
    if (c->key) explicit_bzero((char *)(uintptr_t)c->key, strlen(c->key));
    arena_free(&c->arena);
    c->key = NULL;
}
