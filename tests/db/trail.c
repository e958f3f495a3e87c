/* The trail of what happened: the audit chain worked out anew, keys from issue to revocation, and the notices
 * between processes. */
#include <stdio.h>
#include <stdlib.h>

#include "db/store_audit.h"
#include "tests/db/fixture.h"

/* ---- audit ---- */

static void add_line(void *context, const struct audit_entry *line) {
    audit_chain_add(context, line);
}

/* The first bad row of a stream, 0 when all is well, and how many lines are good. */
static int verify_chain(const char *conninfo, const char *stream, int *out_lines) {
    struct db *db = db_new(conninfo, "verify");
    db_act_for(db, DB_EVERYBODY);
    struct arena a = ARENA_EMPTY;
    struct store_audit_head *heads = NULL;
    size_t count = 0;
    struct audit_chain c = audit_chain_of(str_of(stream), NULL, 0);
    CHECK(store_audit_heads(db, &a, &heads, &count) == OK, "%s", db_last_error(db));
    CHECK(store_audit_each(db, str_of(stream), add_line, &c) == OK, "%s", db_last_error(db));
    for (size_t i = 0; i < count; i++)
        if (str_is(heads[i].stream, stream)) audit_chain_end(&c, heads[i].seq, heads[i].hash);
    *out_lines = (int)c.last;
    arena_free(&a);
    db_free(db);
    return (int)c.bad_line;
}

static void chain(void) {
    struct store_version v;
    int lines = 0, before = 0;
    CHECK(verify_chain(fx.owner, "svc", &before) == 0 && before == 3,
          "the framework and two providers: %d lines", before);
    for (int i = 0; i < 20; i++)
        CHECK(fixture_accept(fx.db, i % 2 ? ONE : TWO, 8100, PART_FOLLOW_UPS, 1, INSTANT_NONE, &v) == OK,
              "stored");
    int bad = verify_chain(fx.owner, "svc", &lines);
    CHECK(bad == 0 && lines == before + 20, "first bad line %d of %d", bad, lines);
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT h.seq = a.seq AND h.hash = a.hash FROM audit_head h JOIN audit a USING (stream) WHERE stream = 'svc' ORDER BY a.seq DESC LIMIT 1"),
            "t") == 0,
        "the head is the last line");
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT actor || ' ' || action || ' ' || object || ' ' || (detail->>'correlation') FROM audit WHERE stream = 'svc' ORDER BY seq DESC LIMIT 1"),
            "key2345678 RETURN_ACCEPTED returns/svc/one/2025-26-Q1/follow-ups?version=10 corr-1") == 0,
        "%s",
        database_ask(fx.owner, "SELECT object FROM audit WHERE stream = 'svc' ORDER BY seq DESC LIMIT 1"));
}

/* ---- a provider that changes ---- */

struct telling {
    str service;
    bool end_badly;
};

static enum err tell(struct db *db, void *context, struct fault *fault) {
    const struct telling *t = context;
    enum err e = store_framework_lock(db, STR("fw"));
    if (e == OK)
        e = store_provider_tell(db, t->service, ONE, STR("{\"id\":\"one\"}"), STR("key2345678"),
                                STR("corr-2"));
    return e == OK && t->end_badly ? fail(fault, ERR_INVALID, "on purpose") : e;
}

static enum err tell_of(str service, bool end_badly) {
    struct telling t = {service, end_badly};
    struct fault fault = {.err = OK};
    return db_transaction(fx.db, &(struct db_work){.run = tell, .context = &t}, &fault);
}

static void provider_changes(void) {
    static const char *const COUNT =
        "SELECT (SELECT count(*) FROM event WHERE kind = 'PROVIDER_CHANGED') || ' ' || "
        "(SELECT count(*) FROM audit WHERE action = 'PROVIDER_CHANGED')";
    CHECK(database_do(fx.owner, "UPDATE service SET stamp = nextval('change_seq') WHERE service = 'svc'"),
          "as a new version of the framework does");
    CHECK(tell_of(SERVICE, true) == ERR_INVALID && strcmp(database_ask(fx.owner, COUNT), "0 0") == 0,
          "rolled back as a whole: %s", database_ask(fx.owner, COUNT));
    CHECK(tell_of(STR("nowhere"), false) == ERR_NOT_FOUND, "no such service");
    CHECK(tell_of(SERVICE, false) == OK && strcmp(database_ask(fx.owner, COUNT), "1 1") == 0, "told: %s",
          database_ask(fx.owner, COUNT));
    CHECK(
        strcmp(database_ask(fx.owner,
                            "SELECT (e.seq = s.stamp) || ' ' || e.body::text FROM event e JOIN service s "
                            "USING (service) WHERE kind = 'PROVIDER_CHANGED'"),
               "true {\"service\": \"svc\", \"provider\": {\"id\": \"one\"}, \"correlation\": \"corr-2\"}") ==
            0,
        "%s", database_ask(fx.owner, "SELECT body::text FROM event WHERE kind = 'PROVIDER_CHANGED'"));
    CHECK(strcmp(database_ask(fx.owner,
                              "SELECT actor || ' ' || object FROM audit WHERE action = 'PROVIDER_CHANGED'"),
                 "key2345678 services/svc/providers/one") == 0,
          "the audit line");
    int lines = 0;
    CHECK(verify_chain(fx.owner, "svc", &lines) == 0, "the chain is whole");
}

