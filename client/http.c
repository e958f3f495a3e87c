/* See http.h. */
#include "client/http.h"

#include <curl/curl.h>
#include <unistd.h>

#include "client/interrupt.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"

enum { ANSWER_MOST = 256 << 20, TRIES = 5, WAIT_MOST_SECONDS = 120, CONNECT_SECONDS = 15 };

struct transfer {
    const struct http_ask *ask;
    struct http_answer *answer;
    CURL *curl;
    struct curl_slist *headers;
    uint64_t sent;
    bool too_long;
    char error[CURL_ERROR_SIZE];
};

/* ---- libcurl's callbacks ---- */

static size_t on_read(char *to, size_t size, size_t count, void *context) {
    struct transfer *t = context;
    ssize_t n = pread(t->ask->body_fd, to, size * count, (off_t)t->sent);
    if (n < 0) return CURL_READFUNC_ABORT;
    t->sent += (uint64_t)n;
    return (size_t)n;
}

static int on_seek(void *context, curl_off_t offset, int origin) {
    struct transfer *t = context;
    if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
    t->sent = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *t = context;
    t->too_long = t->answer->body.n + size * count > ANSWER_MOST;
    if (t->too_long) return 0;
    buf_add(&t->answer->body, bytes, size * count);
    return size * count;
}

static int on_progress(void *context, curl_off_t down, curl_off_t got, curl_off_t up, curl_off_t sent) {
    (void)down;
    (void)got;
    (void)up;
    struct transfer *t = context;
    if (t->ask->progress) progress_move(t->ask->progress, (uint64_t)sent, t->ask->body_bytes);
    return interrupt_came();
}

/* ---- one try ---- */

static void add_header(struct transfer *t, const char *name, const char *value) {
    struct buf line = BUF_EMPTY;
    buf_printf(&line, "%s: %s", name, value);
    size_t n;
    char *text = buf_take(&line, &n);
    t->headers = curl_slist_append(t->headers, text);
    explicit_bzero(text, n);
    free(text);
}

static void set_address(const struct connection *c, struct transfer *t) {
    struct buf url = BUF_EMPTY;
    buf_add_cstr(&url, c->url);
    buf_add_str(&url, t->ask->path);
    char *text = buf_take(&url, NULL);
    curl_easy_setopt(t->curl, CURLOPT_URL, text);
    free(text);
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "https");
    if (url_is_loopback(str_of(c->url))) curl_easy_setopt(t->curl, CURLOPT_NOPROXY, "*");
}

static void set_trust(const struct connection *c, struct transfer *t) {
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (c->ca_file) curl_easy_setopt(t->curl, CURLOPT_CAINFO, c->ca_file);
}

static void set_limits(const struct connection *c, struct transfer *t) {
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_TIME, c->silence);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(t->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(t->curl, CURLOPT_XFERINFODATA, t);
}

