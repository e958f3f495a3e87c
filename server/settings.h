/* settings: one alphabetical table of everything that can be set. Flags, environment, settings file, --help
 * and docs/settings.md come from it; a new setting is one line there and a field here. Precedence: flag,
 * environment, file, default. */
#ifndef QD_SERVER_SETTINGS_H
#define QD_SERVER_SETTINGS_H

#include "base/address.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct settings {
    struct arena arena; /* owns the texts; free with settings_free() */
    uint32_t address_per_minute, behind_proxy;
    uint32_t body_cap_mib, body_grace_seconds, body_min_rate;
    const char *cert, *config;
    uint32_t connection_limit;
    const char *database, *database_owner;
    uint32_t gzip_ratio, header_seconds, heartbeat_seconds;
    uint32_t failures_per_minute;
    const char *home, *hosts;
    uint32_t idle_seconds, io_threads;
    const char *key, *listen;
    uint32_t key_per_minute, key_uploads_per_minute;
    uint32_t log_level; /* enum log_level */
    uint32_t metrics_port;
    uint32_t per_address_limit, port;
    bool reads_forwarded; /* of the header in which proxies say from where a request comes */
    uint32_t queue_limit, read_workers;
    const char *ready_file;
    uint32_t refusal_seconds;
    const char *replica_of;
    uint32_t reply_cache_mib;
    uint32_t request_seconds;
    const char *spool_dir;
    uint32_t stream_limit, streams_per_key;
    int32_t today; /* DAY_NONE: the clock's */
    struct address_ranges trusted_proxies;
    uint32_t upload_workers;
    const char *webhook_ca;
    uint32_t webhook_private, webhook_seconds;
}; /* texts that are not set are "" */

/* A command's own flags, beside the settings; the last has name NULL. */
struct flag {
    const char *name;    /* "role" for --role */
    const char *wants;   /* what stands after it ("ROLE"); NULL: nothing */
    const char *meaning; /* for --help */
    const char *value;   /* out: NULL when it was not given; "" when it wants nothing */
};

enum { WORDS_MAX = 8 };
struct arguments {
    struct flag *flags;           /* in and out; may be NULL */
    const char *words[WORDS_MAX]; /* out: what is no flag, without argv[0] */
    int word_count;
    bool help; /* out: --help was among them */
};

/* Reads flags, environment and file. ERR_BAD_REQUEST: one of them is unknown or has a bad value; the fault
 * says which, from where, and what is allowed. */
enum err settings_read(int argc, char **argv, struct arguments *arguments, struct settings *out,
                       struct fault *fault);
void settings_free(struct settings *s);

/* Does only this machine reach the address it listens on? */
bool settings_is_loopback(const struct settings *s);

/* The lines of --help: the command's own flags first, when there are any. */
void settings_write_help(struct buf *out, const struct flag *own);
/* docs/settings.md. */
void settings_write_docs(struct buf *out);

#endif