/* As somebody with the rights of the owner who has switched the triggers off. */
static void tampering(void) {
    static const char *const CHANGES[] = {
        "UPDATE audit SET actor = 'nobody' WHERE stream = 'svc' AND seq = 7",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE stream = 'svc' AND seq = 7",
        "UPDATE audit SET detail = '{\"rows\":0}' WHERE stream = 'svc' AND seq = 7",
        "UPDATE audit SET detail = (detail::text || ' ')::json WHERE stream = 'svc' AND seq = 7",
        "UPDATE audit SET object = object || 'x', hash = sha256('x') WHERE stream = 'svc' AND seq = 7",
        "DELETE FROM audit WHERE stream = 'svc' AND seq = 7",
        "UPDATE audit SET seq = seq + 1000 WHERE stream = 'svc' AND seq = 7",
    };
    for (size_t i = 0; i < sizeof CHANGES / sizeof CHANGES[0]; i++) {
        char sql[800];
        int lines = 0;
        CHECK(strcmp(database_refusal(fx.owner, CHANGES[i]), "42501") == 0, "even the owner is refused: %s",
              CHANGES[i]);
        snprintf(sql, sizeof sql,
                 "CREATE TABLE kept AS SELECT * FROM audit; ALTER TABLE audit DISABLE TRIGGER USER; %s",
                 CHANGES[i]);
        CHECK(database_do(fx.owner, sql), "%s", CHANGES[i]);
        CHECK(verify_chain(fx.owner, "svc", &lines) == 7, "found: %s", CHANGES[i]);
        CHECK(
            database_do(
                fx.owner,
                "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept; ALTER TABLE audit ENABLE TRIGGER USER"),
            "restored");
    }
    int lines = 0;
    CHECK(verify_chain(fx.owner, "svc", &lines) == 0, "and untouched it is whole");
}

/* ---- keys ---- */

static struct store_key a_key(str id) {
    int64_t now = instant_now();
    struct store_key k = {.id = id,
                          .role = 8,
                          .service = SERVICE,
                          .provider = ONE,
                          .audience = STR("internal"),
                          .label = STR("a label"),
                          .created_at = now,
                          .expires_at = now + INT64_C(86400000000),
                          .revoked_at = INSTANT_NONE,
                          .sample = true};
    memset(k.secret_sha256, 0x5a, sizeof k.secret_sha256);
    return k;
}

static const struct store_key *find(const struct store_key *list, size_t n, str id) {
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].id, id)) return &list[i];
    return NULL;
}

