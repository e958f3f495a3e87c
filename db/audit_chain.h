/* audit_chain: is an audit chain whole? Works the hashes out anew from the description at the table (migration 0004), and shares nothing with
 * the statement that writes the lines (db/sql/audit_append.sql): a mistake in one does not hide in the other. Pure.
 *
 * What a chain can show: that no line was changed, taken out, put in or moved before the last one. That the last ones were not cut off, and
 * that not all was written anew, is shown by heads that were kept outside the database: audit_chain_expect(). */
#ifndef QD_DB_AUDIT_CHAIN_H
#define QD_DB_AUDIT_CHAIN_H

#include "base/date.h"
#include "base/hash.h"

struct audit_entry {
    int64_t seq, at; /* at: microseconds since 1970 */
    str actor, action, object;
    str detail; /* the JSON text, to the byte */
    str prev_hash, hash;
};

/* The hash that a line of this stream must have. */
void audit_entry_hash(str stream, const struct audit_entry *line, uint8_t out[SHA256_BYTES]);

/* A head that was kept elsewhere: this line must be there, with this hash. */
struct audit_anchor {
    int64_t seq;
    uint8_t hash[SHA256_BYTES];
};

enum audit_flaw {
    AUDIT_WHOLE,
    AUDIT_LINE_MISSING, /* its number is left out, or the chain ends before it */
    AUDIT_LINE_MOVED,   /* it does not continue the line before it */
    AUDIT_LINE_CHANGED, /* its hash is not that of its contents */
    AUDIT_HEAD_WRONG,   /* the head says another end than the last line */
    AUDIT_NOT_AS_KEPT   /* whole, but not the chain of which a head was kept: written anew */
};
/* What is wrong, in words that end a sentence about the line. */
const char *audit_flaw_words(enum audit_flaw flaw);

struct audit_chain {
    str stream;                         /* borrowed, as are the anchors */
    const struct audit_anchor *anchors; /* ascending */
    size_t anchor_count;
    int64_t last; /* lines seen so far that are good */
    uint8_t hash[SHA256_BYTES];
    enum audit_flaw flaw;
    int64_t bad_line; /* the first one, where there is a flaw */
};
struct audit_chain audit_chain_of(str stream, const struct audit_anchor *anchors, size_t count);
/* The next line. False: the chain is broken, here or before; nothing after the first flaw is judged. */
bool audit_chain_add(struct audit_chain *c, const struct audit_entry *line);
/* After the last line: does the head say so? hash STR_NONE: there is no head. */
bool audit_chain_end(struct audit_chain *c, int64_t head_seq, str head_hash);

#endif
