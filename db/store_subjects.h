/* store_subjects: what is stored about one person, found by the reference (clientId) that the provider gave. */
#ifndef QD_DB_STORE_SUBJECTS_H
#define QD_DB_STORE_SUBJECTS_H

#include "db/db.h"
#include "returns/part.h"

/* Can rows of the part be about a person who has a reference? */
bool store_is_about_people(const struct part *part);

struct store_subject_row {
    int16_t period;
    int32_t version, row;
    bool in_force;             /* by now; false: a version that was replaced */
    const char *const *values; /* of the stored columns, as store_rows_read() gives them */
    const int *lengths;
};
/* Calls row() with each row of the part about the person, in the order of periods, versions and rows. An error of row() ends it and is
 * returned. */
enum err store_subject_rows(struct db *db, str service, str provider, str reference, const struct part *part,
                            enum err (*row)(void *context, const struct store_subject_row *row),
                            void *context);
/* TX. The audit line SUBJECT_READ: that somebody's rows were read, and how many; not whose. */
enum err store_subject_tell(struct db *db, str service, str provider, str key_id, int64_t rows);

#endif
