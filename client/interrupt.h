/* interrupt: Ctrl-C and SIGTERM end what is going on in an orderly way instead of at any instruction. */
#ifndef QD_CLIENT_INTERRUPT_H
#define QD_CLIENT_INTERRUPT_H

#include <stdbool.h>

void interrupt_begin(void);
bool interrupt_came(void);
/* Sleeps so many milliseconds, less when interrupted. */
void interrupt_sleep(long ms);

#endif
