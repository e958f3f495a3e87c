/* fuzz_body: JSON bodies other than returns. The first byte chooses the form: text members, members of all types, finance and reasons of the
 * national return. What a form lets through is text that can be stored and holds nothing personal; what is stored can be read again. */
#include <jansson.h>

#include "base/date.h"
#include "handlers/json_body.h"
#include "handlers/national_body.h"
#include "returns/personal.h"
#include "tests/fuzz/target.h"

#define KNOWN "what how who when comment kpi openedFor text month"

static void check_fault(const struct request *r, enum err e) {
    must(r->fault.err == e);
    if (e) must(r->fault.detail[0] && str_is_utf8(str_of(r->fault.detail), NULL));
}

static void check_text(str s) {
    must(s.n <= JSON_BODY_TEXT_MAX && str_is_utf8(s, NULL) && !personal_find(s));
    must(!s.n || !memchr(s.p, 0, s.n));
}

static void texts(struct request *r) {
    json_t *body = NULL;
    enum err e = json_body_read(r, KNOWN, &body);
    check_fault(r, e);
    if (e) return;
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value) {
        must(json_body_has(body, name));
        check_text(json_body_text(r, body, name));
    }
    json_decref(body);
}

static void any_type(struct request *r) {
    json_t *body = NULL;
    enum err e = json_body_read_any(r, KNOWN, &body);
    check_fault(r, e);
    if (e) return;
    str text = STR(""), list = STR("");
    uint64_t number = 7;
    r->fault = (struct fault){.err = OK};
    check_fault(r, json_body_take_text(r, body, "what", &text));
    check_text(text);
    r->fault = (struct fault){.err = OK};
    check_fault(r, json_body_take_list(r, body, "kpi", &list));
    must(str_is_utf8(list, NULL));
    r->fault = (struct fault){.err = OK};
    check_fault(r, json_body_take_number(r, body, "how", 3, 99, &number));
    must(number >= 3 && number <= 99);
    json_decref(body);
}

static void national(struct request *r, bool finance) {
    struct buf stored = BUF_EMPTY, again = BUF_EMPTY;
    const int16_t period = period_of(2025, 2);
    enum err e = finance ? national_finance_read(r, &stored) : national_reasons_read(r, period, &stored);
    check_fault(r, e);
    if (e == OK) {
        r->body = buf_str(&stored);
        must((finance ? national_finance_read(r, &again) : national_reasons_read(r, period, &again)) == OK);
        must(str_eq(buf_str(&stored), buf_str(&again)));
    }
    buf_free(&stored);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_EMPTY;
    struct request r = {.arena = &arena};
    unsigned choice;
    r.body = chosen(data, size, &choice);
    switch (choice % 4) {
    case 0: texts(&r); break;
    case 1: any_type(&r); break;
    case 2: national(&r, true); break;
    default: national(&r, false); break;
    }
    arena_free(&arena);
    return 0;
}
