#include "handlers/national_body.h"

#include <jansson.h>
#include <stdio.h>

#include "base/date.h"
#include "handlers/json_body.h"
#include "handlers/national_view.h"
#include "returns/national_form.h"
#include "returns/personal.h"

/* ---- members ---- */

static enum err check_known(struct request *r, const char *where, const char *name, const char *const *known,
                            size_t count) {
    str names[8];
    struct buf all = BUF_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, known[i]) == 0) {
            buf_free(&all);
            return OK;
        }
        names[i] = str_of(known[i]);
        buf_printf(&all, "%s%s", i ? ", " : "", known[i]);
    }
    str near = str_nearest(str_of(name), names, count);
    if (near.p)
        fail(&r->fault, ERR_INVALID, "%s has no member '%.60s'. Did you mean '%.*s'?", where, name,
             STR_ARG(near));
    else
        fail(&r->fault, ERR_INVALID, "%s has no member '%.60s'. Known: %.*s.", where, name,
             STR_ARG(buf_str(&all)));
    buf_free(&all);
    return ERR_INVALID;
}

static enum err check_members(struct request *r, const char *where, const json_t *object,
                              const char *const *known, size_t count) {
    const char *name;
    json_t *value;
    enum err e = OK;
    if (!json_is_object(object)) return fail(&r->fault, ERR_INVALID, "%s must be a JSON object.", where);
    json_object_foreach((json_t *)object, name, value) {
        e = check_known(r, where, name, known, count);
        if (e != OK) break;
    }
    return e;
}

static enum err parse_body(struct request *r, json_t **out) {
    json_error_t error;
    if (!str_trim(r->body).n)
        return fail(&r->fault, ERR_MISSING_VALUE, "The body is empty; send a JSON object.");
    *out = json_loadb(r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &error);
    if (*out) return OK;
    return json_body_malformed(&r->fault, &error);
}

/* ---- finance ---- */

static bool amount_of(const json_t *value, int64_t *out) {
    uint64_t n;
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= NATIONAL_MONEY_MOST) {
        *out = json_integer_value(value);
        return true;
    }
    if (!json_is_string(value) ||
        !str_to_uint(str_trim((str){json_string_value(value), json_string_length(value)}),
                     NATIONAL_MONEY_MOST, &n))
        return false;
    *out = (int64_t)n;
    return true;
}

static enum err write_finance(struct request *r, const json_t *body, struct buf *out) {
    struct json j = json_to(out);
    json_object_begin(&j);
    for (int i = 0; i < FINANCE_COUNT; i++) {
        const json_t *value = json_object_get(body, FINANCE_MEMBERS[i]);
        int64_t amount;
        if (!value || json_is_null(value))
            return fail(&r->fault, ERR_MISSING_VALUE,
                        "/%s is missing. Send all four amounts; where there is none, 0.", FINANCE_MEMBERS[i]);
        if (!amount_of(value, &amount))
            return fail(&r->fault, ERR_INVALID,
                        "/%s must be whole pounds, from 0 to %d, without pence or signs.", FINANCE_MEMBERS[i],
                        NATIONAL_MONEY_MOST);
        json_field_int(&j, FINANCE_MEMBERS[i], amount);
    }
    json_end(&j);
    return OK;
}

enum err national_finance_read(struct request *r, struct buf *out) {
    json_t *body;
    enum err e = parse_body(r, &body);
    if (e != OK) return e;
    e = check_members(r, "The body", body, FINANCE_MEMBERS, FINANCE_COUNT);
    if (e == OK) e = write_finance(r, body, out);
    json_decref(body);
    return e;
}

/* ---- reasons ---- */

static const char *const REASON_MEMBERS[] = {"part", "key1", "reason"};

struct reasons {
    struct request *r;
    struct national_form form;
    bool given[NATIONAL_ROWS_MAX];
    str reason[NATIONAL_ROWS_MAX];
};

static str text_of(const json_t *object, const char *name) {
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? str_trim((str){json_string_value(v), json_string_length(v)}) : STR_NONE;
}

