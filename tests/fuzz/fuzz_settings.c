/* fuzz_settings: the settings file and the command line. The first byte chooses: the bytes are a file; or a word of the command line each
 * line. What is refused is told in words; what is taken is within its bounds. */
#include <sys/mman.h>
#include <unistd.h>

#include "server/settings.h"
#include "tests/fuzz/target.h"

static void take(int argc, char **argv) {
    struct fault fault = {.err = OK};
    struct settings s = {0};
    struct flag flags[] = {
        {"role", "ROLE", "whose", NULL}, {"dry-run", NULL, "nothing is stored", NULL}, {0}};
    struct arguments arguments = {.flags = flags};
    enum err e = settings_read(argc, argv, &arguments, &s, &fault);
    must(fault.err == e && (e == OK || e == ERR_BAD_REQUEST));
    if (e) {
        must(fault.detail[0] != '\0');
        return; /* and nothing is left: the leak sanitizer looks */
    }
    if (!arguments.help) {
        must(s.body_cap_mib >= 1 && s.port <= 65535 && s.io_threads >= 1 && s.log_level < 4);
        must(s.listen && s.database && s.spool_dir && arguments.word_count <= WORDS_MAX);
        settings_is_loopback(&s);
    }
    settings_free(&s);
}

static void file(str text) {
    char path[40];
    int fd = memfd_create("settings", 0);
    must(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char *argv[] = {"serve", "--config", path, NULL};
    take(3, argv);
    close(fd);
}

static void words(str text) {
    struct arena arena = ARENA_EMPTY;
    char *argv[12] = {"serve"};
    int argc = 1;
    while (text.n && argc < 11) {
        char *word = arena_cstr(&arena, str_cut(&text, '\n'));
        /* whatever file it names is not ours to read */
        if (strstr(word, "config")) continue;
        argv[argc++] = word;
    }
    take(argc, argv);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned choice;
    str s = chosen(data, size, &choice);
    if (choice % 2) words(s);
    else file(s);
    return 0;
}
