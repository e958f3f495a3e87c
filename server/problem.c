/* problem: problem documents (RFC 9457), the one shape of every failure. Pure: writes into the reply, sends nothing. */
#include "server/http.h"

/* NOT_FOUND is /problems/not-found. */
static str type_of(struct arena *arena, const char *code) {
    str type = arena_printf(arena, "/problems/%s", code);
    char *p = arena_cstr(arena, type);
    for (size_t i = 0; i < type.n; i++)
        p[i] = p[i] == '_' ? '-' : ascii_lower(p[i]);
    return (str){p, type.n};
}

struct json problem_begin(struct request *r, struct reply *p, enum err e, str detail) {
    const struct err_info *info = err_info(e);
    p->status = info->status;
    p->content_type = "application/problem+json";
    p->etag[0] = '\0';
    p->lasting = STR_NONE;
    p->goes_on = false;
    buf_clear(&p->body);
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_field_str(&j, "type", type_of(r->arena, info->code));
    json_field_cstr(&j, "title", info->title);
    json_field_int(&j, "status", info->status);
    json_field_str(&j, "detail", detail.n ? detail : str_of(info->title));
    json_field_str(&j, "instance", r->path);
    json_field_cstr(&j, "code", info->code);
    json_field_cstr(&j, "correlationId", r->correlation);
    return j;
}
