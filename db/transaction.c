/* transaction: the one place that begins, commits, rolls back and runs again. Everybody else just returns an
 * error.
 *
 * Surprise: a connection lost while COMMIT was under way leaves the outcome open. Then nothing may be
 * repeated blindly; `settle` is asked, in a transaction of its own, so that it can first take the lock that
 * the lost transaction may still hold. */
#include <stdio.h>
#include <time.h>

#include "base/hash.h"
#include "db/connection.h"
#include "db/crash_point.h"
#include "db/freshness.h"
#include "db/statements.h"
#include "db/store.h"

enum { TRIES = 5, SETTLE_TRIES = 20, SHORTEST_MS = 10, LONGEST_MS = 500 };

/* Full jitter: two that collided must not meet again. */
static void pause_before(unsigned try) {
    uint32_t dice;
    random_bytes(&dice, sizeof dice);
    uint32_t most = (uint32_t)SHORTEST_MS << (try < 6 ? try : 6);
    if (most > LONGEST_MS) most = LONGEST_MS;
    uint32_t ms = SHORTEST_MS + dice % most;
    struct timespec t = {0, (long)ms * 1000000};
    nanosleep(&t, NULL);
}

enum outcome { DONE, FAILED, AGAIN, UNSETTLED };

static void roll_back(struct db *db) {
    enum trouble why = db->trouble;
    db_forget_ahead(db);
    if (db->begin_waits) db->begin_waits = false;
    else if (why == TROUBLE_LOST || db_command(db, "ROLLBACK") != OK) db_disconnect(db);
    db->trouble = why;
    db->in_transaction = false;
    db_leave_idle(db);
}

static enum outcome may_repeat(const struct db *db) {
    return db->trouble == TROUBLE_RETRY || db->trouble == TROUBLE_LOST ? AGAIN : FAILED;
}

/* A connection that died while it was idle says first why, and only to the next question that it is gone: it is not asked a second one. */
static void begin_failed(struct db *db) {
    if (db->trouble == TROUBLE_LOST) db_disconnect(db);
    db_leave_idle(db);
}

enum db_stmt db_begin_stmt(const struct db *db) {
    return db->begins_reading ? STMT_begin_reading : STMT_begin_writing;
}

/* BEGIN, and for whom, in one round trip. The settings end with the transaction, whatever becomes of it. */
enum err db_begin_now(struct db *db) {
    char sql[2 * ID_ROOM + 300];
    if (!db->begin_waits) return OK;
    db->begin_waits = false;
    snprintf(sql, sizeof sql, "%s; SET LOCAL quarterday.service = '%s'; SET LOCAL quarterday.provider = '%s'",
             db_statement_text(db_begin_stmt(db)), db->begins_as.service, db->begins_as.provider);
    enum err e = db_command(db, sql);
    if (e == OK) db->has_begun = true;
    return e;
}

/* BEGIN waits for the first statement, and travels with it (statements.c). */
static enum err begin(struct db *db, const struct acting *who, bool read_only, bool alone_first) {
    db->trouble = TROUBLE_NONE;
    enum err e = db_connect_alive(db);
    if (e != OK) return e;
    db->in_transaction = db->begin_waits = true;
    db->has_begun = false;
    db->told_to = 0;
    db->begins_reading = read_only;
    db->alone_first = read_only && alone_first;
    db->begins_as = *who;
    return OK;
}

static enum err begin_reading(struct db *db) {
    enum err e = begin(db, &db->acting, true, false);
    if (e == OK) e = db_begin_now(db);
    if (e == OK) return OK;
    db->in_transaction = db->begin_waits = false;
    begin_failed(db);
    return e;
}

/* An idle connection that died is only noticed now. */
enum err db_begin_reading(struct db *db, bool *out_begun) {
    *out_begun = false;
    if (db->in_transaction) {
        enum err e = db_connect(db);
        return e == OK ? db_begin_now(db) : e;
    }
    enum err e = begin_reading(db);
    if (e != OK && db->trouble == TROUBLE_LOST) e = begin_reading(db);
    *out_begun = e == OK;
    return e;
}

void db_end_reading(struct db *db) {
    roll_back(db);
}

static bool is_change(const struct db_work *work) {
    return !work->read_only && !work->aside;
}

bool db_last_change(const struct db *db, str *out_service, int64_t *out_stamp) {
    *out_service = str_of(db->changed.service);
    *out_stamp = db->changed_to;
    return db->changed_to > 0;
}

