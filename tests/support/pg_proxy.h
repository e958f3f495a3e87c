/* pg_proxy: stands between the service and PostgreSQL on a unix socket of its own, and breaks the connection at a COMMIT: before it is
 * passed on, after it was passed on and before it was answered, or after the answer came and was kept back. It reads only the type and
 * the first bytes of what a client sends; what the server sends passes unread. */
#ifndef QD_TESTS_PG_PROXY_H
#define QD_TESTS_PG_PROXY_H

#include <stdbool.h>
#include <stddef.h>

struct pg_proxy;
enum pg_break { BREAK_BEFORE, BREAK_UNANSWERED, BREAK_ANSWER_KEPT, BREAK_KINDS };

/* conninfo is rewritten so that its host is the proxy's folder. NULL when it cannot be started. */
struct pg_proxy *pg_proxy_start(char *conninfo, size_t room);
void pg_proxy_stop(struct pg_proxy *p);
/* One COMMIT in `every` is broken, each kind in turn; 0: none. */
void pg_proxy_break(struct pg_proxy *p, unsigned every);
/* One COMMIT in `every` is answered by the proxy as done, and never passed on: what a service that answers before COMMIT would risk. */
void pg_proxy_lie(struct pg_proxy *p, unsigned every);
unsigned pg_proxy_lies(struct pg_proxy *p);
unsigned pg_proxy_broken(struct pg_proxy *p, enum pg_break kind);

#endif
