/* shelf: hand-made facts for the tests of kpi/: what one provider has in force, without files, judge or
 * database. */
#ifndef QD_TESTS_SHELF_H
#define QD_TESTS_SHELF_H

#include "kpi/framework.h"
#include "kpi/tally.h"

enum { SHELF_MAX = 192 };

struct shelf {
    struct held held[SHELF_MAX];
    size_t count;
    int64_t next_seq;
};

/* The version of a part and period; made, with no rows, when it is new. Later ones were received later. */
struct held *shelf_part(struct shelf *s, enum part_id part, int16_t period);
/* Adds an episode, all blank but its ids and quit date, to the version of the quit date's period. Valid
 * until the next one. */
struct fact_episode *shelf_episode(struct shelf *s, const char *id, const char *client, int32_t quit_day);
/* Adds a follow-up to the follow-ups of a period; day DAY_NONE: undated; CO blank. Valid until the next
 * one. */
struct fact_follow_up *shelf_follow_up(struct shelf *s, int16_t period, const char *id, enum stage stage,
                                       int outcome, int32_t day);
/* Rows of the other parts, all blank but what is said; each valid until the next one. Days as text. */
struct fact_harm_reduction *shelf_pathway(struct shelf *s, const char *start, const char *outcome,
                                          const char *episode_id);
/* "" for a date that is blank. */
struct fact_referral *shelf_referral(struct shelf *s, const char *received, const char *contacted,
                                     const char *offered);
struct fact_contact *shelf_contact(struct shelf *s, const char *month_first_day, unsigned calls,
                                   unsigned answered);
struct fact_training_session *shelf_session(struct shelf *s, const char *day, enum training_word type,
                                            unsigned attendees, unsigned ratings, unsigned good);
struct fact_site *shelf_site(struct shelf *s, int16_t period, const char *id, const char *setting);
struct book shelf_book(const struct shelf *s);
void shelf_free(struct shelf *s);

/* An episode that is quit, not quit (outcome 2) or recorded as lost (3) on day 28. */
void episode_set_outcome(struct fact_episode *e, enum stage stage, int outcome, int32_t after_days);

/* frameworks/city-and-hackney.json as built in; ends the tests when it cannot be read. Free with
 * framework_free(). */
struct framework *framework_sample(void);
/* The same after one text of the file is replaced by another; `from` must occur. */
struct framework *framework_changed(const char *from, const char *to);

/* The same, with the fault that the change brings. */
enum err framework_changed_parse(const char *from, const char *to, struct fault *fault,
                                 struct framework **out);
/* The text of the file, added to out. */
void sample_text_copy(struct buf *out);

int32_t day_iso(const char *text);
int16_t period_iso(const char *text);

#endif
