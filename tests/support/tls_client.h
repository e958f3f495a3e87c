/* tls_client: a raw HTTPS client for tests that must decide about every byte: half a request, two at once, one byte a second.
 * Every call waits, but not for ever; any certificate is trusted. */
#ifndef QD_TESTS_TLS_CLIENT_H
#define QD_TESTS_TLS_CLIENT_H

#include "base/buf.h"

/* For what must come: how soon is not the tests' business, as the machine may be slow. */
enum { PATIENCE_MS = 60000 };

struct tls_client;

/* Connected and shaken hands; NULL when that fails. */
struct tls_client *tls_connect(uint16_t port);
/* Connected, no handshake. */
struct tls_client *tls_connect_silent(uint16_t port);
/* The same two from another address of the loopback network, such as "127.0.0.7". */
struct tls_client *tls_connect_from(const char *address, uint16_t port);
struct tls_client *tls_connect_silent_from(const char *address, uint16_t port);
void tls_close(struct tls_client *c);
/* Ends the TCP connection with a reset, without a word. */
void tls_vanish(struct tls_client *c);
int tls_fd(const struct tls_client *c);
/* The server's own certificate, as it was shown in the handshake (DER); empty without TLS. Good as long as the client. */
str tls_certificate(const struct tls_client *c);

bool tls_send(struct tls_client *c, const void *bytes, size_t n);
bool tls_send_text(struct tls_client *c, const char *text);
/* From here on what is sent does not leave, until it is let go, in pieces of so many bytes (SIZE_MAX: at once). */
void tls_hold(struct tls_client *c);
bool tls_let_go(struct tls_client *c, size_t piece);

struct tls_answer {
    int status; /* 0 when the connection ended, or the time was over, before a whole answer was there */
    struct buf head, body;
};

/* The next answer, with its body; a 100 Continue is an answer of its own. head_only: of HEAD, no body follows. */
bool tls_receive(struct tls_client *c, struct tls_answer *out, int ms);
bool tls_receive_head_only(struct tls_client *c, struct tls_answer *out, int ms);
void tls_answer_free(struct tls_answer *a);
/* A header's value, or STR_NONE. */
str tls_answer_header(const struct tls_answer *a, const char *name);

/* Waits until these words have come; what came up to their end is taken. False when they did not within ms. */
bool tls_wait_for_words(struct tls_client *c, const char *words, int ms);
/* Milliseconds until the server ends the connection, or -1 when it did not within ms. Bytes that come meanwhile are dropped. */
int tls_wait_for_end(struct tls_client *c, int ms);
/* One request, one answer, on a connection of its own. */
bool tls_ask(uint16_t port, const char *request, struct tls_answer *out);

int64_t tls_now_ms(void);

#endif
