/* target: what the fuzz targets share: a demand that ends the process, and the input as text. */
#ifndef QD_TESTS_FUZZ_TARGET_H
#define QD_TESTS_FUZZ_TARGET_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds) {
    if (!holds) abort();
}

/* The first byte, which chooses what the rest is; the rest. */
static inline str chosen(const uint8_t *data, size_t size, unsigned *out_choice) {
    *out_choice = size ? data[0] : 0;
    return (str){size ? (const char *)data + 1 : "", size ? size - 1 : 0};
}

#endif
