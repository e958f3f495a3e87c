#include "tests/support/episodes.h"

#include "base/json.h"

struct episode_row episode_good(const char *id) {
    return (struct episode_row){
        .id = id,
        .client = id,
        .authority = "E09000012",
        .quit = "2025-05-01",
        .age = "44",
        .gender = "2",
        .orientation = "1",
        .ethnic = "A",
        .nssec = "08",
        .free_rx = "Y",
        .pregnant = "N",
        .type = "08",
        .setting = "13",
        .aid = "10",
        .outcome = "1",
        .followed_up = "2025-05-29",
        .method = "FACE_TO_FACE",
        .co = "3",
        .imd = "1",
        .smi = "N",
        .satisfaction = "5",
    };
}

enum { FIELDS = 21 };

static void list(const struct episode_row *r, const char *out[FIELDS]) {
    const char *all[FIELDS] = {
        r->id,      r->client,      r->authority, r->quit,     r->age,  r->gender,  r->orientation,
        r->ethnic,  r->nssec,       r->free_rx,   r->pregnant, r->type, r->setting, r->aid,
        r->outcome, r->followed_up, r->method,    r->co,       r->imd,  r->smi,     r->satisfaction};
    memcpy(out, all, sizeof all);
}

void episode_add_csv(struct buf *out, const struct episode_row *row) {
    const char *fields[FIELDS];
    list(row, fields);
    for (size_t i = 0; i < FIELDS; i++)
        buf_printf(out, "%s%s", i ? "," : "", fields[i] ? fields[i] : "");
    buf_add_cstr(out, "\r\n");
}

void episode_add_json(struct buf *out, const struct episode_row *row) {
    const char *fields[FIELDS];
    list(row, fields);
    struct json j = json_to(out);
    str names = STR(EPISODE_HEADER);
    json_object_begin(&j);
    for (size_t i = 0; i < FIELDS; i++) {
        json_key_str(&j, str_cut(&names, ','));
        json_str(&j, fields[i] && fields[i][0] ? str_of(fields[i]) : STR_NONE);
    }
    json_end(&j);
}
