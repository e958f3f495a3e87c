/* cell: what was sent for one column of a row becomes a value, or findings that say what is wrong with it.
 * One function per kind of column; each is given text that is not blank, sets the value's text and number
 * when it is good, and returns false otherwise. They know every form that the contract allows; the forms in
 * which nearly all cells come are also known to cell_fast.h.
 *
 * What surprises: a JSON true is a cell without text; JSON numbers arrive as their characters. */
#ifndef QD_RETURNS_CELL_H
#define QD_RETURNS_CELL_H

#include "returns/judging.h"

bool cell_id(struct judging *j, size_t column, str text, struct value *out);
bool cell_text(struct judging *j, size_t column, str text, struct value *out);
bool cell_date(struct judging *j, size_t column, str text, struct value *out);
bool cell_month(struct judging *j, size_t column, str text, struct value *out);
bool cell_int(struct judging *j, size_t column, struct cell sent, struct value *out);
bool cell_decimal(struct judging *j, size_t column, str text, struct value *out);
bool cell_flag(struct judging *j, size_t column, struct cell sent, struct value *out);
bool cell_code(struct judging *j, size_t column, str text, struct value *out);
/* The same by a list that is not the column's own. */
bool cell_code_of(struct judging *j, size_t column, const struct code_list *list, str text,
                  struct value *out);
bool cell_ethnic(struct judging *j, size_t column, str text, struct value *out);
bool cell_word(struct judging *j, size_t column, str text, struct value *out);
bool cell_words(struct judging *j, size_t column, str text, struct value *out);
bool cell_authority(struct judging *j, size_t column, str text, struct value *out);
bool cell_lsoa(struct judging *j, size_t column, str text, struct value *out);
bool cell_postcode(struct judging *j, size_t column, str text, struct value *out);

#endif
