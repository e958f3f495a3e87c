/* `quarterday template`: the file to fill in, to standard output or into a file. A file is written beside its place
 * and moved there when it is whole: what was there stays until then. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/text.h"
#include "client/url.h"
#include "server/commands.h"

static const struct command_form FORM = {
    .name = "template",
    .synopsis = "template PART [-o FILE] [--guide] [--prefill open] [OPTION...]",
    .what =
        "Fetches an empty CSV with the headers of a part; with --guide the explanation of each column, with\n"
        "--prefill open the rows of your own episodes whose outcomes are due now.",
    .takes = TAKES(URL) | TAKES(KEY_FILE) | TAKES(CA_FILE) | TAKES(RUN) | TAKES(AS) | TAKES(SERVICE) |
             TAKES(PROVIDER) | TAKES(PERIOD) | TAKES(GUIDE) | TAKES(PREFILL) | TAKES(OUTPUT) | TAKES(TIMEOUT),
    .examples = "  quarterday template episodes --run .run -o episodes.csv\n"
                "  quarterday template follow-ups --guide --period 2025-26-Q4\n",
    .exits = "  0  it was written\n  2  it could not be fetched or written\n  130  interrupted\n",
};

static int write_all(int fd, const struct buf *body) {
    for (size_t at = 0; at < body->n;) {
        ssize_t n = write(fd, body->p + at, body->n - at);
        if (n < 0) return errno;
        at += (size_t)n;
    }
    return 0;
}

static int write_file(const struct options *o, const char *path, const struct buf *body) {
    struct buf name = BUF_EMPTY;
    buf_printf(&name, "%s.XXXXXX", path);
    char *beside = buf_take(&name, NULL);
    int fd = mkostemp(beside, O_CLOEXEC);
    int wrong = fd < 0 ? errno : write_all(fd, body);
    mode_t mask = umask(0);
    umask(mask);
    if (!wrong && fchmod(fd, 0666 & ~mask) != 0) wrong = errno;
    if (fd >= 0 && close(fd) != 0 && !wrong) wrong = errno;
    if (!wrong && rename(beside, path) != 0) wrong = errno;
    if (wrong && fd >= 0) unlink(beside);
    free(beside);
    return wrong ? options_wrong(o, "%s cannot be written: %s", path, strerror(wrong)) : EXIT_FINE;
}

static void build_path(const struct options *o, struct buf *path) {
    buf_add_cstr(path, "/v1/templates");
    url_add_segment(path, o->words[0]);
    url_add_query(path, "service", o->value[OPTION_SERVICE]);
    url_add_query(path, "period", o->value[OPTION_PERIOD]);
    url_add_query(path, "guide", options_has(o, OPTION_GUIDE) ? "true" : NULL);
    url_add_query(path, "prefill", o->value[OPTION_PREFILL]);
}

static int run(const struct options *o) {
    if (o->word_count != 1) return options_wrong(o, "of which part? Give exactly one, such as episodes");
    const char *prefill = o->value[OPTION_PREFILL];
    if (prefill && !str_is(str_of(prefill), "open"))
        return options_wrong(o, "--prefill is '%s'; it must be open", prefill);
    struct buf path = BUF_EMPTY;
    struct http_answer answer;
    build_path(o, &path);
    const char *who = options_has(o, OPTION_PROVIDER) ? o->value[OPTION_PROVIDER] : "commissioner";
    int status = ask_get(o, who, buf_str(&path), &answer);
    if (status == 0 && options_has(o, OPTION_OUTPUT))
        status = write_file(o, o->value[OPTION_OUTPUT], &answer.body);
    else if (status == 0) {
        text_put(&answer.body);
        status = ask_end(o, EXIT_FINE);
    }
    http_close(&answer);
    buf_free(&path);
    return status;
}

int command_template(int argc, char **argv) {
    return options_run(&FORM, argc, argv, run);
}
