/* json_lex: the tokens of strict JSON (RFC 8259), read in place. No tree, no recursion: values nobody asked
 * for are skipped, and still checked. The text must be well-formed UTF-8 without NUL (encoding_open).
 *
 * Functions return false after they have written the fault: the body cannot be read any further. */
#ifndef QD_RETURNS_JSON_LEX_H
#define QD_RETURNS_JSON_LEX_H

#include "base/err.h"
#include "base/json_depth.h"
#include "returns/key_set.h"

struct json_lex {
    const char *p, *end;
    uint32_t line; /* of p: strings hold no line breaks, so only white space moves it */
    struct fault *fault;
    struct key_set keys; /* of the objects being read, to find repeated ones */
    uint32_t objects;    /* serial number of the object opened last */
};

struct json_string {
    str raw; /* between the quotes */
    bool escaped;
};

void json_lex_begin(struct json_lex *x, str text, struct fault *fault);
void json_lex_end(struct json_lex *x);
bool json_lex_fail(struct json_lex *x, const char *format, ...) __attribute__((format(printf, 2, 3)));

void json_lex_space_slow(struct json_lex *x);
/* Past white space. */
static inline void json_lex_space(struct json_lex *x) {
    if (x->p < x->end && (unsigned char)*x->p <= ' ') json_lex_space_slow(x);
}
/* The next byte, or NUL at the end. */
static inline char json_lex_peek(const struct json_lex *x) {
    return x->p < x->end ? *x->p : '\0';
}
/* Past one expected byte and the space behind it. */
bool json_lex_expect(struct json_lex *x, char c, const char *what);
/* p stands on the opening quote; afterwards behind the closing one. */
bool json_lex_string(struct json_lex *x, struct json_string *out);
/* p stands on a digit or minus. */
bool json_lex_number(struct json_lex *x, str *out);
/* Past true, false or null. */
bool json_lex_literal(struct json_lex *x, const char *word);
/* Skips any value; `depth` is the number of levels open around it. */
bool json_lex_skip(struct json_lex *x, unsigned depth);
/* Notes a property name of the object with that serial number; false when it has it already. */
bool json_lex_key(struct json_lex *x, struct json_string name, uint32_t object);

/* The text of a string; out has room for `room` bytes. False when it needs more. */
bool json_string_unescape(str raw, char *out, size_t room, size_t *out_n);

#endif
