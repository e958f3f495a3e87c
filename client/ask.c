/* See ask.h. */
#include "client/ask.h"

#include <errno.h>

#include "base/date.h"
#include "client/text.h"

int ask_get(const struct options *o, const char *who, str path, struct http_answer *out) {
    struct connection connection;
    *out = (struct http_answer){.status = 0};
    int status = connection_open(&connection, o, who);
    if (status == 0) {
        bool answered = http_send(&connection, &(struct http_ask){.path = path, .body_fd = -1}, out);
        if (!answered || out->interrupted || out->status != 200) status = http_explain(&connection, out);
    }
    connection_close(&connection);
    return status;
}

int ask_period(const struct options *o, const char **out) {
    int16_t period;
    *out = o->value[OPTION_PERIOD];
    if (!*out) return options_wrong(o, "which quarter? Give --period, such as 2025-26-Q3");
    if (period_parse(str_of(*out), &period)) return 0;
    return options_wrong(o, "--period is '%s'; quarters are written 2025-26-Q3", *out);
}

int ask_service(const struct options *o, const char **out) {
    *out = o->value[OPTION_SERVICE];
    return *out ? 0 : options_wrong(o, "whose service? Give --service, such as city-and-hackney");
}

bool ask_print_json(const struct options *o, const struct http_answer *a) {
    if (!options_has(o, OPTION_JSON)) return false;
    fwrite(a->body.p, 1, a->body.n, stdout);
    putchar('\n');
    return true;
}

int ask_end(const struct options *o, int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    text_say(o->form->name, "the result could not be written out: %s", strerror(errno));
    return EXIT_NOT_ASKED;
}
