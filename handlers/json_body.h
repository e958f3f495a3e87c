/* json_body: small JSON bodies (forms): an object of known members with text values; everything else is said by name. */
#ifndef QD_HANDLERS_JSON_BODY_H
#define QD_HANDLERS_JSON_BODY_H

#include <jansson.h>

#include "server/http.h"

/* Longest text of one member, in bytes. */
enum { JSON_BODY_TEXT_MAX = 4000 };

/* ERR_MALFORMED with the place and what is wrong there. What stands there is not told again: it may be about a person. */
enum err json_body_malformed(struct fault *fault, const json_error_t *error);
/* Reads the body as an object. known: the members' names, separated by spaces; another one is a 422 that names the nearest. An empty body is an
 * empty object. Members are text or null; a text that
 * seems to hold an NHS number, a telephone number or an e-mail address is a 422. Free *out with json_decref(). */
enum err json_body_read(struct request *r, const char *known, json_t **out);
/* The same where members are of any type; each is then taken by its own type. What is absent or null leaves *out as it is. */
enum err json_body_read_any(struct request *r, const char *known, json_t **out);
enum err json_body_take_text(struct request *r, const json_t *body, const char *name, str *out);
enum err json_body_take_number(struct request *r, const json_t *body, const char *name, uint64_t least,
                               uint64_t most, uint64_t *out);
/* A list of texts, joined by commas. */
enum err json_body_take_list(struct request *r, const json_t *body, const char *name, str *out);
/* The member's text, trimmed, in the request's arena; empty when absent or null. */
str json_body_text(struct request *r, const json_t *body, const char *name);
/* Was the member given at all (also as null)? */
bool json_body_has(const json_t *body, const char *name);

#endif