static void set_body(struct transfer *t) {
    curl_easy_setopt(t->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(t->curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(t->curl, CURLOPT_READDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(t->curl, CURLOPT_SEEKDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->ask->body_bytes);
    curl_easy_setopt(t->curl, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
    if (t->ask->type) add_header(t, "Content-Type", t->ask->type);
    if (t->ask->if_match) add_header(t, "If-Match", t->ask->if_match);
}

static void set_all(const struct connection *c, struct transfer *t) {
    set_address(c, t);
    set_trust(c, t);
    set_limits(c, t);
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "quarterday");
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
    struct buf bearer = BUF_EMPTY;
    buf_printf(&bearer, "Bearer %s", c->key);
    size_t n;
    char *text = buf_take(&bearer, &n);
    add_header(t, "Authorization", text);
    explicit_bzero(text, n);
    free(text);
    if (t->ask->body_fd >= 0) set_body(t);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
}

/* Through the multi interface, so that a signal is noticed within a fifth of a second. */
static CURLcode perform(CURL *curl) {
    CURLM *multi = curl_multi_init();
    CURLcode code = CURLE_OUT_OF_MEMORY;
    int running = 1, left;
    if (multi && curl_multi_add_handle(multi, curl) == CURLM_OK) {
        while (running && curl_multi_perform(multi, &running) == CURLM_OK)
            if (running && curl_multi_poll(multi, NULL, 0, 200, NULL) != CURLM_OK) break;
        for (CURLMsg *m; (m = curl_multi_info_read(multi, &left));)
            if (m->msg == CURLMSG_DONE) code = m->data.result;
        curl_multi_remove_handle(multi, curl);
    }
    curl_multi_cleanup(multi);
    return code;
}

/* ---- what failed ---- */

static void say_trust(const struct connection *c, const struct transfer *t, char *out, size_t room) {
    snprintf(
        out, room,
        "the certificate of %s is not trusted (%s). If it is self-signed, give its file with --ca-file; otherwise "
        "somebody may be in between: nothing was sent",
        c->url, t->error[0] ? t->error : "no reason given");
}

static void say_lost(const struct connection *c, const struct transfer *t, char *out, size_t room) {
    bool all_sent = t->ask->body_fd >= 0 && t->sent >= t->ask->body_bytes;
    snprintf(
        out, room, "the connection to %s broke (%s). %s", c->url, t->error[0] ? t->error : "no answer came",
        all_sent
            ? "Whether the file was stored is not known: `quarterday status` tells, and sending it again does "
              "no harm"
            : "Nothing was stored; try again");
}

static void say_failure(const struct connection *c, const struct transfer *t, CURLcode code, char *out,
                        size_t room) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        snprintf(out, room, "the name in %s cannot be found; check the address and your network", c->url);
        return;
    case CURLE_COULDNT_CONNECT:
        snprintf(out, room, "nobody answers at %s (%s); check the address and whether the service runs",
                 c->url, t->error);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR: say_trust(c, t, out, room); return;
    case CURLE_SSL_CACERT_BADFILE:
        snprintf(out, room, "%s holds no certificates that can be read; it must be PEM",
                 c->ca_file ? c->ca_file : "the system's list");
        return;
    case CURLE_SSL_CONNECT_ERROR:
        snprintf(out, room, "%s does not speak TLS as it should (%s); is the port right?", c->url, t->error);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        snprintf(out, room, "%s did not answer in time (%s). Try again later, or give --timeout more seconds",
                 c->url, t->error);
        return;
    case CURLE_READ_ERROR:
    case CURLE_ABORTED_BY_CALLBACK: snprintf(out, room, "the file cannot be read to its end"); return;
    default: say_lost(c, t, out, room);
    }
}

static void say_interrupted(const struct transfer *t, char *out, size_t room) {
    bool all_sent = t->ask->body_fd >= 0 && t->sent >= t->ask->body_bytes && t->ask->body_bytes > 0;
    snprintf(out, room, "interrupted%s",
             all_sent ? ". The whole file was sent; whether it was stored `quarterday status` tells"
             : t->ask->body_fd >= 0 ? "; nothing was stored"
                                    : "");
}

/* ---- tries ---- */

static bool may_lose(CURLcode code) {
    return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
           code == CURLE_PARTIAL_FILE;
}

/* The same bytes again are the same version, so a PUT may be sent twice; not with If-Match, which the first may have
 * met already. */
static bool may_repeat(const struct http_ask *ask, CURLcode code, long status) {
    if (code == CURLE_OK) return status == 429 || status == 503;
    return may_lose(code) && !ask->if_match;
}

static long wait_before(CURL *curl, int tried) {
    curl_off_t asked = 0;
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &asked);
    if (asked > WAIT_MOST_SECONDS) asked = WAIT_MOST_SECONDS;
    return asked > 0 ? (long)asked * 1000 : 500L << tried;
}

