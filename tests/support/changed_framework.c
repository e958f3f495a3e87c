#include "tests/support/changed_framework.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/shelf.h"
#include "tests/support/suite.h"

static bool write_file(const char *path, str text) {
    FILE *file = fopen(path, "we");
    if (!file) return false;
    bool ok = fwrite(text.p, 1, text.n, file) == text.n;
    return fclose(file) == 0 && ok;
}

void framework_load_changed(const struct service *s, const char *today, const char *from, const char *to) {
    char path[200];
    struct buf text = BUF_EMPTY, out = BUF_EMPTY, said = BUF_EMPTY;
    sample_text_copy(&text);
    const char *at = memmem(text.p, text.n, from, strlen(from));
    CHECK(at != NULL, "%s is in the sample", from);
    if (at) {
        buf_add(&out, text.p, (size_t)(at - text.p));
        buf_add_cstr(&out, to);
        buf_add(&out, at + strlen(from), text.n - (size_t)(at - text.p) - strlen(from));
        snprintf(path, sizeof path, "%s/framework.json", s->home);
        CHECK(write_file(path, buf_str(&out)), "%s is written", path);
        const char *const argv[] = {"framework", "load",    path,  "--database",
                                    s->owner,    "--today", today, NULL};
        int status = service_command(argv, &said);
        CHECK(status == 0, "framework load: %d %.*s", status, STR_ARG(buf_str(&said)));
        unlink(path);
    }
    buf_free(&text);
    buf_free(&out);
    buf_free(&said);
}
