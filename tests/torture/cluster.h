/* cluster: the PostgreSQL cluster beside which the tests run (tools/with_cluster.sh), stopped and started by tools/cluster.sh. */
#ifndef QD_TESTS_CLUSTER_H
#define QD_TESTS_CLUSTER_H

#include <stdbool.h>

/* "start" or "stop"; waits until it is done. */
bool cluster_do(const char *what);
/* Runs SQL as its superuser. */
bool cluster_sql(const char *sql);

#endif
