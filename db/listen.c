/* listen: waits for what other processes say at their commits. A connection of its own (a worker would be
 * held up).
 *
 * Notices are lost while disconnected: after each new connection everything may have changed, which counts as
 * a change. */
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <time.h>

#include "db/connection.h"
#include "db/freshness.h"
#include "db/store.h"

static void sleep_ms(int ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static enum err listen_now(struct db *db) {
    enum err e = db_command(db, "LISTEN quarterday_keys");
    if (e == OK) db->is_listening = true;
    return e;
}

static bool take_notices(struct db *db) {
    bool any = false;
    for (PGnotify *n = PQnotifies(db->conn); n; n = PQnotifies(db->conn)) {
        any = true;
        PQfreemem(n);
    }
    return any;
}

enum err store_events_listen(struct db *db, int *out_socket) {
    enum err e = db_connect(db);
    if (e == OK && !db->is_listening) e = db_command(db, "LISTEN quarterday_event");
    if (e != OK) return e;
    db->is_listening = true;
    *out_socket = PQsocket(db->conn);
    return OK;
}

bool store_events_heard(struct db *db) {
    if (!db->is_listening) return true;
    if (PQconsumeInput(db->conn) == 1) return take_notices(db);
    db_note_lost(db, "listen");
    db_disconnect(db);
    return true;
}

bool store_keys_wait(struct db *db, int timeout_ms, bool *out_reconnected) {
    *out_reconnected = false;
    if (!db->is_listening || PQstatus(db->conn) != CONNECTION_OK) {
        db_disconnect(db);
        if (listen_now(db) == OK) return *out_reconnected = true;
        db_disconnect(db);
        sleep_ms(timeout_ms); /* a database that is down must not make this a busy loop */
        return false;
    }
    if (take_notices(db)) return true;
    struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
    int n = poll(&p, 1, timeout_ms);
    if (n <= 0) return false;
    if (PQconsumeInput(db->conn) != 1) {
        db_note_lost(db, "listen");
        db_disconnect(db);
        return false; /* the next call connects anew, and says so */
    }
    return take_notices(db);
}

/* ---- for freshness.h ---- */

/* What was told while nobody listened is lost, so everything may have changed. */
static void begin_to_listen(struct db *db, int timeout_ms) {
    freshness_end();
    db_disconnect(db);
    int64_t since = freshness_now();
    if (db_command(db, "LISTEN quarterday_changed") == OK) {
        db->is_listening = true;
        freshness_moved(STR("*"));
        freshness_trust(since);
        return;
    }
    db_disconnect(db);
    sleep_ms(timeout_ms);
}

static void pass_notices(struct db *db) {
    for (PGnotify *n = PQnotifies(db->conn); n; n = PQnotifies(db->conn)) {
        freshness_moved(str_of(n->extra));
        PQfreemem(n);
    }
}

static void lose(struct db *db) {
    freshness_end();
    db_disconnect(db);
}

/* A connection that has died without a word is found out by asking. */
static void prove(struct db *db) {
    if (!freshness_wants_proof()) return;
    int64_t since = freshness_now();
    bool answers = db_ping(db, NULL) == OK && db->is_listening;
    if (!answers) {
        lose(db);
        return;
    }
    pass_notices(db);
    freshness_trust(since);
}

void freshness_watch(struct db *db, int timeout_ms) {
    if (!db->is_listening || PQstatus(db->conn) != CONNECTION_OK) {
        begin_to_listen(db, timeout_ms);
        return;
    }
    struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
    if (poll(&p, 1, timeout_ms) > 0 && PQconsumeInput(db->conn) != 1) {
        lose(db);
        return;
    }
    pass_notices(db);
    prove(db);
}
