/* text_file: a whole file as a C string, for certificates and keys that a test's own server is given. */
#ifndef QD_TESTS_TEXT_FILE_H
#define QD_TESTS_TEXT_FILE_H

#include "base/buf.h"

/* Adds it to out, with its NUL. False: there is no such file, or it is empty. */
bool text_file_read(const char *path, struct buf *out);

#endif
