/* crash_point: named places at which a test build kills itself (SIGKILL, no clean-up), to prove that an
 * acknowledged return is never lost and a refused one leaves no trace. QUARTERDAY_CRASH_AT names the place.
 * In what ships the macro is nothing. */
#ifndef QD_DB_CRASH_POINT_H
#define QD_DB_CRASH_POINT_H

/* clang-format off */
#define CRASH_POINT_LIST(X) X(after_lock) X(after_copy) X(after_version) X(after_pack) X(after_audit) X(before_commit) X(after_commit)
/* clang-format on */

#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD
void crash_point(const char *name);
#define CRASH_POINT(name) crash_point(name)
#else
#define CRASH_POINT(name) ((void)0)
#endif

#endif
