/* quarter: a quarter of two providers as the suites of action plans and of the calendar need it: sent, made final, judged by the calendar. */
#ifndef QD_TESTS_QUARTER_H
#define QD_TESTS_QUARTER_H

#include "tests/support/service.h"

/* 20 people of each provider, `quit` of the 40 have quit: the first 20 of homerton's. The days (YYYY-MM-DD) are those of the quit date and
 * of the follow-up. */
void quarter_send(const struct service *s, const char *period, const char *quit_day, const char *followed_up,
                  unsigned quit);

/* Makes the period final and expects this effect on the plan of 1.4 ("(absent)" where nothing happened to it); its path into *path, unless
 * that is NULL. */
void quarter_finalise(const struct service *s, const char *period, const char *effect, char *path,
                      size_t room);

/* `quarterday run-calendar` on a day, again where `serve` is just at it; its answer must have these words. */
void quarter_run_calendar(const struct service *s, const char *day, const char *words);

#endif
