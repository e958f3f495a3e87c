/* connection: to which service, with which key, trusting whom. */
#ifndef QD_CLIENT_CONNECTION_H
#define QD_CLIENT_CONNECTION_H

#include "base/arena.h"
#include "client/options.h"

struct connection {
    struct arena arena; /* the texts */
    const char *command;
    const char *url; /* without a slash at the end */
    const char *key;
    const char *ca_file; /* NULL: the system's */
    long silence;        /* seconds without a byte until it is given up */
};

/* Reads options, environment and files. `who`: whose key of a run.json is meant unless --as says another
 * ("commissioner", or a provider's id). 0: go on; otherwise it said what is wrong, return it. connection_close() in
 * both cases. */
int connection_open(struct connection *c, const struct options *o, const char *who);
void connection_close(struct connection *c); /* wipes the key */

#endif
