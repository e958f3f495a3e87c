/* The main() of a fuzz target in `make test`: gives it every file of its corpus, under gcc's sanitizers. A crash that was
 * found once stays in tests/fuzz/corpus/<target>/ and is tried for ever. libFuzzer itself needs clang; this does not. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *path) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(2);
}

/* The bytes in a block of exactly their size, so that the sanitizer sees a read beyond the end. */
static uint8_t *read_file(const char *path, size_t *out_size) {
    FILE *in = fopen(path, "rbe");
    if (!in || fseek(in, 0, SEEK_END) != 0) fail(path);
    long size = ftell(in);
    if (size < 0 || fseek(in, 0, SEEK_SET) != 0) fail(path);
    uint8_t *bytes = malloc((size_t)size);
    if ((!bytes && size) || fread(bytes, 1, (size_t)size, in) != (size_t)size) fail(path);
    fclose(in);
    *out_size = (size_t)size;
    return bytes;
}

static void replay_file(const char *path) {
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    /* Named before it runs: after a crash the last line says which input it was. */
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, size);
    free(bytes);
}

static unsigned replay_directory(const char *directory) {
    DIR *open = opendir(directory);
    if (!open) fail(directory);
    unsigned count = 0;
    for (struct dirent *entry; (entry = readdir(open));) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        replay_file(path);
        count++;
    }
    closedir(open);
    return count;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s CORPUS_DIRECTORY\n", argv[0]);
        return 2;
    }
    /* Every target has to stand the input of no bytes. */
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%u inputs\n", replay_directory(argv[1]) + 1);
    return 0;
}
