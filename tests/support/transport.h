/* transport: the real server room in this process, on a free port, with a small route table of its own. No database. */
#ifndef QD_TESTS_TRANSPORT_H
#define QD_TESTS_TRANSPORT_H

#include "server/server.h"
#include "tests/support/tls_client.h"

/* Starts it; settings left 0 take small, quick values. False (with the reason printed) when it does not start. */
bool transport_start(const struct server_settings *changes);
void transport_stop(void);
uint16_t transport_port(void);
struct server *transport_server(void);
/* server_stop() without the rest, for tests of stopping; transport_stop() then only tidies up. */
void transport_stop_server(unsigned grace_seconds);

/* A folder of this run, with cert.pem and key.pem. The texts live until transport_stop(). */
const char *transport_dir(void);
const char *transport_file(const char *name);

/* What the handlers did. */
unsigned transport_handled(void); /* handlers that ran to their end */
unsigned transport_running(void); /* handlers running now */
/* Waits until so many run, and until the log has so many lines with these words; false when that does not come. */
bool transport_wait_for_running(unsigned count);
bool transport_wait_for_lines(const char *words, unsigned count);
/* Lets all go on that GET /held holds, and that come later. */
void transport_release(void);

/* The streams that have begun, in the order of their beginning; the test feeds and drops them. transport_streams_called(): how often their
 * feeder was called. */
unsigned transport_streams(void);
struct stream *transport_stream(unsigned i);
unsigned transport_streams_called(void);
/* From now on no key is in force. */
void transport_revoke(void);

/* What the server has logged so far (standard error is caught in a file while it runs), and how many lines have the words. */
str transport_log(void);
unsigned transport_log_lines(const char *words);

/* Asks on a fresh connection and checks the status; the answer must be freed. */
struct tls_answer transport_ask(const char *label, const char *request, int status);
bool transport_body_has(const struct tls_answer *a, const char *words);

#endif
