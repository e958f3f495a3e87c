/* Whether an upload may come in at all, before its rows are looked at. */
#include <stdio.h>

#include "handlers/upload.h"
#include "returns/personal.h"

enum err upload_check_match(struct upload *u, bool exists, const struct store_version *newest,
                            struct fault *fault) {
    str want = request_header(u->r, "If-Match"), none = request_header(u->r, "If-None-Match");
    if (exists && none.p && str_is(str_trim(none), "*"))
        return fail(fault, ERR_STALE,
                    "If-None-Match: * asks for a first version, but version %d is here already.",
                    newest->version);
    if (!want.p) return OK;
    char have[16];
    snprintf(have, sizeof have, "\"v%d\"", newest->version);
    if (str_is(str_trim(want), "*") && exists) return OK;
    for (str rest = want, one = str_cut(&rest, ','); exists && one.p; one = str_cut(&rest, ','))
        if (str_is(str_trim(one), have)) return OK;
    if (!exists)
        return fail(fault, ERR_STALE,
                    "If-Match names %.*s, but this part has not been sent yet. Send it without If-Match.",
                    STR_ARG(want));
    return fail(
        fault, ERR_STALE,
        "If-Match names %.*s, but the newest version is %s. Read it, bring your change into it, and send with If-Match: %s.",
        STR_ARG(want), have, have);
}

enum err upload_check_open(struct upload *u, const struct return_state *state, bool same,
                           struct fault *fault) {
    char period[PERIOD_TEXT];
    if (state->locked)
        return fail(fault, ERR_PERIOD_LOCKED,
                    "%s is locked%s%.*s. Ask the commissioner to unlock it, then send again.",
                    period_format(u->period, period), state->period.lock_reason.n ? ": " : "",
                    STR_ARG(state->period.lock_reason));
    str reason = request_query(u->r, "reason");
    const char *personal = reason.p ? personal_find(reason) : NULL;
    if (personal)
        return fail(fault, ERR_BAD_PARAMETER, "reason seems to hold %s. Write nothing about single people.",
                    personal);
    if (!state->signed_once || same || str_trim(reason).n) return OK;
    return fail(
        fault, ERR_MISSING_VALUE,
        "This return has been signed off. To correct it say why: send it again with ?reason=... in the address "
        "(quarterday submit: --reason), then sign it off again.");
}
