/* `quarterday demo DIR [--seed N]`: writes the sample returns as files, and DIR/manifest.txt: what happens, in order, a line each. Four
 * fields, separated by tabs: method, path, key, and a file of DIR or a JSON body (- for none). The line TODAY says which day it is. */
#include "server/commands.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "server/demo_files.h"
#include "server/demo_parts.h"
#include "server/demo_steps.h"

enum { DEFAULT_SEED = 2026 };

static const char USAGE[] =
    "usage: quarterday demo DIR [--seed N]\n"
    "\n"
    "Writes sample returns of the providers homerton and pharmacies, 2024-25-Q1 to 2025-26-Q3, into the folder\n"
    "DIR, and DIR/manifest.txt: the requests that tell the story, in order (method, path, key, file or body; tabs\n"
    "between); the line TODAY says which day it is from there on.\n"
    "\n"
    "  --seed N   other invented people; the dashboard shows the same statuses (default 2026)\n";

struct demo_options {
    const char *folder;
    uint64_t seed;
};

static int refuse(const char *what, const char *which) {
    fprintf(stderr, "quarterday demo: %s%s\n\n%s", what, which, USAGE);
    return EXIT_MISUSED;
}

/* 0: go on; otherwise the exit status, with the words said. */
static int read_options(int argc, char **argv, struct demo_options *out) {
    for (int i = 1; i < argc; i++) {
        str arg = str_of(argv[i]);
        bool joined = str_starts_with(arg, STR("--seed="));
        if (joined || str_is(arg, "--seed")) {
            const char *number = joined ? argv[i] + 7 : i + 1 < argc ? argv[++i] : "";
            if (!str_to_uint(str_of(number), UINT64_MAX, &out->seed))
                return refuse("--seed needs a whole number, not ", number[0] ? number : "nothing");
        } else if (arg.n > 0 && arg.p[0] == '-') {
            return refuse("there is no option ", argv[i]);
        } else if (out->folder) {
            return refuse("one folder only; what is ", argv[i]);
        } else {
            out->folder = argv[i];
        }
    }
    return out->folder ? 0 : refuse("which folder shall the files go into?", "");
}

static enum err write_file(const char *folder, const char *name, const struct buf *text,
                           struct fault *fault) {
    struct buf path = BUF_EMPTY;
    buf_printf(&path, "%s/%s", folder, name);
    buf_add_char(&path, '\0');
    enum err e = OK;
    FILE *file = fopen(path.p, "wb");
    bool written = file && fwrite(text->p, 1, text->n, file) == text->n;
    int why = errno;
    if (file && fclose(file) != 0 && written) {
        why = errno;
        written = false;
    }
    if (!written) e = fail(fault, ERR_UNAVAILABLE, "cannot write %s: %s", path.p, strerror(why));
    buf_free(&path);
    return e;
}

/* ---- the parts ---- */

typedef void write_part_fn(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);
struct demo_part {
    const char *name;
    write_part_fn *write;
};
static const struct demo_part PARTS[] = {
    {"sites", demo_write_sites}, /* the lists come first, since episodes refer to them */
    {"advisers", demo_write_advisers},
    {"episodes", demo_write_episodes},
    {"follow-ups", demo_write_follow_ups},
    {"harm-reduction", demo_write_harm_reduction},
    {"referrals", demo_write_referrals},
    {"contacts", demo_write_contacts},
    {"training-sessions", demo_write_training_sessions},
    {"web-analytics", demo_write_web_analytics},
    {"media-activity", demo_write_media_activity},
};

struct telling {
    const struct demo_options *options;
    const struct demo_story *story;
    struct buf manifest;
    struct fault *fault;
};

static enum err write_upload(struct telling *t, enum demo_provider p, int16_t period, const char *part,
                             const struct buf *text, const char *mark, const char *query) {
    char quarter[PERIOD_TEXT], name[96];
    period_format(period, quarter);
    snprintf(name, sizeof name, "%s-%s-%s%s.csv", demo_provider_id(p), quarter, part, mark);
    buf_printf(&t->manifest, "PUT\t/v1/returns/city-and-hackney/%s/%s/%s%s\tprovider-%s\t%s\n",
               demo_provider_id(p), quarter, part, query, demo_provider_id(p), name);
    return write_file(t->options->folder, name, text, t->fault);
}

/* ---- a return that is corrected ---- */

enum { CORRECTED_PERIOD = DEMO_FIRST_PERIOD + 4, FORGOTTEN_ROWS = 60 };

/* Which field of a line has this header; the files of homerton quote nothing. */
static size_t field_of(str header, const char *name) {
    size_t n = 0;
    for (str rest = header, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','), n++)
        if (str_is(one, name)) return n;
    return SIZE_MAX;
}

