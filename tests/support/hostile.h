/* hostile: files as people and programs really send them, each with the answer that the contract asks for. One table for the
 * unit test, which judges them, and for the HTTP test, which sends them as dry runs for 2025-26-Q2, today being 2026-02-20. */
#ifndef QD_TESTS_HOSTILE_H
#define QD_TESTS_HOSTILE_H

#include "base/buf.h"

/* What the bytes are made of the text. */
enum hostile_as {
    AS_IT_IS,
    AS_UTF16_LE,
    AS_UTF16_BE,
    AS_UTF16_BARE,      /* little endian without its mark */
    AS_UTF16_CUT_SHORT, /* little endian without the last byte */
    AS_UTF32_LE,
};

struct hostile {
    const char *proves;
    const char *part;
    str body;   /* ASCII where `as` is not AS_IT_IS */
    int status; /* 200, 400 or 422 */
    /* "1:quitDate:BAD_DATE@2 ~0:colour:UNKNOWN_COLUMN@1": row, column, code, line; ~ before warnings. Of a 400 "@line". */
    const char *found;
    const char *says; /* some words of a detail or a fix; NULL: none in particular */
    enum hostile_as as;
};

extern const struct hostile hostile_files[];
extern const size_t hostile_count;

bool hostile_is_json(const struct hostile *h);
/* The bytes to send. */
void hostile_bytes(const struct hostile *h, struct buf *out);

#endif
