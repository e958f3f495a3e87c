#include "server/refusal_folds.h"

#include <stdio.h>
#include <string.h>

#include "returns/personal.h"

static void copy(char *out, size_t room, str s) {
    if (s.n >= room) s.n = 0;
    if (s.n) memcpy(out, s.p, s.n);
    out[s.n] = '\0';
}

static bool is_same(const struct fold *f, const struct refusal *what) {
    return f->used && f->route == what->route && f->err == what->err && str_is(what->service, f->asked) &&
           strcmp(f->key_id, what->who->key_id) == 0;
}

static bool is_rest_of_key(const struct fold *f, const struct refusal *what) {
    return f->used && !f->route && strcmp(f->key_id, what->who->key_id) == 0;
}

/* A number of a person that somebody writes into an address is in no audit. */
static str object_of(str path) {
    static const char ROOT[] = "/v1/";
    str object = str_starts_with(path, STR(ROOT)) ? str_sub(path, strlen(ROOT), path.n) : path;
    return personal_find(object) ? STR("") : object;
}

static struct fold *begin(struct fold *f, const struct refusal *what, bool rest) {
    *f = (struct fold){.used = true, .route = rest ? NULL : what->route, .err = rest ? OK : what->err};
    copy(f->key_id, sizeof f->key_id, str_of(what->who->key_id));
    copy(f->own, sizeof f->own, str_of(what->who->service));
    copy(f->asked, sizeof f->asked, rest ? STR("") : what->service);
    copy(f->object, sizeof f->object, rest ? STR("") : object_of(what->path));
    return f;
}

static struct fold *find(struct refusal_folds *folds, const struct refusal *what) {
    struct fold *free_one = NULL, *rest = NULL;
    size_t of_key = 0;
    for (size_t i = 0; i < FOLDS; i++) {
        struct fold *f = &folds->folds[i];
        if (is_same(f, what)) return f;
        if (!f->used && !free_one) free_one = f;
        if (f->used && f->route && strcmp(f->key_id, what->who->key_id) == 0) of_key++;
        if (is_rest_of_key(f, what)) rest = f;
    }
    if (of_key < FOLDS_OF_KEY && free_one) return begin(free_one, what, false);
    if (rest) return rest;
    if (free_one) return begin(free_one, what, true);
    folds->folds[FOLDS].used = true;
    return &folds->folds[FOLDS];
}

void refusal_folds_add(struct refusal_folds *f, const struct refusal *what, int64_t at) {
    struct fold *fold = find(f, what);
    if (!fold->times++) fold->since = at;
}

bool refusal_folds_take(struct refusal_folds *f, size_t *place, int64_t now_ms, int64_t window_ms,
                        bool at_once, struct fold *out) {
    for (; *place <= FOLDS; ++*place) {
        struct fold *fold = &f->folds[*place];
        if (!fold->used || (!at_once && now_ms < fold->quiet_until)) continue;
        if (!fold->times) {
            fold->used = false;
            continue;
        }
        *out = *fold;
        fold->times = 0;
        fold->quiet_until = now_ms + window_ms;
        ++*place;
        return true;
    }
    return false;
}

void refusal_folds_give_back(struct refusal_folds *f, size_t place, const struct fold *fold,
                             int64_t retry_ms) {
    struct fold *back = &f->folds[place - 1];
    if (!back->times) back->since = fold->since;
    else if (fold->since < back->since) back->since = fold->since;
    back->times += fold->times;
    back->quiet_until = retry_ms;
}
