/* rows csv|json ROWS SEED EDITION [PERIOD]: prints a clean return of episodes, of 2025-26-Q3 unless it is said. The same arguments give the same
 * bytes on every machine. EDITION 0 is the first return; edition N is its correction: the age of row N is another one, all else is the same.
 *
 * The CSV is one that PostgreSQL can read as well, so that \copy is given the very same file: ISO dates, Y and N, codes as they are
 * stored, nothing quoted, an empty field for a blank. */
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/json.h"

enum { COLUMNS = 25, CELL_ROOM = 24, FLUSH_AT = 1 << 20 };

static const char *const NAMES[COLUMNS] = {
    "episodeId",
    "clientId",
    "localAuthority",
    "quitDate",
    "ageAtQuitDate",
    "site",
    "adviser",
    "imdQuintile",
    "gender",
    "sexualOrientation",
    "nssec",
    "ethnicCategory",
    "freePrescription",
    "pregnant",
    "interventionType",
    "setting",
    "aid",
    "homeless",
    "swapToStop",
    "seriousMentalIllness",
    "outcome4w",
    "followUp4wDate",
    "followUp4wMethod",
    "co4wPpm",
    "satisfaction",
};

struct row {
    char cells[COLUMNS][CELL_ROOM]; /* in the order of NAMES; "" is blank */
};

/* SplitMix64. */
static uint64_t roll(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *state, unsigned n) {
    return (unsigned)(roll(state) % n);
}

static bool chance(uint64_t *state, unsigned percent) {
    return below(state, 100) < percent;
}

static void put_text(char cell[CELL_ROOM], const char *text) {
    snprintf(cell, CELL_ROOM, "%s", text);
}

static void put_number(char cell[CELL_ROOM], const char *before, int width, unsigned n) {
    snprintf(cell, CELL_ROOM, "%s%0*u", before, width, n);
}

#define PICK(state, ...) pick(state, (const char *const[]){__VA_ARGS__, NULL})
static const char *pick(uint64_t *state, const char *const *words) {
    unsigned n = 0;
    while (words[n])
        n++;
    return words[below(state, n)];
}

static void fill_person(uint64_t *s, struct row *r) {
    put_text(r->cells[2], PICK(s, "E09000012", "E09000012", "E09000012", "E09000001", "E09000030"));
    put_number(r->cells[4], "", 1, 18 + below(s, 70));
    put_number(r->cells[7], "", 1, 1 + below(s, 5));
    put_text(r->cells[8], PICK(s, "1", "2"));
    put_text(r->cells[9], PICK(s, "1", "1", "1", "2", "3"));
    put_text(r->cells[10], PICK(s, "01", "02", "03", "04", "08", "08"));
    put_text(r->cells[11], PICK(s, "A", "B", "CT", "H", "M", "N", "P", "R"));
    put_text(r->cells[12], PICK(s, "Y", "N"));
    put_text(r->cells[13], r->cells[8][0] == '2' ? PICK(s, "N", "N", "N", "N", "Y") : "");
}

static void fill_help(uint64_t *s, struct row *r) {
    put_number(r->cells[5], "S", 1, 10 + below(s, 40));
    put_number(r->cells[6], "A", 1, 100 + below(s, 200));
    put_text(r->cells[14], PICK(s, "07", "08", "08", "09"));
    put_text(r->cells[15], PICK(s, "10", "13", "15"));
    put_text(r->cells[16], PICK(s, "10", "12", "LB", "LI"));
    put_text(r->cells[17], chance(s, 95) ? "N" : "Y");
    put_text(r->cells[18], chance(s, 60) ? "N" : "Y");
    put_text(r->cells[19], chance(s, 90) ? "N" : "Y");
}

/* Two of three are followed up, in time; half of those quit, most of them confirmed by a reading face to face. */
static void fill_outcome(uint64_t *s, int32_t quit, struct row *r) {
    if (chance(s, 33)) {
        put_text(r->cells[20], "3");
        return;
    }
    bool has_quit = chance(s, 50), face_to_face = chance(s, 70);
    put_text(r->cells[20], has_quit ? "1" : "2");
    char day[DAY_TEXT];
    put_text(r->cells[21], day_format(quit + 25 + (int32_t)below(s, 18), day));
    put_text(r->cells[22], face_to_face ? "FACE_TO_FACE" : "TELEPHONE");
    if (has_quit && face_to_face) put_number(r->cells[23], "", 1, below(s, 12));
    if (chance(s, 60)) put_number(r->cells[24], "", 1, 1 + below(s, 5));
}