/* The file without the four-week outcomes of its last rows. */
static void forget_outcomes(const struct buf *whole, struct buf *out) {
    static const char *const FORGOTTEN[] = {"outcome4w", "followUp4wDate", "followUp4wMethod", "co4wPpm"};
    size_t lines = 0, at = 0, fields[4];
    for (size_t i = 0; i < whole->n; i++)
        lines += whole->p[i] == '\n';
    str rest = buf_str(whole), header = str_cut(&rest, '\n');
    for (int f = 0; f < 4; f++)
        fields[f] = field_of(header, FORGOTTEN[f]);
    buf_printf(out, "%.*s\n", STR_ARG(header));
    for (str line = str_cut(&rest, '\n'); line.n; line = str_cut(&rest, '\n')) {
        bool forget = ++at + FORGOTTEN_ROWS >= lines;
        size_t n = 0;
        for (str cells = line, one = str_cut(&cells, ','); one.p; one = str_cut(&cells, ','), n++) {
            bool blank = forget && (n == fields[0] || n == fields[1] || n == fields[2] || n == fields[3]);
            if (n) buf_add_char(out, ',');
            if (!blank) buf_add_str(out, one);
        }
        buf_add_char(out, '\n');
    }
}

static enum err write_part(struct telling *t, enum demo_provider p, int16_t period,
                           const struct demo_part *part) {
    struct buf text = BUF_EMPTY, first = BUF_EMPTY;
    part->write(t->story, p, period, &text);
    bool corrected = p == DEMO_HOMERTON && period == CORRECTED_PERIOD && part->write == demo_write_episodes;
    if (corrected) forget_outcomes(&text, &first);
    enum err e =
        write_upload(t, p, period, part->name, corrected ? &first : &text, corrected ? "-first" : "", "");
    buf_free(&first);
    buf_free(&text);
    return e;
}

/* Three weeks after it was signed: the outcomes are found, the return is sent and signed again. */
static enum err write_correction(struct telling *t) {
    struct buf text = BUF_EMPTY;
    demo_write_episodes(t->story, DEMO_HOMERTON, CORRECTED_PERIOD, &text);
    demo_write_day("2025-09-12", &t->manifest);
    enum err e = write_upload(t, DEMO_HOMERTON, CORRECTED_PERIOD, "episodes", &text, "",
                              "?reason=The%20outcomes%20of%20the%20June%20clinics%20were%20found.");
    buf_printf(&t->manifest,
               "POST\t/v1/returns/city-and-hackney/homerton/2025-26-Q1/submission\tprovider-homerton\t-\n");
    buf_free(&text);
    return e;
}

static enum err write_period(struct telling *t, int16_t period) {
    enum err e = OK;
    demo_write_day(demo_upload_day(period), &t->manifest);
    for (int p = 0; p < DEMO_PROVIDERS; p++)
        for (size_t i = 0; !e && i < sizeof PARTS / sizeof *PARTS; i++)
            if (demo_part_is_sent((enum demo_provider)p, period, PARTS[i].name))
                e = write_part(t, (enum demo_provider)p, period, &PARTS[i]);
    demo_write_steps(period, &t->manifest);
    if (!e && period == CORRECTED_PERIOD) e = write_correction(t);
    return e;
}

static enum err write_all(const struct demo_options *o, const struct demo_story *s, struct fault *fault) {
    struct telling t = {.options = o, .story = s, .manifest = BUF_EMPTY, .fault = fault};
    enum err e = OK;
    for (int16_t period = DEMO_FIRST_PERIOD; !e && period <= DEMO_LAST_PERIOD; period++)
        e = write_period(&t, period);
    if (!e) e = write_file(o->folder, "manifest.txt", &t.manifest, fault);
    buf_free(&t.manifest);
    return e;
}

int command_demo(int argc, char **argv) {
    struct demo_options options = {.seed = DEFAULT_SEED};
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(USAGE, stdout);
        return EXIT_DONE;
    }
    int status = read_options(argc, argv, &options);
    if (status) return status;
    if (mkdir(options.folder, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "quarterday demo: cannot make the folder %s: %s\n", options.folder, strerror(errno));
        return EXIT_FAILED;
    }
    struct arena arena = ARENA_EMPTY;
    struct demo_story story;
    struct fault fault = {0};
    demo_story_tell(options.seed, &arena, &story);
    enum err e = write_all(&options, &story, &fault);
    arena_free(&arena);
    if (e) fprintf(stderr, "quarterday demo: %s\n", fault.detail);
    return e ? EXIT_FAILED : EXIT_DONE;
}
