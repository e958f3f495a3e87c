/* See webhook_post.h. A receiver's answer is its status; its words are not read, and after 16 KiB of them it is let go. */
#include "server/webhook_post.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/inside.h"
#include "server/clock.h"

enum { ANSWER_ENOUGH = 16 * 1024, CONNECT_MS_MOST = 10000, CONNECTIONS_KEPT = 16 };
#define SYSTEM_CA_DIR "/etc/ssl/certs"

struct webhook_poster {
    struct webhook_poster_how how;
    CURLM *multi;
    bool has_system_ca;
    atomic_bool woken;
    struct transfer *first; /* of those under way */
    int count;
};

struct transfer {
    struct transfer *next;
    struct webhook_poster *poster;
    void *context;
    CURL *curl;
    struct curl_slist *headers;
    size_t got;
    const char *inside; /* why the address was refused */
    char words[CURL_ERROR_SIZE];
};

void webhook_sign(str secret, int64_t seconds, str body, char out[WEBHOOK_SIGNATURE_ROOM]) {
    char time[24];
    uint8_t mac[SHA256_BYTES];
    snprintf(time, sizeof time, "%lld", (long long)seconds);
    const str pieces[] = {str_of(time), STR("."), body};
    hmac_sha256_of(secret, pieces, 3, mac);
    memcpy(out, "v1=", 3);
    hex_format(mac, sizeof mac, out + 3);
}

/* ---- libcurl's callbacks ---- */

/* Where this machine really goes, whatever a name said before. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct transfer *t = context;
    const char *inside = t->poster->how.allow_inside ? NULL : address_is_inside(&address->addr);
    if (purpose != CURLSOCKTYPE_IPCXN) inside = "no address of the Internet";
    if (inside) {
        t->inside = inside;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *t = context;
    (void)bytes;
    t->got += size * count;
    return t->got > ANSWER_ENOUGH ? 0 : size * count;
}

/* ---- one request ---- */

static void add_header(struct transfer *t, const char *name, str value) {
    struct buf line = BUF_EMPTY;
    buf_printf(&line, "%s: %.*s", name, STR_ARG(value));
    char *text = buf_take(&line, NULL);
    struct curl_slist *longer = curl_slist_append(t->headers, text);
    if (longer) t->headers = longer;
    free(text);
}

static void add_headers(struct transfer *t, const struct webhook_post *post) {
    char number[24], signature[WEBHOOK_SIGNATURE_ROOM];
    int64_t seconds = post->at / 1000000;
    webhook_sign(post->secret, seconds, post->body, signature);
    add_header(t, "Content-Type", STR("application/json"));
    add_header(t, "Quarterday-Webhook", post->webhook);
    add_header(t, "Quarterday-Event-Id", post->id);
    snprintf(number, sizeof number, "%d", post->attempt);
    add_header(t, "Quarterday-Attempt", str_of(number));
    snprintf(number, sizeof number, "%lld", (long long)seconds);
    add_header(t, "Quarterday-Timestamp", str_of(number));
    add_header(t, "Quarterday-Signature", str_of(signature));
    t->headers = curl_slist_append(t->headers, "Expect:");
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
}

/* Nothing of the environment, of a .netrc or of the answer leads it elsewhere. */
static void bind_to_address(struct transfer *t, str url) {
    char *text = must_calloc(1, url.n + 1);
    memcpy(text, url.p, url.n);
    curl_easy_setopt(t->curl, CURLOPT_URL, text);
    free(text);
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(t->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(t->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(t->curl, CURLOPT_OPENSOCKETDATA, t);
}

static void set_trust(struct transfer *t) {
    const struct webhook_poster *p = t->poster;
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (!p->how.ca_file[0]) return;
    curl_easy_setopt(t->curl, CURLOPT_CAINFO, p->how.ca_file);
    curl_easy_setopt(t->curl, CURLOPT_CAPATH, p->has_system_ca ? SYSTEM_CA_DIR : NULL);
}

static void set_limits(struct transfer *t) {
    long ms = (long)t->poster->how.answer_seconds * 1000;
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, ms);
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT_MS, ms < CONNECT_MS_MOST ? ms : CONNECT_MS_MOST);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->words);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
}

static void end_transfer(struct transfer *t) {
    struct transfer **at = &t->poster->first;
    while (*at && *at != t)
        at = &(*at)->next;
    if (*at) *at = t->next;
    t->poster->count--;
    curl_multi_remove_handle(t->poster->multi, t->curl);
    curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->headers);
    free(t);
}

