/* returns: what free text must not carry. The NHS number is the one of the standard's examples. */
#include "returns/personal.h"
#include "tests/support/suite.h"

static void found_and_not(void) {
    static const struct {
        const char *text, *found; /* NULL: nothing */
    } CASES[] = {
        {"", NULL},
        {"Ten of thirteen were seen at work in 2025-26; 70 % quit.", NULL},
        {"Between 2025-07-01 and 2025-09-30 there were 12,345 calls", NULL},
        {"cost 720000 of 1600000", NULL},
        {"see page 12 @ the back", NULL},
        {"@ 5 sites", NULL},
        {"a@b", NULL},
        {"9434765919", "an NHS number"},
        {"Patient 943 476 5919 was away", "an NHS number"},
        {"943-476-5919", "an NHS number"},
        {"9434765918", NULL}, /* the check digit does not fit */
        {"jo@nhs.net", "an e-mail address"},
        {"Ask Jo.Smith+x@mail.example.org.", "an e-mail address"},
        {"Call 020 7946 0018", "a telephone number"},
        {"(020)79460018", "a telephone number"},
        {"+44 20 7946 0018", "a telephone number"},
        {"07700900123 please", "a telephone number"},
        {"0770090012", "a telephone number"},
        {"077009001", NULL}, /* nine digits */
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *found = personal_find(str_of(CASES[i].text));
        const char *want = CASES[i].found;
        CHECK(found == want || (found && want && str_is(str_of(found), want)), "'%s': %s", CASES[i].text,
              found ? found : "nothing");
    }
}

void suite_returns_personal(void) {
    suite_add("unit returns personal", NULL, NULL);
    case_add("numbers, addresses and what only looks like them", found_and_not);
}
