/* See lookup_files.h. */
#include "client/lookup_files.h"

#include "base/date.h"
#include "client/file.h"
#include "returns/findings.h"
#include "returns/judge.h"
#include "returns/parts/lookups.h"

/* ---- one list ---- */

static int say_wrong(const struct options *o, const char *path, const struct findings *f) {
    const struct finding *first = NULL;
    for (size_t i = 0; i < f->kept_count && !first; i++)
        if (f->kept[i].severity == SEVERITY_ERROR) first = &f->kept[i];
    return options_wrong(o, "%s is no list to look up in: %llu error%s, the first in line %u: %.*s", path,
                         (unsigned long long)f->errors, f->errors == 1 ? "" : "s", first ? first->line : 0,
                         STR_ARG(first ? first->detail : STR("")));
}

static int judge_list(const struct file *f, const struct options *o, int32_t today, struct buf *out_pack) {
    struct buf body = BUF_EMPTY;
    struct fault fault = {.err = OK};
    struct judgement judgement;
    int status = file_read(f, o, &body);
    struct judge_input in = {.part = f->part,
                             .period = period_of_day(today),
                             .today = today,
                             .windows = DEFAULT_WINDOWS,
                             .body = body.n ? buf_str(&body) : STR(""),
                             .spill_dir = "/tmp"};
    body_format_find(str_of(f->type), in.body, &in.format);
    enum err e = status == 0 ? judge(&in, &fault, &judgement) : ERR_MALFORMED;
    if (status == 0 && e != OK)
        status = options_wrong(o, "%s cannot be looked up in: %s", f->path, fault.detail);
    if (e == OK && judgement.findings.errors) status = say_wrong(o, f->path, &judgement.findings);
    else if (e == OK && !lookup_pack(f->part, &judgement, out_pack))
        status = options_wrong(o, "%s names more than 255 authorities; England has fewer", f->path);
    if (e == OK) judgement_free(&judgement);
    buf_free(&body);
    return status;
}

static int read_list(const struct options *o, const char *path, const struct part *part, int32_t today,
                     struct buf *out_pack) {
    struct file f;
    int status = file_open_as(&f, o, path, part);
    if (status == 0) status = judge_list(&f, o, today, out_pack);
    file_close(&f);
    return status;
}

/* ---- both ---- */

int lookup_files_open(struct lookup_files *l, const struct options *o, int32_t today) {
    const char *postcodes = o->value[OPTION_POSTCODES], *imd = o->value[OPTION_IMD];
    int status = 0;
    *l = (struct lookup_files){.packs = {BUF_EMPTY, BUF_EMPTY}};
    if (postcodes) status = read_list(o, postcodes, &lookup_postcodes, today, &l->packs[0]);
    if (status == 0 && imd) status = read_list(o, imd, &lookup_imd, today, &l->packs[1]);
    if (status) return status;
    if (postcodes && lookup_open_postcodes(buf_str(&l->packs[0]), &l->postcodes))
        l->lookups.postcodes = &l->postcodes;
    if (imd && lookup_open_imd(buf_str(&l->packs[1]), &l->imd)) l->lookups.imd = &l->imd;
    if (!postcodes) l->lookups.elsewhere = &l->left_to_service;
    return 0;
}

void lookup_files_close(struct lookup_files *l) {
    buf_free(&l->packs[0]);
    buf_free(&l->packs[1]);
}
