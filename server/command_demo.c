/* `quarterday demo DIR [--seed N]`: writes the sample returns as files, and DIR/manifest.txt with one line for each in the order in
 * which they are to be uploaded: provider, period, part, file, separated by tabs. */
#include "server/commands.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "server/demo_files.h"

enum { DEFAULT_SEED = 2026 };

static const char USAGE[] =
    "usage: quarterday demo DIR [--seed N]\n"
    "\n"
    "Writes sample returns of the providers homerton and pharmacies, 2024-25-Q1 to 2025-26-Q3, into the folder\n"
    "DIR, and DIR/manifest.txt: a line for each file in upload order (provider, period, part, file; tabs between).\n"
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

typedef void write_part_fn(const struct demo_story *s, enum demo_provider p, int16_t period, struct buf *out);

static enum err write_part(const struct demo_options *o, const struct demo_story *s, enum demo_provider p,
                           int16_t period, const char *part, write_part_fn *spell, struct buf *manifest,
                           struct fault *fault) {
    char quarter[PERIOD_TEXT], name[80];
    period_format(period, quarter);
    snprintf(name, sizeof name, "%s-%s-%s.csv", demo_provider_id(p), quarter, part);
    struct buf text = BUF_EMPTY;
    spell(s, p, period, &text);
    enum err e = write_file(o->folder, name, &text, fault);
    buf_free(&text);
    buf_printf(manifest, "%s\t%s\t%s\t%s\n", demo_provider_id(p), quarter, part, name);
    return e;
}

static enum err write_all(const struct demo_options *o, const struct demo_story *s, struct fault *fault) {
    struct buf manifest = BUF_EMPTY;
    enum err e = OK;
    for (int16_t period = DEMO_FIRST_PERIOD; !e && period <= DEMO_LAST_PERIOD; period++) {
        for (int p = 0; !e && p < DEMO_PROVIDERS; p++) {
            enum demo_provider who = (enum demo_provider)p;
            e = write_part(o, s, who, period, "episodes", demo_write_episodes, &manifest, fault);
            if (!e) e = write_part(o, s, who, period, "follow-ups", demo_write_follow_ups, &manifest, fault);
        }
    }
    if (!e) e = write_file(o->folder, "manifest.txt", &manifest, fault);
    buf_free(&manifest);
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
