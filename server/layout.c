/* layout: compares addresses only; reads no byte that was not handed out, except the blanks between a colon and its value. Writes one:
 * into the connection's own buffer, where the library itself writes a NUL over the '?' a moment later. */
#include "server/layout.h"

bool layout_is_known(const char *library_version) {
    return strcmp(library_version, "0.9.75") == 0;
}

enum { VERSION_LENGTH = 8, CRLF_LENGTH = 2, BLANKS_MAX = 16 * 1024 };

/* "name" NUL blanks "value": true when the value follows its name in the same line. */
static bool value_follows(const struct pair *h) {
    uintptr_t after_colon = (uintptr_t)h->name.p + h->name.n + 1, value = (uintptr_t)h->value.p;
    if (value < after_colon || value - after_colon > BLANKS_MAX) return false;
    for (const char *p = h->name.p + h->name.n + 1; p < h->value.p; p++)
        if (*p != ' ' && *p != '\t') return false;
    return true;
}

bool layout_is_garbled(const struct layout *l, const struct pair *headers, size_t count) {
    uintptr_t expected = (uintptr_t)l->method + strlen(l->method) + 1;
    if ((uintptr_t)l->url != expected) return true;
    expected += l->target_length + 1;
    if ((uintptr_t)l->version != expected) return true;
    expected += VERSION_LENGTH + CRLF_LENGTH;
    for (size_t i = 0; i < count; i++) {
        if ((uintptr_t)headers[i].name.p != expected || !value_follows(&headers[i])) return true;
        expected = (uintptr_t)headers[i].value.p + headers[i].value.n + CRLF_LENGTH;
    }
    return (uintptr_t)l->method + l->length != expected + CRLF_LENGTH;
}

void layout_hide_query(const char *target) {
    char *mark = strchr((char *)(uintptr_t)target, '?');
    if (mark && mark[1]) mark[1] = '\0';
}
