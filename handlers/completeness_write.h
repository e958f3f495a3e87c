/* completeness_write: the completeness answer (contract section 8) from a national_view, and the sentence that a checker can send to each
 * provider. */
#ifndef QD_HANDLERS_COMPLETENESS_WRITE_H
#define QD_HANDLERS_COMPLETENESS_WRITE_H

#include "base/json.h"
#include "handlers/national_view.h"

/* The fields that the list over services has too: figure, ready, blockers, deadline. */
void completeness_write_head(struct json *j, const struct national_view *v);
/* items[], providers[], assumptions[], checks[]. */
void completeness_write_rest(struct json *j, const struct national_view *v);

#endif
