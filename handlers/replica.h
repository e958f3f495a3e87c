/* replica: a process beside a standby of the database answers reads and stores nothing, also not who has read what. */
#ifndef QD_HANDLERS_REPLICA_H
#define QD_HANDLERS_REPLICA_H

#include "handlers/app.h"

/* ERR_READ_ONLY, saying where changes go, where this process is one; else OK. */
enum err replica_refuse(struct request *r);

#endif
