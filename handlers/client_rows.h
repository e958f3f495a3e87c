/* client_rows: rows about clients, shown to a commissioner whose key has the scope CLIENT_ROWS (server/authorise.c has seen to that): only
 * for a reason, with an audit line, and without the provider's own names for its clients. */
#ifndef QD_HANDLERS_CLIENT_ROWS_H
#define QD_HANDLERS_CLIENT_ROWS_H

#include "db/db.h"
#include "returns/part.h"
#include "server/http.h"

struct client_rows {
    bool is_others; /* whoever asks is not the provider whose rows they are */
    str reason;
};
/* Reads why from the query (?reason=, or as this route calls it), which a commissioner must give: ERR_MISSING_VALUE; a provider needs none, and what
 * it gives is not looked at. */
enum err client_rows_ask(struct request *r, const char *parameter, struct client_rows *out);
/* A column that only the provider itself gets back. */
bool client_rows_hide(const struct client_rows *c, const struct column *column);
/* TX. Tells the audit who has read which rows, and why; object: their address without /v1/; version 0: of
 * several versions. Nothing for the provider's own. */
enum err client_rows_tell(const struct client_rows *c, struct request *r, struct db *db, str object,
                          int32_t version);

#endif
