/* service: a whole Quarterday for a test suite: a fresh database from the migrated template, the City and Hackney framework, keys,
 * the real binary serving HTTPS on a free port. QUARTERDAY_TEST_BINARY chooses the build (plain, ASan, TSan). */
#ifndef QD_TESTS_SERVICE_H
#define QD_TESTS_SERVICE_H

#include <sys/types.h>

#include "tests/support/client.h"

struct service {
    char url[64], home[128], ca_file[192], log_file[192];
    char owner[512], app[512]; /* conninfo of its database */
    char admin[128], commissioner[128], checker[128], homerton[128], pharmacies[128];
    pid_t pid;
    bool joined; /* the database is another's */
    int ended;   /* how it ended, where it did before it was ready: as of waitpid() */
};

struct service_options {
    const char *today;      /* NULL: 2026-02-20 */
    bool clock_is_believed; /* no --today: the day is the clock's */
    bool
        commands_beside; /* commands change what it serves, of which it hears a moment later: it keeps no replies */
    bool trusts_receiver;       /* webhooks go to private addresses, with the test's certificate */
    const char *database;       /* as the application; NULL: its own */
    const char *extra_flags[8]; /* for serve, e.g. "--body-cap-mib", "1" */
    const char *environment[4]; /* of serve, e.g. "LD_PRELOAD=..." */
};

/* NULL when it cannot start (the reason is printed). */
struct service *service_start(const struct service_options *options);
/* One more process on the database of that one, with its keys. It is stopped before that one is. */
struct service *service_join(const struct service *first, const struct service_options *options);
/* How many lines of its log have that text. */
int service_log_lines(const struct service *s, const char *text);
/* SIGTERM, waits; returns the exit status (0 expected) and frees everything. */
int service_stop(struct service *s);
void service_kill(struct service *s); /* SIGKILL, keeps database and home */
/* Kills it after a while, by a child that the caller must wait for: what this process asks meanwhile is hit anywhere. */
pid_t service_kill_after(const struct service *s, unsigned micros);
bool service_restart(struct service *s, const struct service_options *options); /* after service_kill */

struct answer service_ask(const struct service *s, const struct ask *ask);
struct answer service_get(const struct service *s, const char *key, const char *path);
struct answer service_put(const struct service *s, const char *key, const char *path, const char *type,
                          str body);
/* A JSON body under If-Match (match NULL: without). */
struct answer service_send(const struct service *s, const char *method, const char *key, const char *path,
                           const char *match, const char *body);

/* Runs a subcommand of the binary; its standard output into out. Exit status. */
int service_command(const char *const argv[], struct buf *out);
/* A line of /proc/PID/status of its process, such as "VmRSS"; -1 where there is none. */
long service_status_kb(const struct service *s, const char *name);
/* How many files and sockets it has open, give or take two. */
unsigned service_open_files(const struct service *s);
/* One value of one row of an SQL query, as the owner; into static memory. */
const char *service_sql(const struct service *s, const char *query);

#endif
