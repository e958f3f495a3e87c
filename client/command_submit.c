/* `quarterday submit`: sends files, each a part of a return. Lists of sites and advisers go first, then episodes, since
 * the others refer to them; what is refused does not keep the next file from being sent, what cannot be asked does. */
#include <stdlib.h>

#include "base/date.h"
#include "client/connection.h"
#include "client/http.h"
#include "client/receipt.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"
#include "server/commands.h"

static const struct command_form FORM = {
    .name = "submit",
    .synopsis = "submit FILE... --provider PROVIDER [OPTION...]",
    .what =
        "Sends files, each a part of a provider's return for a quarter. A file replaces the part as a whole, or is\n"
        "refused as a whole: then every error stands on a line of its own, file:line:column: error CODE: message.",
    .takes = TAKES_SERVICE | TAKES(PROVIDER) | TAKES(PERIOD) | TAKES(PART) | TAKES(DRY_RUN) | TAKES(REASON) |
             TAKES(IF_MATCH) | TAKES(QUIET),
    .examples =
        "  quarterday submit episodes.csv --run .run --service city-and-hackney --provider homerton --period 2025-26-Q4\n"
        "  quarterday submit 2025-26-Q4/*.csv --period 2025-26-Q4 --dry-run\n"
        "  quarterday submit corrected.csv --part episodes --period 2025-26-Q3 --reason 'two rows were missing' --if-match v1\n",
    .exits = "  0  every file was accepted\n  1  one was refused; what to put right was said\n"
             "  2  one could not be sent: command line, file, key, network\n  130  interrupted\n",
};

struct submit {
    struct options options;
    struct connection connection;
    char if_match[32];
};

/* ---- one file ---- */

static int quarter_of(const struct submit *s, const struct file *f, char out[16]) {
    const struct options *o = &s->options;
    const char *given = o->value[OPTION_PERIOD];
    int16_t period;
    if (!given && !file_name_period(f->path, out))
        return options_wrong(o, "which quarter is %s of? Give --period, such as 2025-26-Q3", f->path);
    if (given && !period_parse(str_of(given), &period))
        return options_wrong(o, "--period is '%s'; quarters are written 2025-26-Q3", given);
    if (given) snprintf(out, 16, "%s", given);
    return 0;
}

static void build_path(const struct submit *s, const struct file *f, const char *period, struct buf *out) {
    const struct options *o = &s->options;
    buf_add_cstr(out, "/v1/returns");
    url_add_segment(out, o->value[OPTION_SERVICE]);
    url_add_segment(out, o->value[OPTION_PROVIDER]);
    url_add_segment(out, period);
    url_add_segment(out, f->part->name);
    url_add_query(out, "dryRun", options_has(o, OPTION_DRY_RUN) ? "true" : NULL);
    url_add_query(out, "reason", o->value[OPTION_REASON]);
}

/* Refused by what it holds or by the state of the return, not by who asks or how. */
static bool is_refusal(long status) {
    return status == 400 || status == 409 || status == 412 || status == 413 || status == 415 || status == 422;
}

static int view(const struct submit *s, const struct file *f, const struct http_answer *a) {
    bool good = a->status == 200 || a->status == 201;
    if (!good && !is_refusal(a->status)) return http_explain(&s->connection, a);
    struct buf out = BUF_EMPTY;
    if (options_has(&s->options, OPTION_JSON)) {
        buf_add_str(&out, buf_str(&a->body));
        buf_add_char(&out, '\n');
    } else if (good) {
        receipt_view(&out, f, a->json, text_has_colour());
    } else if (value_at(a->json, "errors")) {
        refusal_view(&out, f, a->json);
    } else {
        text_add_plain(&out, str_of(f->path));
        buf_printf(&out, ": refused: error %s: ", value_text(a->json, "code"));
        text_add_plain(&out, str_of(value_text(a->json, "detail")));
        buf_add_char(&out, '\n');
    }
    text_put(&out);
    return good ? EXIT_FINE : EXIT_REFUSED;
}

static int send(const struct submit *s, struct file *f) {
    char period[16];
    int status = quarter_of(s, f, period);
    if (status) return status;
    struct buf path = BUF_EMPTY;
    struct progress progress;
    struct http_answer answer;
    build_path(s, f, period, &path);
    progress_begin(&progress, f->path, !options_has(&s->options, OPTION_QUIET));
    struct http_ask ask = {
        .path = buf_str(&path),
        .type = f->type,
        .if_match = s->if_match[0] ? s->if_match : NULL,
        .body_fd = f->fd,
        .body_bytes = f->bytes,
        .progress = &progress,
    };
    status = http_send(&s->connection, &ask, &answer) && !answer.interrupted
                 ? view(s, f, &answer)
                 : http_explain(&s->connection, &answer);
    http_close(&answer);
    buf_free(&path);
    return status;
}

/* ---- all of them ---- */

static int rank_of(const struct file *f) {
    switch (f->part->id) {
    case PART_SITES:
    case PART_ADVISERS: return 0;
    case PART_EPISODES: return 1;
    default: return 2;
    }
}

static int send_all(struct submit *s, struct file *files, int count) {
    int worst = EXIT_FINE;
    for (int rank = 0; rank <= 2; rank++)
        for (int i = 0; i < count; i++) {
            if (rank_of(&files[i]) != rank) continue;
            int status = send(s, &files[i]);
            if (status > EXIT_REFUSED) return status;
            if (status > worst) worst = status;
        }
    return worst;
}

/* All are opened before the first is sent: a misspelt name must not be noticed halfway. */
static int open_and_send(struct submit *s) {
    const struct options *o = &s->options;
    int count = o->word_count, opened = 0, status = 0;
    struct file *files = must_calloc((size_t)count, sizeof *files);
    for (; opened < count && status == 0; opened++)
        status = file_open(&files[opened], o, o->words[opened]);
    if (status == 0) status = send_all(s, files, count);
    for (int i = 0; i < opened; i++)
        file_close(&files[i]);
    free(files);
    return status;
}

static int check_options(struct submit *s) {
    const struct options *o = &s->options;
    if (o->word_count == 0) return options_wrong(o, "which file? For standard input write -");
    if (!options_has(o, OPTION_SERVICE))
        return options_wrong(o, "whose service? Give --service, such as city-and-hackney");
    if (!options_has(o, OPTION_PROVIDER))
        return options_wrong(o, "which provider? Give --provider, such as homerton");
    const char *match = o->value[OPTION_IF_MATCH];
    if (!match) return 0;
    if (o->word_count > 1) return options_wrong(o, "--if-match is of one part; send the files one by one");
    str version = str_of(match);
    uint64_t n;
    if (version.n && version.p[0] == 'v') version = str_sub(version, 1, version.n);
    if (!str_to_uint(version, 1000000000, &n))
        return options_wrong(o, "--if-match is '%s'; it must be a version, such as v3", match);
    snprintf(s->if_match, sizeof s->if_match, "\"v%llu\"", (unsigned long long)n);
    return 0;
}

int command_submit(int argc, char **argv) {
    struct submit s = {.if_match = ""};
    int status;
    if (!options_read(&s.options, &FORM, argc, argv, &status)) return status;
    status = check_options(&s);
    if (status == 0) {
        status = connection_open(&s.connection, &s.options, s.options.value[OPTION_PROVIDER]);
        if (status == 0) status = open_and_send(&s);
        connection_close(&s.connection);
    }
    options_free(&s.options);
    return status;
}
