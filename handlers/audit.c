/* GET /v1/audit: who did what, oldest first, after a line's number: the chain of a service, or without ?service= what belongs to none (keys,
 * lookups), for an admin. Every line comes with its hash and that of the line before it, and metadata.head says where the chain ends:
 * whoever keeps a head can show later that nothing before it was changed (`quarterday audit verify --heads`). */
#include <stdio.h>

#include "db/store_audit.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/target.h"

struct ask {
    struct request *r;
    struct reply *p;
    struct store_audit_ask audit;
    struct store_audit_head head;
};

static enum err ask_stream(struct request *r, str *out) {
    str own = str_of(r->who->service), asked = request_query(r, "service");
    *out = own.n ? own : asked.p ? asked : STR("");
    if (own.n && asked.p && !str_eq(asked, own))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(asked)));
    return OK;
}

static enum err find_head(struct ask *ask, struct db *db, struct fault *fault) {
    struct store_audit_head *heads;
    size_t count;
    enum err e = store_audit_heads(db, ask->r->arena, &heads, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (!str_eq(heads[i].stream, ask->audit.stream)) continue;
        ask->head = heads[i];
        return OK;
    }
    return e != OK ? e
                   : fail(fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(ask->audit.stream));
}

static void write_hash(struct json *j, const char *name, str hash) {
    char hex[SHA256_HEX];
    if (hash.n != SHA256_BYTES) json_field_null(j, name);
    else json_field_cstr(j, name, hex_format((const uint8_t *)hash.p, hash.n, hex));
}

static void write_line(struct json *j, const struct audit_entry *line) {
    char at[INSTANT_TEXT];
    json_object_begin(j);
    json_field_int(j, "line", line->seq);
    json_field_cstr(j, "at", instant_format(line->at, at));
    json_field_str(j, "actor", line->actor);
    json_field_str(j, "action", line->action);
    json_field_str(j, "object", line->object);
    json_field_raw(j, "detail", line->detail);
    write_hash(j, "previousHash", line->prev_hash);
    write_hash(j, "hash", line->hash);
    json_end(j);
}

/* Where nothing is left, the cursor is the end of the chain: who looks for rare actions does not go over the same ground again. */
static void write_metadata(const struct ask *ask, struct json *j, int64_t last, size_t count,
                           uint64_t total) {
    char cursor[24];
    int64_t end = ask->head.seq > ask->audit.after ? ask->head.seq : ask->audit.after;
    snprintf(cursor, sizeof cursor, "%lld", (long long)(total > count ? last : end));
    json_key(j, "metadata");
    json_object_begin(j);
    json_field_int(j, "total", (int64_t)total);
    json_field_int(j, "limit", (int64_t)ask->audit.limit);
    json_field_cstr(j, "cursor", cursor);
    json_field_bool(j, "more", total > count);
    json_key(j, "head");
    json_object_begin(j);
    json_field_str(j, "stream", ask->head.stream);
    json_field_int(j, "line", ask->head.seq);
    write_hash(j, "hash", ask->head.hash);
    json_end(j);
    json_end(j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct audit_entry *lines;
    size_t count;
    uint64_t total;
    enum err e = find_head(ask, db, fault);
    if (e == OK && ask->audit.after > ask->head.seq)
        return fail(
            fault, ERR_BAD_PARAMETER,
            "The chain has %lld lines; after=%lld is of another one, or of a database that was put back to an earlier state. Begin "
            "again without after.",
            (long long)ask->head.seq, (long long)ask->audit.after);
    if (e == OK) e = store_audit_list(db, &ask->audit, ask->r->arena, &lines, &count, &total);
    if (e != OK) return e;
    buf_clear(&ask->p->body);
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_key(&j, "results");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++)
        write_line(&j, &lines[i]);
    json_end(&j);
    write_metadata(ask, &j, count ? lines[count - 1].seq : 0, count, total);
    json_end(&j);
    return OK;
}

static str asked_or_any(struct request *r, const char *name) {
    str asked = request_query(r, name);
    return asked.p ? asked : STR("");
}

enum err handle_audit(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .audit = {.limit = PAGE_DEFAULT}};
    ask.audit.actor = asked_or_any(r, "actor");
    ask.audit.action = asked_or_any(r, "action");
    enum err e = ask_stream(r, &ask.audit.stream);
    if (e == OK) e = query_after(r, &ask.audit.after);
    if (e == OK) e = query_count(r, "limit", PAGE_MAX, &ask.audit.limit);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
