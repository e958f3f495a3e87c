/* See consequences_view.h. */
#include "client/consequences_view.h"

#include "client/text.h"
#include "client/value.h"

static void add_arrow(struct buf *out) {
    buf_add_cstr(out, " → ");
}

/* ---- statuses ---- */

static void view_statuses(struct buf *out, const json_t *list, bool colour) {
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        buf_printf(out, "  status of %s, %s: ", value_text(one, "ref"), value_text(one, "period"));
        text_add_rag(out, str_of(value_text(one, "before")), 0, colour);
        add_arrow(out);
        text_add_rag(out, str_of(value_text(one, "after")), 0, colour);
        buf_add_char(out, '\n');
    }
}

/* ---- completeness ---- */

static void add_share(struct buf *out, const json_t *share) {
    const json_t *value = value_at(share, "value");
    if (value) buf_printf(out, "%.2f %%", json_number_value(value));
    else buf_add_char(out, '-');
    buf_printf(out, " (%lld of %lld)", value_int(share, "complete"), value_int(share, "required"));
}

static void add_pair(struct buf *out, const char *of, const json_t *pair) {
    const json_t *before = value_at(pair, "before"), *after = value_at(pair, "after");
    buf_printf(out, "%s ", of);
    if (!json_equal(before, after)) {
        add_share(out, before);
        add_arrow(out);
    } else {
        buf_add_cstr(out, "stays at ");
    }
    add_share(out, after);
}

static void view_completeness(struct buf *out, const json_t *list) {
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        buf_printf(out, "  completeness, %s: ", value_text(one, "period"));
        add_pair(out, "service", value_at(one, "service"));
        if (value_at(one, "provider")) add_pair(out, "; this provider", value_at(one, "provider"));
        buf_add_char(out, '\n');
    }
}

/* ---- payment ---- */

/* 1234567 -> "£12,345.67" */
static void add_pounds(struct buf *out, long long pence) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", pence / 100);
    buf_add_cstr(out, "£");
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) buf_add_char(out, ',');
        buf_add_char(out, digits[i]);
    }
    buf_printf(out, ".%02lld", pence % 100);
}

static void add_side(struct buf *out, const json_t *side) {
    const json_t *rate = value_at(side, "ratePercent");
    add_pounds(out, value_int(side, "paymentPence"));
    if (rate) buf_printf(out, " (%.2f %%)", json_number_value(rate));
}

static void view_payment(struct buf *out, const json_t *list) {
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) {
        const json_t *before = value_at(one, "before"), *after = value_at(one, "after");
        buf_printf(out, "  payment by results, %s: ", value_text(one, "year"));
        if (value_int(before, "paymentPence") == value_int(after, "paymentPence"))
            buf_add_cstr(out, "stays at ");
        else {
            add_side(out, before);
            add_arrow(out);
        }
        add_side(out, after);
        buf_add_cstr(out, " of ");
        add_pounds(out, value_int(one, "poolPence"));
        buf_add_char(out, '\n');
    }
}

/* ---- plans ---- */

static void add_plan(struct buf *out, const json_t *plan) {
    const char *id = value_text(plan, "id");
    buf_printf(out, "%s%s of KPI %s, %s\n", *id ? "plan " : "a plan", id, value_text(plan, "kpi"),
               value_text(plan, "period"));
}

static void view_plans(struct buf *out, const json_t *plans) {
    static const struct {
        const char *effect, *words;
    } WORDS[] = {{"OPENED", "would open"},
                 {"REOPENED", "would open again"},
                 {"WITHDRAWN", "would withdraw"},
                 {"CLOSED", "would close"}};
    bool last = str_is(str_of(value_text(plans, "judgedBy")), "LAST_SIGN_OFF");
    const char *by = last ? "the last sign-off of the quarter" : "the next sign-off";
    size_t i;
    json_t *one;
    json_array_foreach(value_at(plans, "effects"), i, one) {
        const char *effect = value_text(one, "effect"), *words = effect;
        for (size_t k = 0; k < sizeof WORDS / sizeof *WORDS; k++)
            if (str_is(str_of(effect), WORDS[k].effect)) words = WORDS[k].words;
        buf_printf(out, "  %s %s%s: ", by, words,
                   value_true(one, "alsoWithout") ? ", as it would without this" : "");
        add_plan(out, one);
    }
    json_array_foreach(value_at(plans, "averted"), i, one) {
        buf_printf(out, "  %s would no more touch: ", by);
        add_plan(out, one);
    }
}

void consequences_view(struct buf *out, const json_t *consequences, bool colour) {
    if (!consequences) return;
    view_statuses(out, value_at(consequences, "statuses"), colour);
    view_completeness(out, value_at(consequences, "completeness"));
    view_payment(out, value_at(consequences, "payment"));
    view_plans(out, value_at(consequences, "plans"));
}
