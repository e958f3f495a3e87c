/* cluster: see the header. */
#include "tests/torture/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool run(const char *what, const char *more[]) {
    const char *work = getenv("QUARTERDAY_TEST_HOME");
    char home[300];
    snprintf(home, sizeof home, "%s", work ? work : "");
    char *slash = strrchr(home, '/');
    if (!slash) return false;
    *slash = '\0';
    const char *argv[10] = {"cluster.sh", what, home};
    for (size_t i = 0; more && more[i] && i < 6; i++)
        argv[3 + i] = more[i];
    pid_t pid = fork();
    if (pid == 0) {
        execv("tools/cluster.sh", (char *const *)(void *)argv);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return status == 0;
}

bool cluster_do(const char *what) {
    return run(what, NULL);
}

bool cluster_sql(const char *sql) {
    const char *more[] = {"super", "postgres", "-c", sql, NULL};
    return run("psql", more);
}