static size_t characters_of(str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

static bool has_control(str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return true;
    return false;
}

static enum err find_row(struct reasons *all, size_t i, const json_t *one, int *out_row) {
    struct request *r = all->r;
    str name = text_of(one, "part"), key = text_of(one, "key1");
    enum national_part part;
    const struct code_entry *entry;
    int32_t on = period_first_day(all->form.period);
    if (!name.n || !key.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "/reasons/%zu needs part (1G or 1H) and key1 (a code), both as text.", i);
    if (!national_part_parse(name, &part) || !national_part_info(part)->has_reason)
        return fail(&r->fault, ERR_INVALID,
                    "/reasons/%zu/part is '%.*s'; only 1G (intervention type) and 1H (setting) have reasons.",
                    i, (int)(name.n > 40 ? 40 : name.n), name.p);
    const struct code_list *list = national_part_info(part)->key1;
    enum code_match match = code_list_match(list, key, on, &entry);
    if (match == CODE_MATCH || match == CODE_MATCH_UNPADDED) {
        *out_row = national_row_find(&all->form, part, str_of(entry->code), STR(""));
        return OK;
    }
    struct buf codes = BUF_EMPTY;
    code_list_codes(list, on, &codes);
    fail(&r->fault, ERR_INVALID, "/reasons/%zu/key1 is '%.*s'; the form of this quarter has %.*s in part %s.",
         i, (int)(key.n > 40 ? 40 : key.n), key.p, STR_ARG(buf_str(&codes)), national_part_info(part)->name);
    buf_free(&codes);
    return ERR_INVALID;
}

static enum err check_reason(struct reasons *all, size_t i, str reason) {
    struct request *r = all->r;
    const char *personal = personal_find(reason);
    if (!reason.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "/reasons/%zu/reason is blank. Write why, or leave the entry out.", i);
    if (characters_of(reason) > NATIONAL_REASON_MOST)
        return fail(&r->fault, ERR_INVALID,
                    "/reasons/%zu/reason has %zu characters; the form takes %d. Shorten it.", i,
                    characters_of(reason), NATIONAL_REASON_MOST);
    if (has_control(reason))
        return fail(&r->fault, ERR_INVALID,
                    "/reasons/%zu/reason has line breaks or control characters. Write it in one line.", i);
    if (personal)
        return fail(
            &r->fault, ERR_INVALID,
            "/reasons/%zu/reason seems to hold %s. Reasons go to NHS England: write nothing about single people.",
            i, personal);
    return OK;
}

static enum err take_reason(struct reasons *all, size_t i, const json_t *one) {
    char where[32];
    int row = -1;
    snprintf(where, sizeof where, "/reasons/%zu", i);
    enum err e = check_members(all->r, where, one, REASON_MEMBERS, 3);
    if (e == OK) e = find_row(all, i, one, &row);
    if (e == OK) e = check_reason(all, i, text_of(one, "reason"));
    if (e != OK) return e;
    if (all->given[row])
        return fail(&all->r->fault, ERR_INVALID,
                    "/reasons/%zu repeats part and key1 of an earlier one. Send one reason for each.", i);
    all->given[row] = true;
    all->reason[row] = text_of(one, "reason");
    return OK;
}

/* In the order of the form, so that the same reasons are the same bytes. */
static void write_reasons(const struct reasons *all, struct buf *out) {
    struct json j = json_to(out);
    json_object_begin(&j);
    json_key(&j, "reasons");
    json_array_begin(&j);
    for (int row = 0; row < all->form.row_count; row++) {
        if (!all->given[row]) continue;
        json_object_begin(&j);
        json_field_cstr(&j, "part", national_part_info((enum national_part)all->form.rows[row].part)->name);
        json_field_cstr(&j, "key1", all->form.rows[row].key1);
        json_field_str(&j, "reason", all->reason[row]);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

static enum err read_reasons(struct reasons *all, const json_t *body, struct buf *out) {
    static const char *const MEMBERS[] = {"reasons"};
    const json_t *list = json_object_get(body, "reasons"), *one;
    size_t i;
    enum err e = check_members(all->r, "The body", body, MEMBERS, 1);
    if (e == OK && !list)
        e = fail(&all->r->fault, ERR_MISSING_VALUE, "/reasons is missing. Send [] for none.");
    if (e == OK && !json_is_array(list)) e = fail(&all->r->fault, ERR_INVALID, "/reasons must be an array.");
    if (e != OK) return e;
    json_array_foreach(list, i, one) {
        e = take_reason(all, i, one);
        if (e != OK) return e;
    }
    write_reasons(all, out);
    return OK;
}

enum err national_reasons_read(struct request *r, int16_t period, struct buf *out) {
    json_t *body;
    enum err e = parse_body(r, &body);
    if (e != OK) return e;
    struct reasons *all = ARENA_NEW(r->arena, struct reasons);
    all->r = r;
    national_form_build(period, &all->form);
    e = read_reasons(all, body, out);
    json_decref(body);
    return e;
}
