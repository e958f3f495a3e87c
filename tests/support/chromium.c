#include "tests/support/chromium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

enum { NOT_INSTALLED = 77 };

static bool write_file(const char *path, str text) {
    FILE *file = fopen(path, "we");
    if (!file) return false;
    bool ok = fwrite(text.p, 1, text.n, file) == text.n;
    return fclose(file) == 0 && ok;
}

/* "Pages:           1" and "Page size:       594.96 x 841.92 pts (A4)" */
static int count_of(FILE *said, bool *out_a4) {
    int pages = 0;
    char line[200];
    while (fgets(line, sizeof line, said)) {
        if (strncmp(line, "Pages:", 6) == 0) pages = (int)strtol(line + 6, NULL, 10);
        if (strncmp(line, "Page size:", 10) == 0) *out_a4 = strstr(line, "(A4)") != NULL;
    }
    return pages;
}

/* Exit status of the script; what it said is counted. */
static int print(const char *folder, int *out_pages, bool *out_a4) {
    int ends[2], status = 0;
    if (pipe(ends) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("tests/support/chromium.sh", "chromium.sh", folder, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    *out_pages = said ? count_of(said, out_a4) : 0;
    if (said) fclose(said);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

int chromium_pages(str html, const char *folder, bool *out_a4) {
    char path[300];
    int pages = 0;
    *out_a4 = false;
    snprintf(path, sizeof path, "%s/printed.html", folder);
    if (!write_file(path, html)) return 0;
    int status = print(folder, &pages, out_a4);
    unlink(path);
    if (status == NOT_INSTALLED) return -1;
    return status == 0 ? pages : 0;
}
