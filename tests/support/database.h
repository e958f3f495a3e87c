/* database: a database of its own for each suite, made in 0.1 s from a template that this run has migrated
 * once.
 *
 * The environment says where (tools/test.sh exports it): QUARTERDAY_TEST_OWNER and QUARTERDAY_TEST_APP,
 * conninfo strings without a dbname; QUARTERDAY_TEST_SUPER where the owner may not create databases. */
#ifndef QD_TESTS_DATABASE_H
#define QD_TESTS_DATABASE_H

#include <stdbool.h>
#include <stddef.h>

enum { CONNINFO_ROOM = 512 };

/* Fills the two conninfo strings; false (and says why) when there is no cluster or the migrations fail. */
bool database_make(char *owner, size_t owner_room, char *app, size_t app_room);
/* The same without any migration applied. */
bool database_make_empty(char *owner, size_t owner_room, char *app, size_t app_room);
void database_drop(const char *owner);

/* Runs SQL; false (and says why) when it fails. */
bool database_do(const char *conninfo, const char *sql);
/* Runs SQL as the superuser of the private cluster, in a database by its name; false where there is none of ours, or when it fails. */
bool database_do_as_super(const char *database, const char *sql);
/* The first column of the first row as text, in static memory; "" when there is none, "(error) ..." when it
 * fails. */
const char *database_ask(const char *conninfo, const char *sql);
/* The SQLSTATE with which SQL is refused; "" when it is not. In static memory. */
const char *database_refusal(const char *conninfo, const char *sql);

#endif
