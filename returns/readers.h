/* readers: the two ways in. Each reads the body and, for every row, calls judge_row_begin(),
 * cell_judge_text() or cell_judge_long() for the cells it has and judge_row_end(). */
#ifndef QD_RETURNS_READERS_H
#define QD_RETURNS_READERS_H

#include "returns/encoding.h"
#include "returns/judging.h"

enum err read_csv(struct judging *j, const struct encoded *body, struct body_window *window,
                  struct fault *fault);
enum err read_json(struct judging *j, str text, struct body_window *window, struct fault *fault);

/* judge.c. After it the reader sets the value of every column that it ever sets one of. */
void judge_row_begin(struct judging *j, uint32_t line);
/* The row has all its values: required ones, keys, rules, record. */
void judge_row_end(struct judging *j);

/* The same in two halves, for rows of several hands: what can be said of the row by itself; and, row after row in order, what
 * holds among them, with row.number, row.line and what the first half has kept. The third fetches from memory for the
 * second, a few rows before. */
void judge_row_end_alone(struct judging *j);
void judge_row_among(struct judging *j, const void *fact);
void judge_row_among_soon(const struct judging *j, const void *fact);

/* Instead of judge_row_end(): the row cannot be read, and has been told so. */
void judge_row_skip(struct judging *j);

#endif
