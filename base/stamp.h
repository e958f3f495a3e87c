/* stamp: up to which change of a service figures go: "city-and-hackney:4711". The number goes up with every change of the service and comes from
 * one sequence for all, so stamps of two services do not compare. Receipts carry one, answers with figures too; a read that sends one back
 * is answered by figures that go at least as far. */
#ifndef QD_BASE_STAMP_H
#define QD_BASE_STAMP_H

#include "base/str.h"

enum { STAMP_TEXT = 88 };

struct stamp {
    str service;
    int64_t number; /* from 1 */
};

/* Writes it with its NUL; "" where the service's id is too long to be one. */
const char *stamp_format(struct stamp s, char out[STAMP_TEXT]);
/* The service is borrowed from text. */
bool stamp_parse(str text, struct stamp *out);
/* Do figures that go as far as `have` include what `asked` says? Those of another service do not. */
bool stamp_covers(struct stamp have, struct stamp asked);

#endif
