#include "tests/support/receiver.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/patience.h"
#include "tests/support/text_file.h"

enum { PATIENCE_SECONDS = 60 };

/* ---- its thread ---- */

static const char *header(struct receiver *r, struct MHD_Connection *c, const char *name) {
    const char *value = MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
    return arena_cstr(&r->arena, str_of(value ? value : ""));
}

static struct received note(struct receiver *r, struct MHD_Connection *c, const char *url,
                            const struct buf *body) {
    pthread_mutex_lock(&r->lock);
    struct received got = {
        .path = arena_cstr(&r->arena, str_of(url)),
        .id = header(r, c, "Quarterday-Event-Id"),
        .webhook = header(r, c, "Quarterday-Webhook"),
        .attempt = header(r, c, "Quarterday-Attempt"),
        .timestamp = header(r, c, "Quarterday-Timestamp"),
        .signature = header(r, c, "Quarterday-Signature"),
        .type = header(r, c, "Content-Type"),
        .body = arena_cstr(&r->arena, buf_str(body)),
    };
    pthread_mutex_unlock(&r->lock);
    return got;
}

/* What is counted has been answered, as far as the case is concerned. */
static void keep(struct receiver *r, struct received got) {
    pthread_mutex_lock(&r->lock);
    if (r->count == r->room) {
        r->room = r->room ? 2 * r->room : 64;
        r->list = must_realloc(r->list, r->room * sizeof *r->list);
    }
    r->list[r->count++] = got;
    pthread_cond_broadcast(&r->came);
    pthread_mutex_unlock(&r->lock);
}

static enum MHD_Result reply(struct receiver *r, struct MHD_Connection *c, unsigned status) {
    char *words = must_calloc(1, r->answer_bytes + 1);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(r->answer_bytes, words, MHD_RESPMEM_MUST_FREE);
    if (r->location) MHD_add_response_header(response, "Location", r->location);
    enum MHD_Result result = MHD_queue_response(c, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result take(void *context, struct MHD_Connection *c, const char *url, const char *method,
                            const char *version, const char *data, size_t *size, void **request) {
    struct receiver *r = context;
    (void)method;
    (void)version;
    if (!*request) {
        *request = must_calloc(1, sizeof(struct buf));
        return MHD_YES;
    }
    struct buf *body = *request;
    if (*size) {
        buf_add(body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    struct received got = note(r, c, url, body);
    got.status = r->answer ? r->answer(r->context, &got) : 200;
    keep(r, got);
    return got.status ? reply(r, c, got.status) : MHD_NO;
}

static void over(void *context, struct MHD_Connection *c, void **request,
                 enum MHD_RequestTerminationCode how) {
    (void)context;
    (void)c;
    (void)how;
    if (*request) buf_free(*request);
    free(*request);
    *request = NULL;
}

/* ---- for the case ---- */

bool receiver_start(struct receiver *r, const char *cert_file, const char *key_file) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *r = (struct receiver){.arena = ARENA_EMPTY};
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->came, NULL);
    if (!text_file_read(cert_file, &r->certificate) || !text_file_read(key_file, &r->key)) return false;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, take, r, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_HTTPS_MEM_CERT, r->certificate.p, MHD_OPTION_HTTPS_MEM_KEY, r->key.p,
        MHD_OPTION_NOTIFY_COMPLETED, over, NULL, MHD_OPTION_END);
    r->daemon = daemon;
    if (!daemon) return false;
    snprintf(r->url, sizeof r->url, "https://localhost:%d",
             (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    return true;
}

void receiver_stop(struct receiver *r) {
    if (r->daemon) MHD_stop_daemon(r->daemon);
    free(r->list);
    arena_free(&r->arena);
    buf_free(&r->certificate);
    buf_free(&r->key);
    pthread_cond_destroy(&r->came);
    pthread_mutex_destroy(&r->lock);
}

size_t receiver_count(struct receiver *r) {
    pthread_mutex_lock(&r->lock);
    size_t n = r->count;
    pthread_mutex_unlock(&r->lock);
    return n;
}

struct received receiver_at(struct receiver *r, size_t n) {
    static const struct received NONE = {"", "", "", "", "", "", "", "", 0};
    pthread_mutex_lock(&r->lock);
    struct received got = n < r->count ? r->list[n] : NONE;
    pthread_mutex_unlock(&r->lock);
    return got;
}

bool receiver_wait(struct receiver *r, size_t n) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += patiently(PATIENCE_SECONDS);
    pthread_mutex_lock(&r->lock);
    int failed = 0;
    while (r->count < n && !failed)
        failed = pthread_cond_timedwait(&r->came, &r->lock, &until);
    bool there = r->count >= n;
    pthread_mutex_unlock(&r->lock);
    return there;
}
