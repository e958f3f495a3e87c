/* upload URL CA_FILE: sends returns over one connection that stays open. Reads lines "PATH<TAB>TYPE<TAB>KEY<TAB>FILE" and answers each with
 * "STATUS SECONDS", the time from before the request to the last byte of the receipt. A refusal is shown on standard error. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/buf.h"

enum { LINE_MOST = 4096, FIELDS = 4 };

static size_t take(char *bytes, size_t size, size_t count, void *context) {
    buf_add(context, bytes, size * count);
    return size * count;
}

static struct curl_slist *headers_of(const char *type, const char *key) {
    char line[512];
    snprintf(line, sizeof line, "Authorization: Bearer %s", key);
    struct curl_slist *list = curl_slist_append(NULL, line);
    snprintf(line, sizeof line, "Content-Type: %s", type);
    list = curl_slist_append(list, line);
    return curl_slist_append(list, "Expect:"); /* no round trip before the body */
}

static void set_request(CURL *curl, const char *url, struct curl_slist *headers, FILE *file,
                        struct buf *answer) {
    struct stat s = {0};
    fstat(fileno(file), &s);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READDATA, file);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s.st_size);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
}

static bool send_one(CURL *curl, const char *base, char *const fields[FIELDS]) {
    char url[LINE_MOST + 256];
    long status = 0;
    curl_off_t micros = 0;
    struct buf answer = BUF_EMPTY;
    snprintf(url, sizeof url, "%s%s", base, fields[0]);
    FILE *file = fopen(fields[3], "re");
    if (!file) {
        perror(fields[3]);
        return false;
    }
    struct curl_slist *headers = headers_of(fields[1], fields[2]);
    set_request(curl, url, headers, file, &answer);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &micros);
    if (code != CURLE_OK) fprintf(stderr, "upload: %s: %s\n", fields[0], curl_easy_strerror(code));
    else if (status >= 300)
        fprintf(stderr, "upload: %s: %ld %.*s\n", fields[0], status, STR_ARG(buf_str(&answer)));
    printf("%ld %.6f\n", status, (double)micros / 1e6);
    fflush(stdout);
    curl_slist_free_all(headers);
    fclose(file);
    buf_free(&answer);
    return code == CURLE_OK;
}

/* Cuts the line at its tabs. */
static bool cut(char *line, char *fields[FIELDS]) {
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        if (!line) return false;
        fields[i] = line;
        line = strchr(line, '\t');
        if (line) *line++ = '\0';
    }
    return line == NULL;
}

int main(int argc, char **argv) {
    char line[LINE_MOST], *fields[FIELDS];
    if (argc != 3) {
        fprintf(stderr, "usage: upload URL CA_FILE\n");
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    bool ok = true;
    while (ok && fgets(line, sizeof line, stdin))
        ok = cut(line, fields) && send_one(curl, argv[1], fields);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return ok ? 0 : 1;
}
