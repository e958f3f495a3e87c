/* cluster: see the header. */
#include "tests/torture/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool cluster_do(const char *what) {
    const char *work = getenv("QUARTERDAY_TEST_HOME");
    char home[300];
    snprintf(home, sizeof home, "%s", work ? work : "");
    char *slash = strrchr(home, '/');
    if (!slash) return false;
    *slash = '\0';
    pid_t pid = fork();
    if (pid == 0) {
        execl("tools/cluster.sh", "cluster.sh", what, home, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return status == 0;
}
