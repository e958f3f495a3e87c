#include "handlers/known_rows.h"

static bool was_once_returned(struct known_rows *k, struct hash128 id) {
    if (!k->old_loaded && k->err == OK) {
        struct book old = {0};
        k->err = store_old_facts_load(k->db, k->service, k->provider, PART_EPISODES, &k->arena, &old);
        if (k->err == OK) episode_index_build(&k->once, &old);
        k->old_loaded = true;
    }
    return episode_index_find(&k->once, id, -1, NULL) != NULL;
}

static enum episode_standing look_up(void *context, struct hash128 id, int16_t not_in,
                                     struct episode_at *out) {
    struct known_rows *k = context;
    int16_t period;
    const struct fact_episode *e = episode_index_find(&k->now, id, not_in, &period);
    if (e) {
        *out = (struct episode_at){period, fact_day_value(e->quit)};
        return EPISODE_IN_FORCE;
    }
    if (not_in >= 0) return EPISODE_UNKNOWN; /* looking for a duplicate: only what is in force counts */
    return was_once_returned(k, id) ? EPISODE_REMOVED : EPISODE_UNKNOWN;
}

static enum listing is_listed(void *context, enum part_id list, int16_t period, struct hash128 id,
                              struct looked_into *out) {
    struct known_rows *k = context;
    const struct carried_list *at = carried_at(list == PART_SITES ? &k->sites : &k->advisers, period);
    if (!at) return LIST_NEVER_SENT;
    *out = (struct looked_into){at->period, at->held->version};
    return carried_find(at, id.a) ? LIST_HAS : LIST_LACKS;
}

static bool episodes_of(void *context, int16_t period, struct looked_into *out) {
    struct known_rows *k = context;
    const struct held *h = book_find(k->book, PART_EPISODES, period);
    if (h) *out = (struct looked_into){period, h->version};
    return h != NULL;
}

void known_rows_begin(struct known_rows *k, struct db *db, str service, str provider,
                      const struct book *book) {
    *k = (struct known_rows){
        .db = db, .service = service, .provider = provider, .book = book, .arena = ARENA_EMPTY, .err = OK};
    episode_index_build(&k->now, book);
    carried_build(book, PART_SITES, &k->sites);
    carried_build(book, PART_ADVISERS, &k->advisers);
    k->known =
        (struct known){.context = k, .episode = look_up, .listed = is_listed, .episodes_of = episodes_of};
}

void known_rows_free(struct known_rows *k) {
    episode_index_free(&k->now);
    episode_index_free(&k->once);
    carried_free(&k->sites);
    carried_free(&k->advisers);
    arena_free(&k->arena);
}
