/* returns: the table of hostile files, judged without a server. */
#include <stdio.h>

#include "tests/support/hostile.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

/* What was found, in the table's own words. */
static void write_found(const struct judged *j, struct buf *out) {
    const struct findings *f = &j->judgement.findings;
    if (j->err != OK) buf_printf(out, "@%u", fault_line(&j->fault));
    for (size_t i = 0; j->err == OK && i < f->kept_count; i++) {
        const struct finding *k = &f->kept[i];
        buf_printf(out, "%s%s%u:%s:%s@%u", i ? " " : "", k->severity == SEVERITY_WARNING ? "~" : "",
                   (unsigned)k->row, k->column ? k->column : "-", finding_code_name(k->code),
                   (unsigned)k->line);
    }
    buf_add(out, "", 1);
    out->n--;
}

static bool says(const struct judged *j, const char *words) {
    if (!words) return true;
    if (j->err != OK) return strstr(j->fault.detail, words) != NULL;
    for (size_t i = 0; i < j->judgement.findings.kept_count; i++) {
        const struct finding *k = &j->judgement.findings.kept[i];
        if (memmem(k->detail.p, k->detail.n, words, strlen(words))) return true;
        if (memmem(k->fix.p, k->fix.n, words, strlen(words))) return true;
    }
    return false;
}

static int status_of(const struct judged *j) {
    if (j->err != OK) return err_info(j->err)->status;
    return j->judgement.findings.errors ? 422 : 200;
}

static void every_file(void) {
    struct buf bytes = BUF_EMPTY, found = BUF_EMPTY;
    CHECK(hostile_count >= 120, "the table has %zu files", hostile_count);
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_files[i];
        struct judged j;
        buf_clear(&bytes);
        buf_clear(&found);
        hostile_bytes(h, &bytes);
        judged_text(&j, h->part, hostile_is_json(h) ? FORMAT_JSON : FORMAT_CSV, buf_str(&bytes));
        write_found(&j, &found);
        CHECK(status_of(&j) == h->status, "%s: %d, not %d", h->proves, status_of(&j), h->status);
        CHECK(strcmp(found.p, h->found) == 0, "%s: found %s, not %s", h->proves, found.p, h->found);
        CHECK(says(&j, h->says), "%s: '%s' is not said: %s", h->proves, h->says ? h->says : "",
              j.err != OK                       ? j.fault.detail
              : j.judgement.findings.kept_count ? j.judgement.findings.kept[0].detail.p
                                                : "");
        judged_free(&j);
    }
    buf_free(&bytes);
    buf_free(&found);
}

static void every_label_once(void) {
    for (size_t i = 0; i < hostile_count; i++)
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(hostile_files[i].proves, hostile_files[k].proves) != 0, "twice: %s",
                  hostile_files[i].proves);
}

void suite_returns_hostile(void) {
    suite_add("unit returns hostile", NULL, NULL);
    case_add("each of the files gets its answer, line and column", every_file);
    case_add("each proves something of its own", every_label_once);
}