/* Ids of other periods are others. */
static void fill(uint64_t *s, int16_t period, unsigned number, unsigned edition, struct row *r) {
    char day[DAY_TEXT];
    *r = (struct row){{{0}}};
    int32_t first = period_first_day(period), days = period_last_day(period) - first + 1;
    int32_t quit = first + (int32_t)below(s, (unsigned)days);
    unsigned before = (unsigned)(period_of(2025, 3) - period);
    if (before) snprintf(r->cells[0], CELL_ROOM, "E%u-%07u", before, number);
    else put_number(r->cells[0], "E-", 7, number);
    put_number(r->cells[1], "C-", 8, number * 7);
    put_text(r->cells[3], day_format(quit, day));
    fill_person(s, r);
    fill_help(s, r);
    fill_outcome(s, quit, r);
    if (period < period_of(2024, 1)) { /* codes that came later */
        put_text(r->cells[9], "");
        put_text(r->cells[14], "01");
        put_text(r->cells[16], "10");
    }
    if (number == edition) put_text(r->cells[4], "99");
}

static void write_csv(struct buf *out, const struct row *r) {
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i) buf_add_char(out, ',');
        buf_add_cstr(out, r->cells[i]);
    }
    buf_add_char(out, '\n');
}

/* Blanks are left out. */
static void write_json(struct buf *out, const struct row *r, bool is_first) {
    struct json j = json_to(out);
    buf_add_cstr(out, is_first ? "\n" : ",\n");
    json_object_begin(&j);
    for (size_t i = 0; i < COLUMNS; i++)
        if (r->cells[i][0]) json_field_cstr(&j, NAMES[i], r->cells[i]);
    json_end(&j);
}

static bool flush(struct buf *out) {
    bool ok = fwrite(out->p, 1, out->n, stdout) == out->n;
    buf_clear(out);
    return ok;
}

static bool print_rows(bool as_json, int16_t period, unsigned rows, uint64_t seed, unsigned edition) {
    struct buf out = BUF_EMPTY;
    bool ok = true;
    if (as_json) buf_add_cstr(&out, "{\"rows\":[");
    for (size_t i = 0; !as_json && i < COLUMNS; i++)
        buf_printf(&out, "%s%s", i ? "," : "", NAMES[i]);
    if (!as_json) buf_add_char(&out, '\n');
    for (unsigned n = 1; ok && n <= rows; n++) {
        struct row r;
        fill(&seed, period, n, edition, &r);
        if (as_json) write_json(&out, &r, n == 1);
        else write_csv(&out, &r);
        if (out.n >= FLUSH_AT) ok = flush(&out);
    }
    if (as_json) buf_add_cstr(&out, "\n]}\n");
    ok = flush(&out) && fflush(stdout) == 0 && ok;
    buf_free(&out);
    return ok;
}

int main(int argc, char **argv) {
    uint64_t rows, seed, edition;
    bool as_json = argc > 1 && str_is(str_of(argv[1]), "json");
    int16_t period = period_of(2025, 3);
    if (argc < 5 || argc > 6 || (argc == 6 && !period_parse(str_of(argv[5]), &period)) ||
        (!as_json && !str_is(str_of(argv[1]), "csv")) || !str_to_uint(str_of(argv[2]), 9999999, &rows) ||
        !str_to_uint(str_of(argv[3]), UINT64_MAX, &seed) ||
        !str_to_uint(str_of(argv[4]), 9999999, &edition)) {
        fprintf(stderr, "usage: rows csv|json ROWS SEED EDITION [PERIOD]\n");
        return 2;
    }
    if (print_rows(as_json, period, (unsigned)rows, seed, (unsigned)edition)) return 0;
    perror("rows");
    return 1;
}
