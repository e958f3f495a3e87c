#include "server/metrics_door.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { CONNECTIONS = 8, IDLE_SECONDS = 5, POOL_BYTES = 8 * 1024 };

struct metrics_door {
    struct MHD_Daemon *daemon;
    void (*write)(void *context, struct buf *out);
    void *context;
    uint16_t port;
};

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *type, char *text,
                              size_t n) {
    struct MHD_Response *r = MHD_create_response_from_buffer(n, text, MHD_RESPMEM_MUST_FREE);
    if (!r) {
        free(text);
        return MHD_NO;
    }
    MHD_add_response_header(r, "Content-Type", type);
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    enum MHD_Result queued = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result refuse(struct MHD_Connection *c, unsigned status, const char *words) {
    return answer(c, status, "text/plain; charset=utf-8", must_strdup(words), strlen(words));
}

/* As a collector on this machine writes it. */
static bool is_local_name(const char *host) {
    str rest = str_of(host ? host : ""), name = str_cut(&rest, ':');
    return str_is(name, "127.0.0.1") || str_eq_nocase(name, STR("localhost"));
}

static enum MHD_Result called(void *context, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *size, void **state) {
    static char seen;
    struct metrics_door *door = context;
    (void)version;
    (void)bytes;
    if (!*state) { /* the header alone */
        *state = &seen;
        return MHD_YES;
    }
    if (*size) { /* a body, which is read and dropped */
        *size = 0;
        return MHD_YES;
    }
    if (!is_local_name(MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host")))
        return refuse(c, MHD_HTTP_FORBIDDEN, "Ask 127.0.0.1.\n");
    if (strcmp(url, "/metrics") != 0) return refuse(c, MHD_HTTP_NOT_FOUND, "There is /metrics.\n");
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return refuse(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET it.\n");
    struct buf text = BUF_EMPTY;
    size_t n;
    door->write(door->context, &text);
    char *all = buf_take(&text, &n);
    return answer(c, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", all, n);
}

enum err metrics_door_open(uint16_t port, void (*write)(void *context, struct buf *out), void *context,
                           struct fault *fault, struct metrics_door **out) {
    struct metrics_door *door = must_calloc(1, sizeof *door);
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *door = (struct metrics_door){.write = write, .context = context, .port = port};
    door->daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, called, door, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&here, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_END);
    if (door->daemon) {
        *out = door;
        return OK;
    }
    free(door);
    return fail(
        fault, ERR_UNAVAILABLE,
        "Port %u of 127.0.0.1 cannot be had for metrics: stop what uses it, or choose another metricsPort "
        "(0: none)",
        port);
}

void metrics_door_close(struct metrics_door *door) {
    if (!door) return;
    MHD_stop_daemon(door->daemon);
    free(door);
}
