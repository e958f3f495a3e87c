#include "returns/findings_write.h"

#include "returns/csv_write.h"
#include "returns/summary.h"

static const char *severity_name(enum severity s) {
    return s == SEVERITY_ERROR ? "ERROR" : "WARNING";
}

void findings_write_json(struct json *j, const struct findings *f, bool warnings_only) {
    json_array_begin(j);
    for (size_t i = 0; i < f->kept_count; i++) {
        const struct finding *k = &f->kept[i];
        if (warnings_only && k->severity != SEVERITY_WARNING) continue;
        json_object_begin(j);
        json_field_int(j, "row", k->row);
        json_field_int(j, "line", k->line);
        json_field_cstr(j, "column", k->column);
        json_field_cstr(j, "code", finding_code_name(k->code));
        json_field_cstr(j, "severity", severity_name(k->severity));
        json_field_str(j, "detail", k->detail);
        json_field_str(j, "fix", k->fix);
        json_end(j);
    }
    json_end(j);
}

void findings_write_summary(struct json *j, const struct findings *f) {
    struct arena a = ARENA_EMPTY;
    struct summary_line *lines;
    size_t count = summary_make(f, &a, &lines);
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_field_cstr(j, "code", finding_code_name(lines[i].code));
        json_field_cstr(j, "column", lines[i].column);
        json_field_cstr(j, "severity", severity_name(lines[i].severity));
        json_field_int(j, "count", (int64_t)lines[i].count);
        json_field_int(j, "firstRow", lines[i].first_row);
        json_end(j);
    }
    json_end(j);
    arena_free(&a);
}

void findings_write_members(struct json *j, const struct findings *f, uint32_t rows) {
    json_field_int(j, "rows", rows);
    json_field_int(j, "errorCount", (int64_t)f->errors);
    json_field_int(j, "warningCount", (int64_t)f->warnings);
    json_field_int(j, "suppressedCount", (int64_t)f->suppressed);
    json_key(j, "summary");
    findings_write_summary(j, f);
    json_field_bool(j, "truncated", findings_truncated(f));
    json_key(j, "errors");
    findings_write_json(j, f, false);
}

void findings_write_csv(struct buf *out, const struct findings *f) {
    buf_add_cstr(out, "row,line,column,code,severity,detail,fix");
    csv_write_end_row(out);
    for (size_t i = 0; i < f->kept_count; i++) {
        const struct finding *k = &f->kept[i];
        buf_printf(out, "%u,%u,", k->row, k->line);
        csv_write_field(out, str_of(k->column), true);
        buf_printf(out, ",%s,%s,", finding_code_name(k->code), severity_name(k->severity));
        csv_write_field(out, k->detail, true);
        buf_add_char(out, ',');
        csv_write_field(out, k->fix, true);
        csv_write_end_row(out);
    }
}
