#include "tests/support/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "tests/support/patience.h"

bool client_is_quiet;
long client_patience_s = 120;

/* A NUL behind the bytes, which is not of them: tests show a body as text. */
static size_t take(char *bytes, size_t size, size_t count, void *context) {
    struct buf *body = context;
    buf_add(body, bytes, size * count);
    buf_reserve(body, 1);
    body->p[body->n] = '\0';
    return size * count;
}

struct feed {
    str all, rest;
};

static size_t give(char *out, size_t size, size_t count, void *context) {
    struct feed *f = context;
    size_t n = size * count < f->rest.n ? size * count : f->rest.n;
    if (n) memcpy(out, f->rest.p, n);
    f->rest = str_sub(f->rest, n, f->rest.n);
    return n;
}

/* From the start again: a kept connection that the server has closed meanwhile is found only after bytes have been given. */
static int give_again(void *context, curl_off_t offset, int origin) {
    struct feed *f = context;
    if (origin != SEEK_SET || offset < 0 || (size_t)offset > f->all.n) return CURL_SEEKFUNC_FAIL;
    f->rest = str_sub(f->all, (size_t)offset, f->all.n);
    return CURL_SEEKFUNC_OK;
}

static struct curl_slist *headers_of(const struct ask *ask) {
    char line[512];
    struct curl_slist *list = NULL;
    if (ask->key) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", ask->key);
        list = curl_slist_append(list, line);
    }
    if (ask->type) {
        snprintf(line, sizeof line, "Content-Type: %s", ask->type);
        list = curl_slist_append(list, line);
    } else {
        list = curl_slist_append(list, "Content-Type:");
    }
    list = curl_slist_append(list, "Expect:");
    for (size_t i = 0; i < 6 && ask->headers[i]; i++)
        list = curl_slist_append(list, ask->headers[i]);
    return list;
}

/* One a thread, so that connections are kept alive. */
static _Thread_local CURL *curl;

void client_forget(void) {
    curl_easy_cleanup(curl);
    curl = NULL;
}

static void handle_ready(void) {
    if (!curl) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        curl = curl_easy_init();
    }
    curl_easy_reset(curl);
}

struct answer client_send(const char *base, const char *ca_file, const struct ask *ask) {
    struct answer a = {0};
    handle_ready();
    struct curl_slist *headers = headers_of(ask);
    struct feed feed = {ask->body, ask->body};
    char url[2048], error[CURL_ERROR_SIZE] = "";
    snprintf(url, sizeof url, "%s%s", base, ask->path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, patiently(client_patience_s));
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    if (ask->body.p) {
        curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)ask->body.n);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, &feed);
        curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, give_again);
        curl_easy_setopt(curl, CURLOPT_SEEKDATA, &feed);
    }
    if (ask->method) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask->method);
    if (ask->method && strcmp(ask->method, "HEAD") == 0) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &a.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &a.headers);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &a.status);
    else if (!client_is_quiet)
        fprintf(stderr, "client: %s %s: %s\n", ask->method ? ask->method : "GET", ask->path, error);
    curl_slist_free_all(headers);
    if (a.body.n) a.json = json_loadb(a.body.p, a.body.n, JSON_REJECT_DUPLICATES, NULL);
    return a;
}

void answer_free(struct answer *a) {
    json_decref(a->json);
    buf_free(&a->headers);
    buf_free(&a->body);
    *a = (struct answer){0};
}

const json_t *answer_at(const struct answer *a, const char *path) {
    const json_t *v = a->json;
    for (str rest = str_of(path); v && rest.p;) {
        str key = str_cut(&rest, '.');
        uint64_t index;
        char name[128];
        snprintf(name, sizeof name, "%.*s", STR_ARG(key));
        if (json_is_array(v)) v = str_to_uint(key, 1u << 30, &index) ? json_array_get(v, index) : NULL;
        else v = json_object_get(v, name);
    }
    return v;
}

const char *answer_text(const struct answer *a, const char *path) {
    static char ring[4][1200];
    static unsigned turn;
    char *out = ring[turn++ % 4];
    const json_t *v = answer_at(a, path);
    if (!v) return "(absent)";
    if (json_is_string(v)) {
        snprintf(out, sizeof ring[0], "%s", json_string_value(v));
        return out;
    }
    char *dump = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
    snprintf(out, sizeof ring[0], "%s", dump ? dump : "(unprintable)");
    free(dump);
    return out;
}

const char *answer_header(const struct answer *a, const char *name) {
    static char value[1024];
    value[0] = '\0';
    str rest = buf_str(&a->headers);
    while (rest.p) {
        str line = str_cut(&rest, '\n');
        str field = str_cut(&line, ':');
        if (line.p && str_eq_nocase(field, str_of(name)))
            snprintf(value, sizeof value, "%.*s", STR_ARG(str_trim(line)));
    }
    return value;
}