void db_forget_change(struct db *db) {
    db->changed_to = 0;
}

static enum err commit_told(struct db *db, const struct db_work *work, const struct acting *who) {
    bool tells = is_change(work) && who->service[0] && !db->told_to;
    int64_t stamp = db->told_to;
    db_forget_ahead(db);
    enum err e = db_begin_now(db); /* where nothing was asked at all */
    if (e == OK) e = db_commit(db, tells ? who : NULL, tells ? &stamp : NULL);
    if (e == OK && stamp) {
        db->changed = *who;
        db->changed_to = stamp;
    }
    return e;
}

/* Nothing to keep and nobody to tell. */
static enum err end_reading(struct db *db) {
    bool begun = !db->begin_waits;
    db_forget_ahead(db);
    db->begin_waits = false;
    return begun ? db_end_without_waiting(db) : OK;
}

static enum outcome commit(struct db *db, const struct db_work *work, const struct acting *who, enum err *e) {
    if (!work->read_only) CRASH_POINT("before_commit");
    *e = work->read_only ? end_reading(db) : commit_told(db, work, who);
    db->in_transaction = false;
    db_leave_idle(db);
    if (*e == OK) {
        if (!work->read_only) CRASH_POINT("after_commit");
        db_shrink(db);
        return DONE;
    }
    if (db->trouble == TROUBLE_LOST) {
        db_disconnect(db);
        return work->read_only ? AGAIN : UNSETTLED;
    }
    return may_repeat(db);
}

static enum outcome try_once(struct db *db, const struct db_work *work, const struct acting *who,
                             struct fault *fault, enum err *e, bool *began) {
    if (fault) *fault = (struct fault){.err = OK}; /* the words of an earlier try say nothing of this one */
    *e = begin(db, who, work->read_only, work->alone_first);
    if (*e != OK) return may_repeat(db);
    *e = work->run(db, work->context, fault);
    *began |= db->has_begun;
    if (*e == OK) return commit(db, work, who, e);
    roll_back(db);
    return may_repeat(db);
}

/* Of what turned out to be there. A receipt without a stamp is one all the same. */
static void note_stamp(struct db *db, const struct acting *who) {
    int64_t stamp;
    if (store_service_stamp(db, str_of(who->service), &stamp) != OK) return;
    db->changed = *who;
    db->changed_to = stamp;
}

/* DONE: it is there. AGAIN: it is not. FAILED: cannot be found out, or settle says so. */
static enum outcome settle(struct db *db, const struct db_work *work, const struct acting *who,
                           struct fault *fault, enum err *e) {
    if (!work->settle) return FAILED;
    for (unsigned try = 0; try < SETTLE_TRIES; try++) {
        pause_before(try);
        *e = begin(db, who, false, false);
        if (*e != OK) continue;
        *e = work->settle(db, work->context, fault);
        if (*e == OK && is_change(work)) note_stamp(db, who);
        roll_back(db);
        if (*e == OK) return DONE;
        if (*e == ERR_NOT_FOUND) return AGAIN;
        if (may_repeat(db) == FAILED) return FAILED;
    }
    *e = ERR_UNAVAILABLE;
    return FAILED;
}

static enum err explain_failure(struct db *db, enum err e, bool unsettled, struct fault *fault) {
    if (unsettled && e == ERR_UNAVAILABLE)
        return fail(
            fault, e,
            "The connection to the database broke while this was being stored. Ask again: the same request gives the same result.");
    bool has_words = fault && fault->err == e && fault->detail[0]; /* the work's own refusals */
    return has_words ? e : db_explain(db, e, fault);
}

enum err db_transaction(struct db *db, const struct db_work *work, struct fault *fault) {
    enum err e = OK;
    bool began = false, unsettled = false, may_be_there = false;
    const struct acting who = db->acting;
    for (unsigned try = 0; try < TRIES; try++) {
        if (try > 0) pause_before(try - 1);
        enum outcome outcome = try_once(db, work, &who, fault, &e, &began);
        unsettled = outcome == UNSETTLED;
        may_be_there |= unsettled || outcome == DONE;
        if (unsettled) outcome = settle(db, work, &who, fault, &e);
        if (outcome == DONE || outcome == FAILED) break;
        unsettled = false;
        /* A database that was not there twice is down: five tries would only keep the caller waiting. */
        if (!began && try > 0) break;
    }
    if (may_be_there && is_change(work)) freshness_moved(str_of(who.service));
    return e == OK ? OK : explain_failure(db, e, unsettled, fault);
}
