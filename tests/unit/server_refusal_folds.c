/* server_refusal_folds: each refusal is counted once, whatever repeats is one line a window, and nobody can make more lines than there is room for. */
#include "server/refusal_folds.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

enum { WINDOW = 600000 };
static const struct route ONE = {.name = "one"}, TWO = {.name = "two"};

static void add(struct refusal_folds *f, const char *key, const struct route *route, const char *service,
                const char *path, int64_t at) {
    struct principal who = {.service = "own"};
    snprintf(who.key_id, sizeof who.key_id, "%s", key);
    refusal_folds_add(f, &(struct refusal){&who, route, ERR_FORBIDDEN, str_of(service), str_of(path)}, at);
}

static int take_all(struct refusal_folds *f, int64_t now, bool at_once, uint64_t *times, struct fold *last) {
    size_t place = 0;
    int lines = 0;
    struct fold fold;
    *times = 0;
    for (; refusal_folds_take(f, &place, now, WINDOW, at_once, &fold); lines++) {
        *times += fold.times;
        if (last) *last = fold;
    }
    return lines;
}

static void repeats(void) {
    static struct refusal_folds f;
    struct fold fold;
    uint64_t times;
    f = (struct refusal_folds){.folds = {{.used = false}}};
    add(&f, "k1", &ONE, "s", "/v1/things/a", 5);
    CHECK(take_all(&f, 1000, false, &times, &fold) == 1 && times == 1 && fold.since == 5,
          "the first at once");
    CHECK(strcmp(fold.object, "things/a") == 0 && strcmp(fold.asked, "s") == 0 &&
              strcmp(fold.own, "own") == 0,
          "%s %s %s", fold.object, fold.asked, fold.own);
    for (int i = 0; i < 1000000; i++)
        add(&f, "k1", &ONE, "s", "/v1/things/b", 6 + i);
    CHECK(take_all(&f, 1000 + WINDOW - 1, false, &times, NULL) == 0, "the rest when the window ends");
    CHECK(take_all(&f, 1000 + WINDOW, false, &times, &fold) == 1 && times == 1000000 && fold.since == 6,
          "in one line: %llu", (unsigned long long)times);
    CHECK(take_all(&f, 1000 + 2 * WINDOW, false, &times, NULL) == 0 && !f.folds[0].used,
          "nothing came, nothing is kept");
}

static void what_differs(void) {
    static struct refusal_folds f;
    uint64_t times;
    f = (struct refusal_folds){.folds = {{.used = false}}};
    add(&f, "k1", &ONE, "s", "/v1/a", 1);
    add(&f, "k2", &ONE, "s", "/v1/a", 1);
    add(&f, "k1", &TWO, "s", "/v1/a", 1);
    add(&f, "k1", &ONE, "t", "/v1/a", 1);
    CHECK(take_all(&f, 1, false, &times, NULL) == 4 && times == 4, "key, route and service tell lines apart");
}

static void nobody_fills_it(void) {
    static struct refusal_folds f;
    char name[24];
    uint64_t times;
    f = (struct refusal_folds){.folds = {{.used = false}}};
    for (int i = 0; i < 10000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        add(&f, "loud", &ONE, name, "/v1/a", i);
    }
    add(&f, "quiet", &ONE, "s", "/v1/a", 1);
    int lines = take_all(&f, 1, false, &times, NULL);
    CHECK(lines == FOLDS_OF_KEY + 2 && times == 10001, "%d lines for %llu", lines, (unsigned long long)times);
    for (int i = 0; i < 10000; i++) {
        snprintf(name, sizeof name, "k%d", i);
        add(&f, name, &ONE, "s", "/v1/a", i);
    }
    lines = take_all(&f, 2, true, &times, NULL);
    CHECK(lines <= FOLDS + 1 && times == 10000, "%d lines for %llu", lines, (unsigned long long)times);
}

static void what_could_not_be_told(void) {
    static struct refusal_folds f;
    struct fold fold;
    size_t place = 0;
    uint64_t times;
    f = (struct refusal_folds){.folds = {{.used = false}}};
    add(&f, "k1", &ONE, "s", "/v1/a", 5);
    CHECK(refusal_folds_take(&f, &place, 1000, WINDOW, false, &fold), "taken");
    add(&f, "k1", &ONE, "s", "/v1/a", 9);
    refusal_folds_give_back(&f, place, &fold, 3000);
    CHECK(take_all(&f, 2999, false, &times, NULL) == 0, "not before it is tried again");
    CHECK(take_all(&f, 3000, false, &times, &fold) == 1 && times == 2 && fold.since == 5,
          "then with what has come: %llu", (unsigned long long)times);
}

static void nobody_is_named(void) {
    static struct refusal_folds f;
    struct fold fold;
    uint64_t times;
    f = (struct refusal_folds){.folds = {{.used = false}}};
    add(&f, "k1", &ONE, "s", "/v1/action-plans/9434765919", 1);
    CHECK(take_all(&f, 1, false, &times, &fold) == 1 && !fold.object[0],
          "an NHS number is not told again: %s", fold.object);
}

void suite_server_refusal_folds(void) {
    suite_add("server_refusal_folds", NULL, NULL);
    case_add("the first is told at once, a million more in one line", repeats);
    case_add("what differs has lines of its own", what_differs);
    case_add("one key, or ten thousand, make no more lines than there is room for", nobody_fills_it);
    case_add("what could not be told counts again", what_could_not_be_told);
    case_add("an address that names a person is left out", nobody_is_named);
}
