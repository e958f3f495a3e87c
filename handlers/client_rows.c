#include "handlers/client_rows.h"

#include "db/store.h"
#include "handlers/replica.h"
#include "returns/personal.h"

enum { REASON_MAX = 500 };

enum err client_rows_ask(struct request *r, const char *parameter, struct client_rows *out) {
    str reason = request_query(r, parameter);
    *out = (struct client_rows){.is_others = r->who->role != ROLE_PROVIDER};
    if (!out->is_others) return OK;
    out->reason = str_trim(reason.p ? reason : STR(""));
    if (!out->reason.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "Say why you read rows about clients: add ?%s=. It is kept in the audit.", parameter);
    if (out->reason.n > REASON_MAX)
        return fail(&r->fault, ERR_BAD_PARAMETER, "%s is longer than %d bytes.", parameter, REASON_MAX);
    const char *personal = personal_find(out->reason);
    if (personal)
        return fail(&r->fault, ERR_BAD_PARAMETER, "%s seems to hold %s. Write nothing about single people.",
                    parameter, personal);
    return replica_refuse(r); /* it leaves a line in the audit */
}

/* Not every pseudonym: episodeId is what provider and commissioner talk about a row by. */
bool client_rows_hide(const struct client_rows *c, const struct column *column) {
    return c->is_others && str_is(str_of(column->name), "clientId");
}

enum err client_rows_tell(const struct client_rows *c, struct request *r, struct db *db, str object,
                          int32_t version) {
    struct store_reading reading = {.service = request_param(r, "service"),
                                    .object = object,
                                    .key_id = str_of(r->who->key_id),
                                    .reason = c->reason,
                                    .version = version};
    return c->is_others ? store_rows_tell(db, &reading) : OK;
}
