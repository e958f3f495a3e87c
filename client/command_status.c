/* `quarterday status`: who has sent what, and what is missing until when. */
#include "client/ask.h"
#include "client/table.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"
#include "server/commands.h"

static const struct command_form FORM = {
    .name = "status",
    .synopsis = "status [--service SERVICE] [--provider PROVIDER] [--period PERIOD] [OPTION...]",
    .what =
        "Lists returns: their state, the parts that were sent and those that are missing, the deadline. Also who has not\n"
        "sent. A provider sees its own.",
    .takes = TAKES_SERVICE | TAKES(PROVIDER) | TAKES(PERIOD) | TAKES(STATUS),
    .examples = "  quarterday status --run .run --service city-and-hackney --period 2025-26-Q3\n"
                "  quarterday status --status OPEN --json\n",
    .exits =
        "  0  the list was printed\n  2  the service could not be asked: command line, file, key, network\n  130  interrupted\n",
};

static void add_names(struct table *t, const json_t *names) {
    struct buf text = BUF_EMPTY;
    size_t i;
    json_t *name;
    json_array_foreach(names, i, name) buf_printf(&text, "%s%s", i ? ", " : "", json_string_value(name));
    table_add(t, "%.*s", STR_ARG(text.n ? buf_str(&text) : STR("-")));
    buf_free(&text);
}

static void add_parts(struct table *t, const json_t *parts) {
    struct buf text = BUF_EMPTY;
    size_t i;
    json_t *part;
    json_array_foreach(parts, i, part) {
        long long rows = value_int(part, "rows");
        buf_printf(&text, "%s%s v%lld (%lld row%s)", i ? ", " : "", value_text(part, "part"),
                   value_int(part, "version"), rows, plural(rows));
    }
    table_add(t, "%.*s", STR_ARG(text.n ? buf_str(&text) : STR("nothing")));
    buf_free(&text);
}

/* "in 5 days", "12 days late", "on time", "late". */
static void add_time(struct table *t, const json_t *r) {
    const json_t *on_time = json_object_get(r, "onTime"), *days = value_at(r, "daysLeft");
    long long left = json_integer_value(days);
    if (value_at(r, "signOff")) table_add(t, "%s", json_is_true(on_time) ? "on time" : "late");
    else if (!days) table_add(t, "-");
    else if (left >= 0) table_add(t, "%lld day%s left", left, plural(left));
    else table_add(t, "%lld day%s late", -left, plural(-left));
}

static void view(struct buf *out, const json_t *list) {
    struct table t;
    size_t i;
    json_t *r;
    if (json_array_size(list) == 0) {
        buf_add_cstr(out, "There is no return of that kind.\n");
        return;
    }
    table_begin(&t, "provider|period|state|deadline||missing|sent");
    json_array_foreach(list, i, r) {
        table_add(&t, "%s", value_text(r, "provider"));
        table_add(&t, "%s", value_text(r, "period"));
        table_add(&t, "%s%s", value_text(r, "status"), value_true(r, "resignNeeded") ? ", sign again" : "");
        table_add(&t, "%s", value_text(r, "deadline"));
        add_time(&t, r);
        add_names(&t, value_at(r, "missingParts"));
        add_parts(&t, value_at(r, "parts"));
    }
    table_write(out, &t, false);
}

static void build_path(const struct options *o, struct buf *path) {
    buf_add_cstr(path, "/v1/returns");
    url_add_query(path, "limit", "500");
    url_add_query(path, "service", o->value[OPTION_SERVICE]);
    url_add_query(path, "provider", o->value[OPTION_PROVIDER]);
    url_add_query(path, "period", o->value[OPTION_PERIOD]);
    url_add_query(path, "status", o->value[OPTION_STATUS]);
}

static int run(const struct options *o) {
    if (o->word_count)
        return options_wrong(o, "'%s' is too much; choose with --service, --provider, --period", o->words[0]);
    struct buf path = BUF_EMPTY, out = BUF_EMPTY;
    struct http_answer answer;
    build_path(o, &path);
    int status = ask_get(o, "commissioner", buf_str(&path), &answer);
    if (status == 0 && !ask_print_json(o, &answer)) {
        size_t shown = json_array_size(value_at(answer.json, "results"));
        long long total = value_int(value_at(answer.json, "metadata"), "total");
        view(&out, value_at(answer.json, "results"));
        text_put(&out);
        if ((long long)shown < total)
            text_say(o->form->name, "the first %zu of %lld; choose with --service, --provider, --period",
                     shown, total);
    }
    if (status == 0) status = ask_end(o, EXIT_FINE);
    http_close(&answer);
    buf_free(&path);
    return status;
}

int command_status(int argc, char **argv) {
    return options_run(&FORM, argc, argv, run);
}
