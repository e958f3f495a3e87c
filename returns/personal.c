#include "returns/personal.h"

#include "returns/nhs_number.h"

static bool is_word(char c) {
    return ascii_is_alnum(c) || memchr("._%+-", c, 5) != NULL;
}

/* Something before an @, and after it something with a full stop. */
static bool has_address(str text) {
    for (size_t i = 1; i + 3 < text.n; i++) {
        if (text.p[i] != '@' || !is_word(text.p[i - 1])) continue;
        size_t end = i + 1;
        while (end < text.n && is_word(text.p[end]))
            end++;
        size_t stop = str_find(str_sub(text, i + 1, end), '.');
        if (stop > 0 && i + 1 + stop + 1 < end) return true;
    }
    return false;
}

enum { DIGITS_MAX = 24, PHONE_LEAST = 10, PHONE_MOST = 15 };

/* A run of digits as people write long numbers: with blanks, hyphens, full stops and brackets between them. */
struct run {
    char digits[DIGITS_MAX];
    size_t n, end;
    bool international; /* begins with + */
};

static struct run run_at(str text, size_t from) {
    struct run r = {.n = 0, .international = from > 0 && text.p[from - 1] == '+'};
    for (r.end = from; r.end < text.n; r.end++) {
        char c = text.p[r.end];
        if (ascii_is_digit(c)) {
            if (r.n < DIGITS_MAX) r.digits[r.n++] = c;
        } else if (!memchr(" -.()", c, 5)) break;
    }
    return r;
}

static bool is_nhs_number(const struct run *r) {
    return r->n == 10 && nhs_number_is_valid((str){r->digits, r->n});
}

static bool is_phone(const struct run *r) {
    bool long_enough = r->n >= PHONE_LEAST && r->n <= PHONE_MOST;
    return long_enough && (r->international || r->digits[0] == '0');
}

const char *personal_find(str text) {
    if (has_address(text)) return "an e-mail address";
    for (size_t i = 0; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) continue;
        struct run r = run_at(text, i);
        if (is_nhs_number(&r)) return "an NHS number";
        if (is_phone(&r)) return "a telephone number";
        i = r.end;
    }
    return NULL;
}
