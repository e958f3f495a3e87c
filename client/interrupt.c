/* See interrupt.h. A second signal ends the process at once: the handler is good for one only. */
#include "client/interrupt.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t came;

static void on_signal(int number) {
    (void)number;
    came = 1;
}

void interrupt_begin(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool interrupt_came(void) {
    return came != 0;
}

void interrupt_sleep(long ms) {
    for (long left = ms; left > 0 && !came; left -= 50) {
        struct timespec piece = {.tv_nsec = (left < 50 ? left : 50) * 1000000};
        nanosleep(&piece, NULL);
    }
}
