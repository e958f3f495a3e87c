/* store_payments: statements of payment by results: numbered, frozen, with their steps. */
#ifndef QD_DB_STORE_PAYMENTS_H
#define QD_DB_STORE_PAYMENTS_H

#include "db/store.h"

enum statement_status { STATEMENT_DRAFT, STATEMENT_AGREED, STATEMENT_ISSUED, STATEMENT_STATUS_COUNT };
const char *statement_status_name(enum statement_status s);
bool statement_status_parse(str name, enum statement_status *out);

struct store_statement {
    int32_t number;
    int64_t at;
    str key_id;
    int32_t after_number; /* issued last when this one was drafted; 0: none was */
    int64_t issued_before, payment_pence;
    str figures; /* JSON */
    enum statement_status status;
    int64_t status_at;
};
/* Oldest first; known_at INSTANT_NONE: all, with their newest step. */
enum err store_statements_list(struct db *db, str service, int year, int64_t known_at, struct arena *a,
                               struct store_statement **out, size_t *out_count);
/* TX, after store_service_lock(). Sets s->number. With audit line and event PAYMENT_DRAFTED. */
enum err store_statement_put(struct db *db, str service, int year, struct store_statement *s, str comment,
                             str correlation);
/* TX, after store_service_lock(). With audit line and event PAYMENT_AGREED or PAYMENT_ISSUED. */
enum err store_statement_step(struct db *db, str service, int year, const struct store_statement *s,
                              enum statement_status to, int64_t at, str key_id, str comment, str correlation);

struct store_statement_step {
    enum statement_status status;
    int64_t at;
    str key_id, comment;
};
enum err store_statement_steps(struct db *db, str service, int year, int32_t number, struct arena *a,
                               struct store_statement_step **out, size_t *out_count);

#endif
