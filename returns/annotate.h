/* annotate: the provider's own CSV file again, as UTF-8, with a last column `problems` that says beside each row what was
 * found in it, whatever the number of findings. The file is judged a second time and written as it is judged: memory does
 * not grow with it.
 *
 * Rows stand in their order; blank rows and what stands above the header are left out. A column `problems` that the file ends
 * with already (it was given back before) is written anew. What was found in the header stands with the first row. Rows
 * short of fields are filled up, so that the problems stand in their column; in rows with too many they stand at the end.
 * A cell that a spreadsheet would run as a formula gets an apostrophe before it, which upload strips. */
#ifndef QD_RETURNS_ANNOTATE_H
#define QD_RETURNS_ANNOTATE_H

#include "returns/judge.h"

/* `judged` is what judge() made of the same input. ERR_UNAVAILABLE: the disk is full. The spill is begun here, and the
 * caller's to free, after an error too. */
enum err annotate(const struct judge_input *in, const struct judgement *judged, struct fault *fault,
                  struct spill *out);

#endif
