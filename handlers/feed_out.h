/* feed_out: writes the rows of a feed, column by column, as CSV or JSON, compressed or not, into a spill: memory does not grow with the
 * number of rows. Each value names its column, so that a writer and its table cannot drift apart: a slip is an internal error, never a
 * row that is shifted by one. */
#ifndef QD_HANDLERS_FEED_OUT_H
#define QD_HANDLERS_FEED_OUT_H

#include "base/date.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/num.h"
#include "handlers/feed_tables.h"
#include "returns/spill.h"
#include "server/http.h"

enum { FEED_COLUMNS_MOST = 48 };

struct feed_zip; /* a running compression */

struct feed_out {
    const struct feed_table *table;
    bool csv;
    struct feed_zip *zip;  /* NULL: as it is */
    struct buf piece;      /* not yet handed on */
    struct sha256 *digest; /* of the rows before compression */
    struct spill spill;
    struct arena row;  /* for what a writer puts together; lives until the row is written */
    size_t column;     /* the next one of the row */
    const char *wrong; /* the first value that is not of the next column */
    uint64_t rows;
    /* By column: what stands before its value, and under which address its name was given last. */
    struct buf leads;
    size_t lead_ends[FEED_COLUMNS_MOST];
    const char *given[FEED_COLUMNS_MOST];
};

/* Begins anew, also after an earlier try. *o is all zero the first time. Free with feed_out_free(), also after feed_out_end(). */
void feed_out_begin(struct feed_out *o, const struct feed_table *table, bool csv, bool gzip, const char *dir);

/* One value of the row; STR_NONE and given == false are null: null in JSON, nothing in CSV. The column's name is a literal. */
void feed_text(struct feed_out *o, const char *column, str value);
void feed_cstr(struct feed_out *o, const char *column, const char *value);
void feed_int(struct feed_out *o, const char *column, int64_t value);
void feed_int_if(struct feed_out *o, const char *column, bool given, int64_t value);
void feed_flag(struct feed_out *o, const char *column, bool value);
void feed_flag_if(struct feed_out *o, const char *column, bool given, bool value);
void feed_decimal_if(struct feed_out *o, const char *column, bool given, struct decimal value);
void feed_fraction_if(struct feed_out *o, const char *column, bool given, struct fraction value);
void feed_day(struct feed_out *o, const char *column, int32_t day); /* DAY_NONE: null */
void feed_instant(struct feed_out *o, const char *column, int64_t at);
/* financialYear, quarter, period, periodStart, periodEnd, periodSort. */
void feed_period(struct feed_out *o, int16_t period);
void feed_end_row(struct feed_out *o);

/* Neighbouring columns that say the same in many rows. The first time they are written between feed_run_begin() and feed_run_end(), later
 * feed_run_again() writes them as they were, until they are forgotten; it is false where nothing is kept. *run is all zero at first. */
struct feed_run {
    struct buf bytes;
    size_t at;       /* where they begin in the piece, while they are written the first time */
    size_t from, to; /* columns; nothing is kept where they are the same */
};
bool feed_run_again(struct feed_out *o, const struct feed_run *run);
void feed_run_begin(struct feed_out *o, struct feed_run *run);
void feed_run_end(struct feed_out *o, struct feed_run *run);
void feed_run_forget(struct feed_run *run); /* keeps the memory */
void feed_run_free(struct feed_run *run);

/* Ends the document and hands it to the reply with its ETag. ERR_UNAVAILABLE: the disk is full. */
enum err feed_out_end(struct feed_out *o, struct fault *fault, struct reply *p);
void feed_out_free(struct feed_out *o);

#endif
