/* fixed_texts: pieces of answers that never change once they are worked out, such as what two versions of a part differ in. Few and small: some
 * 256 of a few hundred bytes. */
#ifndef QD_HANDLERS_FIXED_TEXTS_H
#define QD_HANDLERS_FIXED_TEXTS_H

#include "base/arena.h"
#include "base/buf.h"

struct fixed_texts;
struct fixed_texts *fixed_texts_new(void);
void fixed_texts_free(struct fixed_texts *all);

/* Adds the text to *out; false when it is not kept. Any thread. */
bool fixed_texts_get(struct fixed_texts *all, str key, struct buf *out);
void fixed_texts_put(struct fixed_texts *all, str key, str text);

#endif
