/* commands: the subcommands of the one binary. argv[0] is the subcommand's name. They print words for people
 * on standard error and results on standard output, and return the exit status: 0 done, 1 failed, 2 used
 * wrongly. The first five are the client (client/): there 1 is a refusal, 2 that nothing could be asked. */
#ifndef QD_SERVER_COMMANDS_H
#define QD_SERVER_COMMANDS_H

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2 };

int command_submit(int argc, char **argv);
int command_check(int argc, char **argv);
int command_status(int argc, char **argv);
int command_template(int argc, char **argv);
int command_kpis(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_key(int argc, char **argv);
int command_framework(int argc, char **argv);
int command_run_calendar(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_erase(int argc, char **argv);
int command_retention(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_routes(int argc, char **argv);
int command_openapi_parts(int argc, char **argv);
int command_openapi_feeds(int argc, char **argv);

#endif
