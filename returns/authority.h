/* authority: the 153 upper-tier authorities of England (returns/authorities.csv), by GSS code or by name. */
#ifndef QD_RETURNS_AUTHORITY_H
#define QD_RETURNS_AUTHORITY_H

#include "base/str.h"

struct authority {
    const char *code; /* "E09000012" */
    int32_t number;   /* 9000012: what facts keep */
    const char *name; /* "Hackney" */
};

extern const struct authority authorities[]; /* sorted by code */
extern const size_t authorities_count;

/* By GSS code in any case, NULL when it is none of the 153. */
const struct authority *authority_by_code(str code);
/* By number; NULL. */
const struct authority *authority_by_number(int32_t number);
/* By name, tolerant of case, punctuation, "&" and the styles around it ("London Borough of Hackney"). */
const struct authority *authority_by_name(str name);
/* The nearest name for a mistyped one, or NULL. */
const struct authority *authority_nearest(str text);

#endif
