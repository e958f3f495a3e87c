/* remembered: which question a reply answers, in all that its bytes depend on, and whether memory may answer it. Only replies that their
 * handler allows are kept, and a hit is sent the same way as the reply was the first time: from the kept one.
 *
 * Everything that is asked of a request before its handler (key, right, rate, parameters) has been asked when this is. */
#include "server/compress.h"
#include "server/exchange.h"

enum { ACCEPT_MOST = 1024 };

static void add(struct buf *key, const char *text) {
    buf_add_cstr(key, text);
    buf_add_char(key, '\n');
}

/* Neither ids nor targets have a line break. */
static bool write_key(const struct exchange *x, struct buf *key) {
    const struct request *r = &x->request;
    const struct principal *who = r->who;
    if (!who) return false;
    buf_reserve(key, 256);
    buf_add_uint(key, (uint64_t)who->role);
    buf_add_char(key, ' ');
    buf_add_uint(key, who->scopes);
    add(key, request_accepts_gzip(r) ? " gzip" : "");
    add(key, who->service);
    add(key, who->provider);
    add(key, who->audience);
    size_t before = key->n;
    for (size_t i = 0; i < r->header_count; i++) {
        if (!str_eq_nocase(r->headers[i].name, STR("Accept"))) continue;
        buf_add_str(key, r->headers[i].value);
        buf_add_char(key, '\n');
    }
    bool short_enough = key->n - before <= ACCEPT_MOST;
    buf_add_str(key, x->target);
    return short_enough;
}

/* Does the reply go as far as the client has come already? */
static bool goes_far_enough(const struct exchange *x) {
    str asked = request_header(&x->request, "Quarterday-After");
    struct stamp have, after;
    if (!asked.p) return true;
    return stamp_parse(str_trim(asked), &after) && stamp_parse(str_of(x->reply.stamp), &have) &&
           stamp_covers(have, after);
}

bool exchange_remember(struct exchange *x) {
    const struct server *s = x->server;
    const struct request *r = &x->request;
    if (!s->kept || !s->settings.reply_state || r->route->lane != LANE_READ || r->route->method != METHOD_GET)
        return false;
    if (!s->settings.reply_state(r, &x->state)) return false;
    struct buf key = BUF_EMPTY;
    if (write_key(x, &key)) x->kept_key = arena_str(&x->arena, buf_str(&key));
    buf_free(&key);
    if (!x->kept_key.p) return false;
    x->kept = kept_find(s->kept, x->kept_key, x->state);
    if (!x->kept) return false;
    kept_fill(x->kept, &x->reply);
    x->from_memory = goes_far_enough(x);
    if (x->from_memory) return true;
    kept_drop(s->kept, x->kept);
    x->kept = NULL;
    x->reply = (struct reply){.status = 0};
    return false;
}

static bool is_finished(const struct reply *p) {
    bool whole = p->body.n && !p->lasting.n && !p->has_file && !p->goes_on;
    return p->may_be_kept && whole && !p->no_store && (p->status == 0 || p->status == 200);
}

void exchange_keep(struct exchange *x) {
    const struct server *s = x->server;
    if (x->request.fault.err != OK || !is_finished(&x->reply)) return;
    compress_reply(&x->request, &x->reply);
    struct reply_state now;
    bool same = x->kept_key.p && s->settings.reply_state(&x->request, &now) &&
                now.generation == x->state.generation && now.day == x->state.day;
    if (same) x->kept = kept_put(s->kept, x->kept_key, x->state, &x->reply);
}
