#include "returns/hands.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>

#include "returns/findings.h"
#include "returns/readers.h"

/* So many rows that taking turns costs nothing, and so few that their fields stay in the cache of a core. */
enum { HAND_ROWS = 256, HANDS_MOST = 4 };

/* What all hands share. */
struct hands {
    struct judging *j; /* to which everything is put together */
    const struct csv_shape *shape;
    size_t rows_at_once;

    pthread_mutex_t reading; /* guards the next five */
    struct csv *csv;
    enum csv_step last_step;
    struct fault *fault;
    uint32_t rows_read;
    uint64_t taken; /* how many times rows were taken */

    pthread_mutex_t keeping; /* guards j and the next two */
    pthread_cond_t next_turn;
    uint64_t kept; /* how many takings were put together: the next one's turn */
    struct body_window *window;
};

struct hand {
    struct hands *all;
    struct judging *j;
    struct judgement found;
    str *fields; /* rows_at_once * header_count */
    struct csv_row *rows;
    size_t row_count;
    struct csv_rows_judged judged;
    struct arena unescaped; /* what fields point to that do not stand in the file as they are meant */
    const char *begin;      /* where the first of them stands in the body */
    uint64_t turn;
    uint32_t first_row; /* 0 is the first */
};

/* One for each processor that this process may use; smaller bodies are done before a thread has started. */
unsigned judge_hands(size_t body_bytes) {
    enum { WORTH_IT = 1 << 20 };
    cpu_set_t set;
    if (body_bytes < WORTH_IT || sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    int count = CPU_COUNT(&set);
    return (unsigned)(count < HANDS_MOST ? count : HANDS_MOST);
}

/* ---- reading ---- */

/* The next rows, and their turn; false when there are none. */
static bool take_rows(struct hand *h) {
    struct hands *all = h->all;
    struct csv *c = all->csv;
    arena_free(&h->unescaped);
    h->row_count = 0;
    pthread_mutex_lock(&all->reading);
    while (all->last_step == CSV_ROW && h->row_count < all->rows_at_once) {
        str *fields = h->fields + h->row_count * c->most;
        all->last_step = csv_next_into(c, fields, all->fault);
        if (all->last_step != CSV_ROW) break;
        for (size_t i = c->count; i < c->most; i++)
            fields[i] = STR("");
        if (!h->row_count) h->begin = c->row_at;
        h->rows[h->row_count++] = (struct csv_row){fields, c->count, c->extra_text, c->row_line};
    }
    h->unescaped = c->scratch;
    c->scratch = ARENA_EMPTY;
    h->turn = all->taken++;
    h->first_row = all->rows_read;
    all->rows_read += (uint32_t)h->row_count;
    pthread_mutex_unlock(&all->reading);
    return h->row_count > 0;
}

/* ---- judging ---- */

static void judge_rows(struct hand *h) {
    struct judging *j = h->j;
    j->row.number = h->first_row;
    for (size_t i = 0; i < h->row_count; i++) {
        size_t place = i % CSV_ROWS_AT_ONCE, left = h->row_count - i;
        if (place == 0)
            csv_rows_judge(j, h->all->shape, &h->rows[i], left < CSV_ROWS_AT_ONCE ? left : CSV_ROWS_AT_ONCE,
                           &h->judged);
        j->row.values = h->judged.values[place];
        judge_row_begin(j, h->rows[i].line);
        if (csv_row_judge_rest(j, h->all->shape, &h->rows[i], h->judged.left[place])) judge_row_end_alone(j);
        else judge_row_skip(j);
    }
}

/* ---- putting together ---- */

static void move_spill(struct spill *to, struct spill *from) {
    spill_add(to, from->head.p, from->head.n);
    buf_clear(&from->head);
}

/* What holds among the rows: all before them have been put together. */
static void judge_among(struct hand *h, const char *facts) {
    enum { AHEAD = 8 }; /* rows whose slots are fetched from memory meanwhile */
    struct judging *j = h->all->j;
    for (size_t i = 0; i < h->row_count; i++) {
        size_t soon = i + AHEAD < h->row_count ? i + AHEAD : i;
        judge_row_among_soon(j, facts + soon * j->fact_kept);
        j->row.number = h->first_row + (uint32_t)i + 1;
        j->row.line = h->rows[i].line;
        judge_row_among(j, facts + i * j->fact_kept);
    }
    j->out->rows = j->row.number;
}

static void put_together(struct hand *h) {
    struct judging *j = h->all->j;
    findings_join(&j->out->findings, &h->found.findings);
    nhs_numbers_join(&j->nhs, &h->j->nhs);
    spill_add(&j->out->facts_kept, h->found.facts_kept.head.p, h->found.facts_kept.head.n);
    move_spill(&j->out->digests_kept, &h->found.digests_kept);
    judge_among(h, h->found.facts_kept.head.p);
    buf_clear(&h->found.facts_kept.head);
    row_packer_move(&j->packer, &h->j->packer);
    h->j->is_refused = j->out->findings.errors > 0;
    h->found.findings.only_counts = j->out->findings.kept_count == FINDINGS_KEPT;
    body_window_move(h->all->window, h->begin);
}

static void keep_rows(struct hand *h) {
    struct hands *all = h->all;
    pthread_mutex_lock(&all->keeping);
    while (all->kept != h->turn)
        pthread_cond_wait(&all->next_turn, &all->keeping);
    put_together(h);
    all->kept++;
    pthread_cond_broadcast(&all->next_turn);
    pthread_mutex_unlock(&all->keeping);
}

/* ---- the hands ---- */

static void *work(void *argument) {
    struct hand *h = argument;
    while (take_rows(h)) {
        judge_rows(h);
        keep_rows(h);
    }
    return NULL;
}

static void hand_begin(struct hand *h, struct hands *all) {
    h->all = all;
    h->j = judging_copy(all->j, &h->found);
    h->fields = must_calloc(all->rows_at_once * all->csv->most + 1, sizeof *h->fields);
    h->rows = must_calloc(all->rows_at_once, sizeof *h->rows);
    h->unescaped = ARENA_EMPTY;
}

static void hand_end(struct hand *h) {
    judging_copy_free(h->j);
    judgement_free(&h->found);
    arena_free(&h->unescaped);
    free(h->fields);
    free(h->rows);
}

bool hands_can(const struct judging *j) {
    return j->in->hands > 0 && j->rules->among && !j->in->annotator;
}

/* The caller is a hand too: where no thread can be started it does all the work. */
static void let_work(struct hand *hands, size_t count) {
    pthread_t threads[HANDS_MOST];
    size_t started = 0;
    while (started + 1 < count && pthread_create(&threads[started], NULL, work, &hands[started + 1]) == 0)
        started++;
    work(&hands[0]);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

enum csv_step hands_read_rows(struct judging *j, const struct csv_shape *shape, struct csv *csv,
                              struct fault *fault) {
    struct hands all = {
        .j = j,
        .shape = shape,
        .rows_at_once =
            j->in->hand_rows && j->in->hand_rows < HAND_ROWS ? j->in->hand_rows : (size_t)HAND_ROWS,
        .reading = PTHREAD_MUTEX_INITIALIZER,
        .csv = csv,
        .last_step = CSV_ROW,
        .fault = fault,
        .keeping = PTHREAD_MUTEX_INITIALIZER,
        .next_turn = PTHREAD_COND_INITIALIZER,
        .window = csv->window,
    };
    struct body_window nothing = {.released = NULL}; /* pages are given back when their rows are done with */
    size_t count = j->in->hands < HANDS_MOST ? j->in->hands : (size_t)HANDS_MOST;
    struct hand *hands = must_calloc(count, sizeof *hands);
    csv->window = &nothing;
    csv->holds = true;
    for (size_t i = 0; i < count; i++)
        hand_begin(&hands[i], &all);
    let_work(hands, count);
    for (size_t i = 0; i < count; i++)
        hand_end(&hands[i]);
    free(hands);
    csv->window = all.window;
    csv->holds = false;
    return all.last_step;
}
