#include "returns/repeats.h"

enum { DAYS = 96 }; /* a quarter has at most 92 */

struct client_days {
    struct hash128 key; /* of the row in which the client was first met */
    uint32_t bits[DAYS / 32];
};

static void set_day(struct client_days *c, int day) {
    c->bits[day / 32] |= 1u << day % 32;
}

static bool has_day(const struct client_days *c, int day) {
    return day >= 0 && day < DAYS && (c->bits[day / 32] >> day % 32 & 1);
}

static int nearest_day(const struct client_days *c, int day) {
    for (int away = 0; away < REPEAT_WITHIN_DAYS; away++) {
        if (has_day(c, day - away)) return day - away;
        if (has_day(c, day + away)) return day + away;
    }
    return -1;
}

static const void *key_at(void *context, uint32_t place) {
    const struct repeats *r = context;
    return r->days.p + (size_t)(place - 1) * sizeof(struct client_days);
}

/* The days of the client first met in that row, made from it when this is the second episode. */
static struct client_days *days_of(struct repeats *r, struct repeat_rows rows, uint32_t first_row) {
    struct hash128 key = {first_row, 0};
    buf_reserve(&r->days, sizeof(struct client_days));
    uint32_t next = (uint32_t)(r->days.n / sizeof(struct client_days)) + 1;
    uint32_t place = id_set_put(&r->several, (struct id_records){key_at, r}, key, next);
    if (!place) {
        struct client_days fresh = {.key = key};
        set_day(&fresh, rows.quit_day(rows.context, first_row));
        buf_add(&r->days, &fresh, sizeof fresh);
        place = next;
    }
    return (struct client_days *)(void *)r->days.p + (place - 1);
}

void repeats_begin(struct repeats *r, size_t expected) {
    id_set_begin(&r->clients, expected);
    id_set_begin(&r->several, 0);
}

int repeats_note(struct repeats *r, struct repeat_rows rows, struct hash128 client, uint32_t row, int day) {
    uint32_t first_row = id_set_put(&r->clients, rows.clients, client, row);
    if (!first_row || day < 0 || day >= DAYS) return -1;
    struct client_days *days = days_of(r, rows, first_row);
    int near = nearest_day(days, day);
    set_day(days, day);
    return near;
}

void repeats_free(struct repeats *r) {
    id_set_free(&r->clients);
    id_set_free(&r->several);
    buf_free(&r->days);
}
