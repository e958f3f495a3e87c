/* commands: the subcommands of the one binary. argv[0] is the subcommand's name. They print words for people
 * on standard error and results on standard output, and return the exit status: 0 done, 1 failed, 2 used
 * wrongly. */
#ifndef QD_SERVER_COMMANDS_H
#define QD_SERVER_COMMANDS_H

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2 };

int command_serve(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_key(int argc, char **argv);
int command_framework(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_routes(int argc, char **argv);
int command_openapi_parts(int argc, char **argv);

#endif
