#include "tests/support/fake_service.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/text_file.h"

static enum MHD_Result answer(const struct fake_step *step, struct MHD_Connection *connection) {
    const char *body = step->body ? step->body : "";
    struct MHD_Response *r =
        MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(r, "Content-Type", "application/json");
    if (step->retry_after) MHD_add_response_header(r, "Retry-After", step->retry_after);
    enum MHD_Result result = MHD_queue_response(connection, step->status, r);
    MHD_destroy_response(r);
    return result;
}

/* One thread serves all, so what came needs no lock. */
static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *data, size_t *size,
                            void **request) {
    struct fake_service *f = context;
    (void)url;
    (void)method;
    (void)version;
    if (!*request) {
        if (f->requests == FAKE_REQUESTS_MAX) return MHD_NO;
        *request = &f->bodies[f->requests++];
        return MHD_YES;
    }
    struct buf *body = *request;
    if (*size) {
        atomic_fetch_add(&f->pieces, 1);
        usleep(f->wait_ms * 1000);
        buf_add(body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    size_t at = (size_t)(body - f->bodies);
    const struct fake_step *step = &f->steps[at < f->step_count ? at : f->step_count - 1];
    return step->status ? answer(step, connection) : MHD_NO;
}

bool fake_service_start(struct fake_service *f, const char *cert_file, const char *key_file,
                        const struct fake_step *steps, size_t count, unsigned wait_ms) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *f = (struct fake_service){.steps = steps, .step_count = count, .wait_ms = wait_ms};
    if (!text_file_read(cert_file, &f->certificate) || !text_file_read(key_file, &f->key)) return false;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, take, f, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_HTTPS_MEM_CERT, f->certificate.p, MHD_OPTION_HTTPS_MEM_KEY, f->key.p, MHD_OPTION_END);
    f->daemon = daemon;
    if (!daemon) return false;
    snprintf(f->url, sizeof f->url, "https://localhost:%d",
             (int)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    return true;
}

void fake_service_end(struct fake_service *f) {
    if (f->daemon) MHD_stop_daemon(f->daemon);
    f->daemon = NULL;
}

void fake_service_stop(struct fake_service *f) {
    fake_service_end(f);
    for (size_t i = 0; i < FAKE_REQUESTS_MAX; i++)
        buf_free(&f->bodies[i]);
    buf_free(&f->certificate);
    buf_free(&f->key);
}