static void keys(void) {
    struct arena a = ARENA_EMPTY;
    struct store_key k = a_key(STR("abcdefghij")), *list;
    size_t n;
    int lines = 0, more = 0;
    verify_chain(fx.owner, "svc", &lines);
    CHECK(store_key_put(fx.db, &k, STR("operator")) == OK, "%s", db_last_error(fx.db));
    CHECK(store_keys_list(fx.db, &a, &list, &n) == OK, "%s", db_last_error(fx.db));
    const struct store_key *got = find(list, n, k.id);
    CHECK(got && got->role == 8 && str_eq(got->service, k.service) && str_eq(got->provider, k.provider) &&
              str_eq(got->audience, k.audience) && str_eq(got->label, k.label) &&
              got->created_at == k.created_at && got->expires_at == k.expires_at &&
              got->revoked_at == INSTANT_NONE && got->sample &&
              memcmp(got->secret_sha256, k.secret_sha256, SHA256_BYTES) == 0,
          "every field as it was put");
    CHECK(store_key_put(fx.db, &k, STR("operator")) == ERR_CONFLICT, "an id is taken once");
    CHECK(store_key_revoke(fx.db, k.id, STR("operator")) == OK, "%s", db_last_error(fx.db));
    CHECK(store_keys_list(fx.db, &a, &list, &n) == OK && (got = find(list, n, k.id)) &&
              got->revoked_at != INSTANT_NONE,
          "revoked");
    int64_t first = got ? got->revoked_at : 0;
    CHECK(store_key_revoke(fx.db, k.id, STR("operator")) == OK, "revoking again does no harm");
    CHECK(store_keys_list(fx.db, &a, &list, &n) == OK && (got = find(list, n, k.id)) &&
              got->revoked_at == first,
          "and keeps the instant");
    CHECK(store_key_revoke(fx.db, STR("zzzzzzzzzz"), STR("operator")) == ERR_NOT_FOUND, "unknown");
    CHECK(verify_chain(fx.owner, "svc", &more) == 0 && more == lines + 3,
          "each is a line of the audit: %d more", more - lines);
    struct store_key admin = a_key(STR("adminadmin"));
    admin.role = 1;
    admin.service = admin.provider = STR_NONE;
    CHECK(store_key_put(fx.db, &admin, STR("operator")) == OK && verify_chain(fx.owner, "", &more) == 0 &&
              more == 1,
          "a key of no service is in the stream of none");
    arena_free(&a);
}

static void impossible_keys(void) {
    static const char *const LABELS[] = {"a provider's key without provider",
                                         "an admin's with one",
                                         "no such role",
                                         "expired before it was made",
                                         "good for ten years",
                                         "an id that is none",
                                         "no such audience"};
    for (int i = 0; i < 7; i++) {
        struct store_key k = a_key(STR("nonenonene"));
        if (i == 0) k.provider = STR("");
        if (i == 1) k.role = 1;
        if (i == 2) k.role = 3;
        if (i == 3) k.expires_at = k.created_at;
        if (i == 4) k.expires_at = k.created_at + 3650 * INT64_C(86400000000);
        if (i == 5) k.id = STR("Nonenonene");
        if (i == 6) k.audience = STR("everybody");
        CHECK(store_key_put(fx.db, &k, STR("operator")) == ERR_INTERNAL, "%s", LABELS[i]);
    }
    CHECK(strcmp(database_ask(fx.owner, "SELECT count(*) FROM api_key WHERE id = 'nonenonene'"), "0") == 0,
          "none of them is there");
}

/* ---- notices ---- */

static void notices(void) {
    struct db *listener = db_new(fx.app, "listener");
    db_act_for(listener, DB_EVERYBODY);
    bool reconnected;
    struct store_version v;
    struct store_key k = a_key(STR("noticenote"));
    CHECK(store_keys_wait(listener, 10, &reconnected) && reconnected,
          "a new connection: everything may have changed");
    CHECK(!store_keys_wait(listener, 10, &reconnected) && !reconnected, "then nothing");
    CHECK(fixture_accept(fx.db, ONE, 8101, PART_EPISODES, 1, INSTANT_NONE, &v) == OK, "an upload");
    CHECK(!store_keys_wait(listener, 100, &reconnected) && !reconnected,
          "is no news to whoever waits for keys");
    CHECK(store_key_put(fx.db, &k, STR("operator")) == OK, "a key");
    CHECK(store_keys_wait(listener, 2000, &reconnected) && !reconnected, "is heard");
    CHECK(!store_keys_wait(listener, 10, &reconnected), "once");
    database_ask(
        fx.app,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'listener'");
    bool heard = store_keys_wait(listener, 10, &reconnected);
    for (int i = 0; !heard && i < 3; i++)
        heard = store_keys_wait(listener, 10, &reconnected);
    CHECK(heard && reconnected, "a lost connection is made anew, and that counts as a change");
    db_free(listener);
    listener = db_new("host=/nowhere dbname=none", "listener");
    CHECK(!store_keys_wait(listener, 10, &reconnected) && !reconnected,
          "no database: nothing, without hurry");
    db_free(listener);
}

void suite_db_trail(void) {
    suite_add("db trail", fixture_begin, fixture_end);
    case_add("the audit chain is what its description says", chain);
    case_add("every change of the audit is refused, and found when forced", tampering);
    case_add("a provider that changes is told with its framework", provider_changes);
    case_add("keys are put, read, revoked and audited", keys);
    case_add("keys that cannot be are refused by the table", impossible_keys);
    case_add("other processes hear of changes", notices);
}
