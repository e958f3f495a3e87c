/* demo: the sample returns of City and Hackney, made from a seed. `quarterday demo DIR [--seed N]` writes them as the files that two
 * providers would send; loading them is left to the HTTP API, as for everybody else. */
#ifndef QD_SERVER_DEMO_H
#define QD_SERVER_DEMO_H

int command_demo(int argc, char **argv);

#endif
