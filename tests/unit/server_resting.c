/* server_resting: pages of zeros go, and nothing else is changed. */
#include "server/resting.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/suite.h"

enum { PAGES = 10 };

static struct {
    size_t page;
    char *memory; /* PAGES of them, all there */
} world;

static int begin(void) {
    world.page = (size_t)sysconf(_SC_PAGESIZE);
    world.memory = mmap(NULL, PAGES * world.page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return world.memory != MAP_FAILED ? 0 : 1;
}

static int end(void) {
    return munmap(world.memory, PAGES * world.page);
}

static void fill_with_zeros(void) {
    for (size_t i = 0; i < PAGES * world.page; i++)
        ((volatile char *)world.memory)[i] = 0;
}

/* Which pages are there, as a text of 0 and 1. */
static const char *there(void) {
    static char text[PAGES + 1];
    unsigned char in[PAGES];
    if (mincore(world.memory, PAGES * world.page, in) != 0) return "?";
    for (size_t i = 0; i < PAGES; i++)
        text[i] = (char)('0' + (in[i] & 1));
    return text;
}

static void gives_pages_of_zeros(void) {
    const size_t page = world.page;
    const struct {
        const char *label;
        size_t at, bytes, earlier;
        size_t written; /* where a byte is, if not 0 */
        const char *left;
    } CASES[] = {
        {"from page to page", page, 8 * page, 0, 0, "1000000001"},
        {"begins within a page", page + 16, 8 * page, 0, 0, "1100000001"},
        {"ends within a page", page, 8 * page - 1, 0, 0, "1000000011"},
        {"may begin a little earlier", page, 8 * page, 1, 0, "1000000011"},
        {"may begin pages earlier", page, 8 * page, 3 * page, 0, "1000001111"},
        {"may begin anywhere", page, 8 * page, 8 * page, 0, "1111111111"},
        {"less than a page", page + 1, page, 0, 0, "1111111111"},
        {"first byte of a page", page, 8 * page, 0, 3 * page, "1001000001"},
        {"last byte of a page", page, 8 * page, 0, 4 * page - 1, "1001000001"},
        {"byte of the first page", page, 8 * page, 0, page + 100, "1100000001"},
        {"byte of the last page", page, 8 * page, 0, 9 * page - 1, "1000000011"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct resting r = {NULL, NULL, 0, false, false};
        fill_with_zeros();
        if (CASES[i].written) world.memory[CASES[i].written] = 'x';
        resting_know(&r, world.memory + CASES[i].at, CASES[i].bytes, CASES[i].earlier);
        resting_begins(&r);
        CHECK(strcmp(there(), CASES[i].left) == 0, "%s: %s", CASES[i].label, there());
        for (size_t k = 0; k < PAGES * page; k++)
            if (world.memory[k] != (k && k == CASES[i].written ? 'x' : 0))
                return CHECK(false, "%s: byte %zu has changed", CASES[i].label, k);
    }
}

static void nothing_where_nothing_is_known(void) {
    struct resting r = {NULL, NULL, 0, false, false};
    resting_begins(&r);
    resting_ends(&r);
    CHECK(!r.from, "no memory");
}

/* Who is back at once keeps it the next time, until it stays away for longer. */
static void spares_who_comes_often(void) {
    struct resting r = {NULL, NULL, 0, false, false};
    resting_know(&r, world.memory, PAGES * world.page, 0);
    fill_with_zeros();
    resting_begins(&r);
    CHECK(strcmp(there(), "0000000000") == 0, "the first time: %s", there());
    r.since = INT64_MAX / 2; /* however slow the machine */
    resting_ends(&r);
    fill_with_zeros();
    resting_begins(&r);
    CHECK(strcmp(there(), "1111111111") == 0, "was back at once: %s", there());
    r.since = 0;
    resting_ends(&r);
    resting_begins(&r);
    CHECK(strcmp(there(), "0000000000") == 0, "stayed away: %s", there());
}

void suite_server_resting(void) {
    suite_add("server_resting", begin, end);
    case_add("pages of zeros go, and nothing is changed", gives_pages_of_zeros);
    case_add("nothing where no memory is known", nothing_where_nothing_is_known);
    case_add("who comes often keeps its memory", spares_who_comes_often);
}