static bool try_once(const struct connection *c, const struct http_ask *ask, struct http_answer *out,
                     int tried) {
    struct transfer t = {.ask = ask, .answer = out, .curl = curl_easy_init()};
    if (!t.curl) {
        snprintf(out->words, sizeof out->words, "libcurl cannot be started");
        return true;
    }
    buf_clear(&out->body);
    out->status = 0;
    set_all(c, &t);
    CURLcode code = perform(t.curl);
    if (code == CURLE_OK) curl_easy_getinfo(t.curl, CURLINFO_RESPONSE_CODE, &out->status);
    out->interrupted = interrupt_came() && code != CURLE_OK;
    if (out->interrupted) say_interrupted(&t, out->words, sizeof out->words);
    else if (t.too_long)
        snprintf(out->words, sizeof out->words, "the answer is longer than 256 MiB; ask for less");
    else if (code != CURLE_OK) say_failure(c, &t, code, out->words, sizeof out->words);
    bool last = out->interrupted || t.too_long || tried + 1 >= TRIES || !may_repeat(ask, code, out->status);
    if (!last) interrupt_sleep(wait_before(t.curl, tried));
    curl_easy_cleanup(t.curl);
    curl_slist_free_all(t.headers);
    return last || interrupt_came();
}

bool http_send(const struct connection *c, const struct http_ask *ask, struct http_answer *out) {
    *out = (struct http_answer){.status = 0};
    interrupt_begin();
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(out->words, sizeof out->words, "libcurl cannot be started");
        return false;
    }
    for (int tried = 0; !try_once(c, ask, out, tried); tried++) {}
    if (ask->progress) progress_end(ask->progress);
    curl_global_cleanup();
    if (interrupt_came() && out->status != 200 && out->status != 201) out->interrupted = true;
    if (out->interrupted && !out->words[0]) snprintf(out->words, sizeof out->words, "interrupted");
    if (out->status)
        out->json = json_loadb(out->body.p ? out->body.p : "", out->body.n, JSON_REJECT_DUPLICATES, NULL);
    value_make_plain(out->json);
    return out->status != 0;
}

void http_close(struct http_answer *a) {
    buf_free(&a->body);
    json_decref(a->json);
    *a = (struct http_answer){.status = 0};
}

static const char *advice_for(long status) {
    switch (status) {
    case 401: return " Is it the key of this service, whole and still valid?";
    case 403:
        return " Use the key of somebody who may: a provider sends, the commissioner and the checker read.";
    case 404:
        return " Check service, provider, quarter and part; a provider's key reaches only that provider.";
    case 429: return " It asked for patience five times; try again later.";
    case 503: return " It was asked five times; try again later.";
    default: return "";
    }
}

int http_explain(const struct connection *c, const struct http_answer *a) {
    if (a->interrupted) {
        text_say(c->command, "%s", a->words);
        return EXIT_INTERRUPTED;
    }
    if (a->status == 0) {
        text_say(c->command, "%s", a->words);
        return EXIT_NOT_ASKED;
    }
    const char *detail = json_string_value(json_object_get(a->json, "detail"));
    const char *code = json_string_value(json_object_get(a->json, "code"));
    const char *correlation = json_string_value(json_object_get(a->json, "correlationId"));
    size_t n = detail ? strlen(detail) : 0;
    const char *stop = n && detail[n - 1] != '.' && detail[n - 1] != '?' && detail[n - 1] != '!' ? "." : "";
    if (!detail)
        text_say(c->command, "%s answered %ld without saying why; is it a Quarterday, and the address right?",
                 c->url, a->status);
    else
        text_say(c->command, "%ld %s: %s%s%s%s%s%s", a->status, code ? code : "", detail, stop,
                 advice_for(a->status), a->status >= 500 && correlation ? " (correlation " : "",
                 a->status >= 500 && correlation ? correlation : "",
                 a->status >= 500 && correlation ? ")" : "");
    return EXIT_NOT_ASKED;
}
