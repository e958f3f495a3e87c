/* version: which build this is, e.g. "0.1.0-dev+2f1c9a7b3d4e". */
#ifndef QD_SERVER_VERSION_H
#define QD_SERVER_VERSION_H

const char *quarterday_version(void);

#endif
