/* fuzz_chain: a chain of the audit as it is read from a database that others may have written to. The input is cut at its NULs into the texts
 * of lines. The chain as our own hashes make it is whole; with one byte of one text put differently it is not, and the line is named. */
#include "db/audit_chain.h"
#include "tests/fuzz/target.h"

enum { LINES_MOST = 12 };

struct chain {
    size_t count;
    struct audit_entry lines[LINES_MOST];
    uint8_t hashes[LINES_MOST + 1][SHA256_BYTES]; /* after so many lines */
};

static str hash_of(const struct chain *c, size_t lines) {
    return (str){(const char *)c->hashes[lines], SHA256_BYTES};
}

static void build(struct chain *c, str rest) {
    c->count = 0;
    memset(c->hashes, 0, sizeof c->hashes);
    while (rest.n && c->count < LINES_MOST) {
        struct audit_entry *e = &c->lines[c->count];
        *e = (struct audit_entry){.seq = (int64_t)c->count + 1, .at = (int64_t)(rest.n * 977)};
        str *const texts[] = {&e->actor, &e->action, &e->object, &e->detail};
        for (size_t i = 0; i < 4; i++) {
            *texts[i] = str_cut(&rest, '\0');
            if (!texts[i]->p) *texts[i] = STR("");
        }
        e->prev_hash = hash_of(c, c->count);
        c->count++;
        audit_entry_hash(STR("city-and-hackney"), e, c->hashes[c->count]);
        e->hash = hash_of(c, c->count);
    }
}

/* The number of the first bad line, 0: it is whole. */
static int64_t judge(const struct chain *c) {
    struct audit_chain chain = audit_chain_of(STR("city-and-hackney"), NULL, 0);
    for (size_t i = 0; i < c->count; i++)
        if (!audit_chain_add(&chain, &c->lines[i])) return chain.bad_line;
    return audit_chain_end(&chain, (int64_t)c->count, hash_of(c, c->count)) ? 0 : -1;
}

/* Moves the border between two texts of a line, or changes a letter. */
static void spoil(struct chain *c, unsigned choice) {
    struct audit_entry *e = &c->lines[choice % c->count];
    static char letter[2] = "?";
    str *const texts[] = {&e->actor, &e->action, &e->object, &e->detail};
    str *t = texts[choice / 16 % 4];
    if (t->n) t->n--;
    else {
        letter[0] = (char)('a' + choice % 26);
        *t = (str){letter, 1};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct chain c;
    unsigned choice;
    build(&c, chosen(data, size, &choice));
    must(judge(&c) == 0);
    if (!c.count) return 0;
    spoil(&c, choice);
    must(judge(&c) == (int64_t)(choice % c.count) + 1);
    return 0;
}
