#include "db/audit_chain.h"

#include <endian.h>
#include <string.h>

static void add_bytes(struct sha256 *h, const void *bytes, size_t n) {
    uint32_t length = htobe32((uint32_t)n);
    sha256_add(h, &length, sizeof length);
    sha256_add(h, bytes, n);
}

static void add_number(struct sha256 *h, int64_t n) {
    uint64_t big = htobe64((uint64_t)n);
    add_bytes(h, &big, sizeof big);
}

void audit_entry_hash(str stream, const struct audit_entry *line, uint8_t out[SHA256_BYTES]) {
    struct sha256 *h = sha256_begin();
    add_bytes(h, stream.p, stream.n);
    add_number(h, line->seq);
    add_number(h, line->at);
    add_bytes(h, line->actor.p, line->actor.n);
    add_bytes(h, line->action.p, line->action.n);
    add_bytes(h, line->object.p, line->object.n);
    add_bytes(h, line->detail.p, line->detail.n);
    add_bytes(h, line->prev_hash.p, line->prev_hash.n);
    sha256_end(h, out);
}

const char *audit_flaw_words(enum audit_flaw flaw) {
    switch (flaw) {
    case AUDIT_WHOLE: return "is whole";
    case AUDIT_LINE_MISSING: return "is missing";
    case AUDIT_LINE_MOVED:
        return "does not continue the line before it; it was put in or moved, or the one before was changed";
    case AUDIT_LINE_CHANGED: return "was changed: its hash is not that of what it says";
    case AUDIT_HEAD_WRONG: return "is the last one, but the head of the chain says another hash";
    case AUDIT_NOT_AS_KEPT: return "is not the line whose hash was kept outside: the chain was written anew";
    }
    return "";
}

struct audit_chain audit_chain_of(str stream, const struct audit_anchor *anchors, size_t count) {
    return (struct audit_chain){.stream = stream, .anchors = anchors, .anchor_count = count};
}

static bool flawed(struct audit_chain *c, enum audit_flaw flaw, int64_t line) {
    c->flaw = flaw;
    c->bad_line = line;
    return false;
}

static bool is_hash(str s, const uint8_t hash[SHA256_BYTES]) {
    return s.n == SHA256_BYTES && memcmp(s.p, hash, SHA256_BYTES) == 0;
}

/* Of the anchors for this line; those before it are behind us. */
static bool as_kept(struct audit_chain *c, int64_t seq) {
    for (; c->anchor_count && c->anchors->seq <= seq; c->anchors++, c->anchor_count--)
        if (c->anchors->seq == seq && memcmp(c->anchors->hash, c->hash, SHA256_BYTES) != 0) return false;
    return true;
}

bool audit_chain_add(struct audit_chain *c, const struct audit_entry *line) {
    if (c->flaw) return false;
    int64_t next = c->last + 1;
    if (line->seq != next) return flawed(c, AUDIT_LINE_MISSING, next);
    if (!is_hash(line->prev_hash, c->hash)) return flawed(c, AUDIT_LINE_MOVED, next);
    audit_entry_hash(c->stream, line, c->hash);
    if (!is_hash(line->hash, c->hash)) return flawed(c, AUDIT_LINE_CHANGED, next);
    c->last = next;
    return as_kept(c, next) || flawed(c, AUDIT_NOT_AS_KEPT, next);
}

bool audit_chain_end(struct audit_chain *c, int64_t head_seq, str head_hash) {
    if (c->flaw) return false;
    if (head_seq > c->last || c->anchor_count) return flawed(c, AUDIT_LINE_MISSING, c->last + 1);
    if (head_seq != c->last || !is_hash(head_hash, c->hash)) return flawed(c, AUDIT_HEAD_WRONG, c->last);
    return true;
}