bool webhook_poster_send(struct webhook_poster *p, const struct webhook_post *post, void *context) {
    struct transfer *t = must_calloc(1, sizeof *t);
    *t = (struct transfer){.next = p->first, .poster = p, .context = context, .curl = curl_easy_init()};
    if (!t->curl) {
        free(t);
        return false;
    }
    p->first = t;
    p->count++;
    bind_to_address(t, post->url);
    set_trust(t);
    set_limits(t);
    add_headers(t, post);
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "quarterday");
    curl_easy_setopt(t->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(t->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, post->body.p);
    curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.n);
    curl_easy_setopt(t->curl, CURLOPT_PRIVATE, t);
    if (curl_multi_add_handle(p->multi, t->curl) == CURLM_OK) return true;
    end_transfer(t);
    return false;
}

/* ---- what came of it ---- */

static void say_failure(const struct transfer *t, CURLcode code, char *out, size_t room) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: snprintf(out, room, "the name of the host cannot be found"); return;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CERTPROBLEM: snprintf(out, room, "its certificate is not trusted"); return;
    case CURLE_SSL_CACERT_BADFILE:
        snprintf(out, room, "the certificates to trust cannot be read (setting webhookCa)");
        return;
    case CURLE_SSL_CONNECT_ERROR: snprintf(out, room, "it does not speak TLS as it should"); return;
    case CURLE_OPERATION_TIMEDOUT:
        snprintf(out, room, "no answer within %u s", t->poster->how.answer_seconds);
        return;
    case CURLE_COULDNT_CONNECT: snprintf(out, room, "nobody answers at that address"); return;
    default: snprintf(out, room, "the connection broke before the answer"); return;
    }
}

static void judge(const struct transfer *t, CURLcode code, struct webhook_answer *out) {
    long status = 0;
    bool let_go = code == CURLE_WRITE_ERROR && t->got > ANSWER_ENOUGH;
    if (code == CURLE_OK || let_go) curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    out->status = (int)status;
    if (status >= 200 && status < 300) return;
    if (status >= 300 && status < 400)
        snprintf(out->error, sizeof out->error, "answered %ld; redirects are not followed", status);
    else if (status) snprintf(out->error, sizeof out->error, "answered %ld", status);
    else if (t->inside && code == CURLE_COULDNT_CONNECT)
        snprintf(out->error, sizeof out->error, "its name leads to %s, which is not allowed", t->inside);
    else say_failure(t, code, out->error, sizeof out->error);
}

bool webhook_poster_take(struct webhook_poster *p, struct webhook_answer *out) {
    int left, running;
    curl_multi_perform(p->multi, &running);
    for (CURLMsg *m; (m = curl_multi_info_read(p->multi, &left));) {
        if (m->msg != CURLMSG_DONE) continue;
        CURLcode code = m->data.result;
        struct transfer *t = NULL;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        *out = (struct webhook_answer){.context = t->context};
        judge(t, code, out);
        end_transfer(t);
        return true;
    }
    return false;
}

void webhook_poster_wait(struct webhook_poster *p, int socket, int timeout_ms) {
    const int64_t until = clock_ms() + timeout_ms;
    for (int running; !atomic_exchange(&p->woken, false);) {
        struct curl_waitfd extra = {.fd = socket, .events = CURL_WAIT_POLLIN};
        int64_t left = until - clock_ms();
        curl_multi_perform(p->multi, &running);
        if (running < p->count || left <= 0) return;
        CURLMcode code = curl_multi_poll(p->multi, &extra, socket >= 0 ? 1 : 0, (int)left, NULL);
        if (code != CURLM_OK || extra.revents) return;
    }
}

void webhook_poster_wake(struct webhook_poster *p) {
    atomic_store(&p->woken, true);
    curl_multi_wakeup(p->multi);
}

/* ---- the whole ---- */

struct webhook_poster *webhook_poster_new(const struct webhook_poster_how *how) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return NULL;
    struct webhook_poster *p = must_calloc(1, sizeof *p);
    p->how = *how;
    p->has_system_ca = access(SYSTEM_CA_DIR, R_OK) == 0;
    p->multi = curl_multi_init();
    if (p->multi) {
        curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT);
        return p;
    }
    free(p);
    curl_global_cleanup();
    return NULL;
}

void webhook_poster_free(struct webhook_poster *p) {
    if (!p) return;
    while (p->first)
        end_transfer(p->first);
    curl_multi_cleanup(p->multi);
    free(p);
    curl_global_cleanup();
}
