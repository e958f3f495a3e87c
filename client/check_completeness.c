/* check_completeness: one question, is the quarter's national return ready, and what is in the way: blockers, items,
 * providers with the sentence to send to each, the form's own checks, the first missing cells, in words or as the
 * service answers. */
#include "client/ask.h"
#include "client/checks.h"
#include "client/table.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"

static void add_percent(struct table *t, const json_t *figures) {
    const json_t *value = value_at(figures, "value");
    if (json_is_number(value)) table_add(t, "%.2f %%", json_number_value(value));
    else table_add(t, "-");
}

static void view_blockers(struct buf *out, const json_t *blockers) {
    size_t i;
    json_t *b;
    json_array_foreach(blockers, i, b) {
        buf_printf(out, "  %s", value_text(b, "code"));
        if (*value_text(b, "provider")) buf_printf(out, " (%s)", value_text(b, "provider"));
        buf_add_cstr(out, ": ");
        text_add_plain(out, str_of(value_text(b, "detail")));
        buf_add_char(out, '\n');
    }
}

static void view_items(struct buf *out, const char *indent, const json_t *items) {
    struct table t;
    size_t i;
    json_t *item;
    if (json_array_size(items) == 0) return;
    char names[80];
    snprintf(names, sizeof names, "%sitem|>complete|>of|>share", indent);
    table_begin(&t, names);
    json_array_foreach(items, i, item) {
        table_add(&t, "%s%s", indent, value_text(item, "item"));
        table_add(&t, "%lld", value_int(item, "complete"));
        table_add(&t, "%lld", value_int(item, "required"));
        add_percent(&t, item);
    }
    table_write(out, &t, false);
}

/* The sentence to send to a provider of whom something is waited for. */
static void view_message(struct buf *out, const json_t *provider) {
    const char *message = value_text(provider, "message");
    if (!*message) return;
    buf_add_cstr(out, "  To send: ");
    text_add_plain(out, str_of(message));
    buf_add_char(out, '\n');
}

/* A national return is complete or not in its cells, and has none of the items. */
static bool has_items(const json_t *items) {
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) if (value_int(item, "required") > 0) return true;
    return false;
}

static void view_providers(struct buf *out, const json_t *providers) {
    size_t i;
    json_t *p;
    json_array_foreach(providers, i, p) {
        const json_t *value = value_at(p, "value");
        buf_add_cstr(out, "\n");
        text_add_plain(out, str_of(value_text(p, "provider")));
        buf_printf(out, ": %lld of %lld", value_int(p, "complete"), value_int(p, "required"));
        if (json_is_number(value)) buf_printf(out, ", %.2f %%", json_number_value(value));
        buf_printf(out, ", %s\n", value_true(p, "submitted") ? "signed off" : "not signed off");
        view_message(out, p);
        if (has_items(value_at(p, "items"))) view_items(out, "  ", value_at(p, "items"));
    }
}

static void view_checks(struct buf *out, const json_t *checks) {
    size_t i, failed = 0;
    json_t *c;
    json_array_foreach(checks, i, c) {
        if (value_true(c, "passed")) continue;
        if (failed++ == 0) buf_add_cstr(out, "\nChecks of the form that do not hold:\n");
        buf_printf(out, "  %s %s: ", value_text(c, "id"), value_text(c, "severity"));
        text_add_plain(out, str_of(value_text(c, "detail")));
        buf_add_char(out, '\n');
    }
}

static void view_cells(struct buf *out, const json_t *incomplete) {
    const json_t *cells = value_at(incomplete, "results");
    long long total = value_int(value_at(incomplete, "metadata"), "total");
    size_t i;
    json_t *cell;
    if (json_array_size(cells) == 0) return;
    buf_printf(out, "\nMissing cells (%zu of %lld):\n", json_array_size(cells), total);
    json_array_foreach(cells, i, cell) {
        buf_add_cstr(out, "  ");
        text_add_plain(out, str_of(value_text(cell, "provider")));
        buf_printf(out, " %s %s\n", value_text(cell, "episodeId"), value_text(cell, "item"));
    }
}

static void view(struct buf *out, const json_t *c) {
    const json_t *value = value_at(c, "value");
    buf_printf(out, "%s %s: %s; ", value_text(c, "service"), value_text(c, "period"),
               value_true(c, "ready") ? "ready" : "NOT READY");
    buf_printf(out, "%lld of %lld items", value_int(c, "complete"), value_int(c, "required"));
    if (json_is_number(value)) buf_printf(out, " (%.2f %%)", json_number_value(value));
    long long left = value_int(c, "daysLeft");
    buf_printf(out, ", deadline %s, %lld day%s %s\n", value_text(c, "deadline"), left < 0 ? -left : left,
               plural(left < 0 ? -left : left), left < 0 ? "ago" : "left");
    view_blockers(out, value_at(c, "blockers"));
    buf_add_char(out, '\n');
    view_items(out, "", value_at(c, "items"));
    view_providers(out, value_at(c, "providers"));
    view_checks(out, value_at(c, "checks"));
    view_cells(out, value_at(c, "incomplete"));
}

static int judge_answer(const struct options *o, const struct http_answer *a) {
    const json_t *ready = json_object_get(a->json, "ready");
    if (!json_is_boolean(ready)) {
        text_say(o->form->name, "the answer does not say whether it is ready; is this a Quarterday?");
        return EXIT_NOT_ASKED;
    }
    struct buf out = BUF_EMPTY;
    if (!ask_print_json(o, a)) {
        view(&out, a->json);
        text_put(&out);
    }
    return ask_end(o, json_is_true(ready) ? EXIT_FINE : EXIT_REFUSED);
}

int check_completeness(const struct options *o) {
    const char *service, *period;
    int status = ask_service(o, &service);
    if (status == 0) status = ask_period(o, &period);
    if (status) return status;
    struct buf path = BUF_EMPTY;
    struct http_answer answer;
    buf_add_cstr(&path, "/v1/completeness");
    url_add_segment(&path, service);
    url_add_segment(&path, period);
    url_add_query(&path, "asAt", o->value[OPTION_AS_AT]);
    status = ask_get(o, options_has(o, OPTION_PROVIDER) ? o->value[OPTION_PROVIDER] : "checker",
                     buf_str(&path), &answer);
    if (status == 0) status = judge_answer(o, &answer);
    http_close(&answer);
    buf_free(&path);
    return status;
}
