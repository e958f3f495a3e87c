/* What an upload answers: the receipt, the same for a dry run, and the refusal. */
#include <stdio.h>

#include "handlers/lookups_write.h"
#include "handlers/upload.h"
#include "returns/findings_write.h"

void upload_write_receipt(struct upload *u, struct reply *p) {
    const struct store_version *v = &u->version;
    bool same = u->outcome == UPLOAD_SAME_BYTES;
    char hex[SHA256_HEX], instant[INSTANT_TEXT], period[PERIOD_TEXT], day[DAY_TEXT];
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", u->service);
    json_field_str(&j, "provider", u->provider);
    json_field_cstr(&j, "period", period_format(u->period, period));
    json_field_cstr(&j, "part", u->part->name);
    json_field_int(&j, "version", v->version);
    json_field_bool(&j, "dryRun", u->dry_run);
    json_field_bool(&j, "stored", u->outcome == UPLOAD_STORED);
    json_field_cstr(&j, "receivedAt", instant_format(v->received_at, instant));
    json_field_cstr(&j, "sha256", hex_format(u->sha256, SHA256_BYTES, hex));
    json_field_int(&j, "bytes", (int64_t)u->r->received.n);
    json_field_int(&j, "rows", v->rows);
    json_field_int(&j, "created", same ? 0 : v->created);
    json_field_int(&j, "updated", same ? 0 : v->updated);
    json_field_int(&j, "unchanged", same ? v->rows : v->unchanged);
    json_field_int(&j, "removed", same ? 0 : v->removed);
    json_field_cstr(&j, "deadline", day_format(u->deadline, day));
    json_field_bool(&j, "onTime", v->on_time);
    json_field_int(&j, "warningCount", (int64_t)v->warnings);
    json_key(&j, "warnings");
    if (u->judged) {
        findings_write_json(&j, &u->judgement.findings, true);
    } else {
        json_array_begin(&j);
        json_end(&j);
    }
    json_key(&j, "summary");
    findings_write_summary(&j, u->judged ? &u->judgement.findings : &(struct findings){.arena = ARENA_EMPTY});
    json_field_bool(&j, "truncated", u->judged && findings_truncated(&u->judgement.findings));
    json_key(&j, "lookups");
    version_lookups_write(&j, u->used, u->used_count, v->part, v->version);
    json_key(&j, "kpis");
    json_raw(&j, u->moved.n ? buf_str(&u->moved) : STR("[]"));
    json_key(&j, "consequences"); /* the same bytes again change nothing */
    json_raw(&j, u->consequences.n ? buf_str(&u->consequences) : STR("null"));
    json_end(&j);
    snprintf(p->etag, sizeof p->etag, "\"v%d\"", v->version);
    p->no_store = true;
    p->status = u->outcome == UPLOAD_STORED && v->version == 1 ? 201 : 200;
    if (p->status == 201) reply_header(u->r, p, "Location", u->r->path);
}

void upload_write_annotated(struct upload *u, struct reply *p, int status) {
    char period[PERIOD_TEXT];
    p->status = status;
    p->no_store = true;
    p->content_type = "text/csv; charset=utf-8; header=present";
    reply_header(u->r, p, "Content-Disposition",
                 arena_printf(u->r->arena, "attachment; filename=\"%.*s-%s-%s-problems.csv\"",
                              STR_ARG(u->provider), period_format(u->period, period), u->part->name));
    p->has_file = spill_take_file(&u->annotated, &p->file, &p->file_bytes);
    if (!p->has_file) {
        p->body = u->annotated.head;
        u->annotated.head = BUF_EMPTY;
    }
}

void upload_write_refusal(struct upload *u, struct reply *p) {
    const struct findings *f = &u->judgement.findings;
    p->no_store = true;
    if (u->has_annotated) {
        upload_write_annotated(u, p, err_info(ERR_INVALID)->status);
        return;
    }
    if (u->as_csv) {
        p->status = err_info(ERR_INVALID)->status;
        p->content_type = "text/csv; charset=utf-8; header=present";
        findings_write_csv(&p->body, f);
        return;
    }
    str detail = arena_printf(
        u->r->arena,
        "%llu error%s in %u row%s; nothing was stored and the last good version stays in force. "
        "Each error says where it is and what to do: put them right and send the whole file again.",
        (unsigned long long)f->errors, f->errors == 1 ? "" : "s", u->judgement.rows,
        u->judgement.rows == 1 ? "" : "s");
    struct json j = problem_begin(u->r, p, ERR_INVALID, detail);
    findings_write_members(&j, f, u->judgement.rows);
    json_end(&j);
}
