/* crowd: eight clients that upload without a pause, each to a part of its own, and a book of what each was told. They send what was not
 * answered again, as their users would, but for every fourth time, when they give up. The receipts are the oracle: crowd_check() holds
 * the book against the database.
 *
 * What happens to the service or the database meanwhile is the caller's; CHECK is the runner's thread's alone, so what a client finds
 * wrong waits for crowd_check(). */
#ifndef QD_TESTS_CROWD_H
#define QD_TESTS_CROWD_H

#include "tests/support/service.h"

struct crowd;

struct crowd *crowd_gather(struct service *s);
/* Lets them go on; returns when `answers` more uploads were acknowledged, or after two minutes (false). 0: at once. */
bool crowd_go(struct crowd *c, unsigned answers);
/* The same, until `times` more requests got no answer or 503. */
bool crowd_is_refused(struct crowd *c, unsigned times);
/* Lets each finish the request that it has begun, and waits for that. */
void crowd_hold(struct crowd *c);
/* Lets each go on until what it sends has been acknowledged, then holds all; false after two minutes. */
bool crowd_settle(struct crowd *c);
/* What was acknowledged since the beginning. */
unsigned crowd_acknowledged(struct crowd *c);
/* Requests that got no answer, or 503. */
unsigned crowd_unanswered(struct crowd *c);
/* While they are held and nothing of them is at work in the database: every receipt's version is there once and with its bytes, the
 * others' once or not at all, each with all its rows. `thoroughly`: also whether anything is left over, and the audit's chains. */
void crowd_check(struct crowd *c, const char *when, bool thoroughly);
/* Are the figures those of a fresh service that was sent only the newest of each part? While they are held. */
void crowd_check_figures(struct crowd *c);
/* Both once more from the beginning, as a question: how many faults there are, and the first one's words, which the crowd keeps. */
unsigned crowd_faults(struct crowd *c, const char **out_first);
/* Ends them; prints what they did. */
void crowd_dismiss(struct crowd *c, const char *what, unsigned cycles);

/* Waits until the database has no connection of the application any more: what a killed service had begun has ended, either way. */
void crowd_wait_for_silence(struct service *s);

/* How often: QUARTERDAY_TEST_CYCLES (make torture CYCLES=...) divided by `share`, or what each commit does, a twentieth of it in the slow
 * builds with sanitizers. */
unsigned torture_cycles(unsigned each_commit, unsigned share);

/* Did something never come (`ms` is -1), or, in `make torture` alone, later than promised? `make test` holds no times: it runs where other
 * work runs too. */
bool torture_is_slow(long ms, long bar_ms);

#endif
