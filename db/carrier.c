#include "db/carrier.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/copy.h"
#include "returns/spill.h"

struct carrier {
    struct db *db;
    char *sql;
    bool is_large;
    bool has_thread; /* none could be started: all is carried in carrier_end() */
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t news;
    struct spill given;
    uint64_t carried;
    bool is_last, is_given_up;
    enum err err; /* of the database, or of the disk */
};

/* Waits for more; 0: there is no more, or it is not wanted any more. */
static size_t next_piece(struct carrier *c, char *piece) {
    pthread_mutex_lock(&c->lock);
    while (!c->is_last && !c->is_given_up && !c->given.failed && spill_size(&c->given) == c->carried)
        pthread_cond_wait(&c->news, &c->lock);
    size_t n = c->is_given_up ? 0 : spill_copy(&c->given, c->carried, piece, SPILL_STEP);
    c->carried += n;
    pthread_mutex_unlock(&c->lock);
    return n;
}

static bool is_complete(struct carrier *c, bool *out_disk_failed) {
    pthread_mutex_lock(&c->lock);
    bool complete = c->is_last && !c->given.failed;
    *out_disk_failed = c->given.failed;
    pthread_mutex_unlock(&c->lock);
    return complete;
}

static enum err copy_given(struct carrier *c) {
    enum err e = db_copy_begin(c->db, c->sql, c->is_large);
    if (e != OK) return e;
    char *piece = must_alloc(SPILL_STEP);
    bool disk_failed = false;
    for (size_t n; e == OK && (n = next_piece(c, piece)) > 0;)
        e = db_copy_bytes(c->db, piece, n);
    free(piece);
    if (e == OK && is_complete(c, &disk_failed)) return db_copy_end(c->db);
    db_copy_give_up(c->db);
    if (!disk_failed) return e;
    return db_note_full(c->db, "there is no room left in the spool directory for the rows of a return");
}

static void *carry(void *argument) {
    struct carrier *c = argument;
    enum err e = copy_given(c);
    pthread_mutex_lock(&c->lock);
    c->err = e;
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

struct carrier *carrier_begin(struct db *db, char *sql, bool is_large) {
    struct carrier *c = must_calloc(1, sizeof *c);
    c->db = db;
    c->sql = sql;
    c->is_large = is_large;
    spill_begin(&c->given, db->spill_dir);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->news, NULL);
    c->has_thread = pthread_create(&c->thread, NULL, carry, c) == 0;
    return c;
}

enum err carrier_give(struct carrier *c, const void *bytes, size_t n) {
    pthread_mutex_lock(&c->lock);
    if (c->err == OK) spill_add(&c->given, bytes, n);
    enum err e = c->given.failed ? ERR_UNAVAILABLE : c->err;
    pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
    return e;
}

void carrier_last(struct carrier *c) {
    pthread_mutex_lock(&c->lock);
    c->is_last = true;
    pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
}

enum err carrier_end(struct carrier *c) {
    pthread_mutex_lock(&c->lock);
    c->is_given_up = !c->is_last;
    pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
    if (c->has_thread) pthread_join(c->thread, NULL);
    else if (!c->is_given_up) carry(c);
    enum err e = c->err;
    pthread_cond_destroy(&c->news);
    pthread_mutex_destroy(&c->lock);
    spill_free(&c->given);
    free(c->sql);
    free(c);
    return e;
}
