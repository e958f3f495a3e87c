/* ask: a GET of one command from the options to the parsed answer. */
#ifndef QD_CLIENT_ASK_H
#define QD_CLIENT_ASK_H

#include "client/http.h"

/* `who` as in connection_open(). 0: *out is a 200; otherwise what is wrong was said. http_close(out) in both cases. */
int ask_get(const struct options *o, const char *who, str path, struct http_answer *out);
/* The period of the options, or what is wrong with it. 0: go on. */
int ask_period(const struct options *o, const char **out);
int ask_service(const struct options *o, const char **out);
/* Prints the answer's bytes as a line when --json was given. */
bool ask_print_json(const struct options *o, const struct http_answer *a);
/* An exit status of something that was written out: EXIT_NOT_ASKED when standard output did not take it. */
int ask_end(const struct options *o, int status);

#endif
