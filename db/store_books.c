/* store_books: what is in force of every provider of a service, without the facts. */
#include "db/statements.h"
#include "db/store.h"

static struct held held_of(const struct rows *rows, int row) {
    return (struct held){
        .period = rows_int2(rows, row, 1),
        .part = (enum part_id)rows_int2(rows, row, 2),
        .version = rows_int4(rows, row, 3),
        .seq = rows_int8(rows, row, 4),
        .received_at = rows_instant(rows, row, 5),
        .rows = (uint32_t)rows_int4(rows, row, 6),
    };
}

enum err store_books_list(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_provider_book **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_books_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct held *held = ARENA_ARRAY(a, struct held, (size_t)n);
    struct store_provider_book *list = ARENA_ARRAY(a, struct store_provider_book, (size_t)n);
    size_t count = 0;
    /* The last row is the first provider's. */
    for (int i = 0; i < n; i++) {
        str provider = rows_text(&rows, n - 1 - i, 0);
        held[i] = held_of(&rows, n - 1 - i);
        if (!count || !str_eq(list[count - 1].provider, provider))
            list[count++] = (struct store_provider_book){arena_str(a, provider), {&held[i], 0}};
        list[count - 1].book.count++;
    }
    *out = list;
    *out_count = count;
    return OK;
}
