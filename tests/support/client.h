/* client: HTTPS requests of the tests, by libcurl, with the certificate checked. */
#ifndef QD_TESTS_CLIENT_H
#define QD_TESTS_CLIENT_H

#include <jansson.h>

#include "base/buf.h"

struct ask {
    const char *method; /* NULL: GET */
    const char *path;   /* with the query */
    const char *key;    /* bearer; NULL: none */
    const char *type;   /* Content-Type; NULL: none */
    str body;           /* .p NULL: none */
    const char *headers[6];
};

/* Set where a lost connection is expected: says nothing about it. */
extern bool client_is_quiet;
/* How long it waits for the whole of an answer; 120 s. */
extern long client_patience_s;

struct answer {
    long status; /* 0: no answer at all */
    struct buf headers, body;
    json_t *json; /* the body, when it is JSON */
};

/* base is "https://127.0.0.1:port". Free the answer with answer_free(). */
struct answer client_send(const char *base, const char *ca_file, const struct ask *ask);
/* Gives back what this thread keeps between requests; for threads other than the runner's, at their end. */
void client_forget(void);
void answer_free(struct answer *a);

/* A value by its path: "kpis.3.quarter.value", "errors.0.code"; NULL when it is not there. */
const json_t *answer_at(const struct answer *a, const char *path);
/* As text: strings as they are, numbers as JSON writes them, "null", "true", "false"; "(absent)" when it is not there. Static memory, good until the fourth call after. */
const char *answer_text(const struct answer *a, const char *path);
/* The value of a response header, lower-case name; "" when absent. */
const char *answer_header(const struct answer *a, const char *name);

#endif
