/* method: the seven methods that the service knows by name. Names are case-sensitive, as HTTP has them: "get" is unknown. */
#include "server/route.h"

static const char *const NAMES[METHOD_COUNT] = {
    [METHOD_GET] = "GET",     [METHOD_HEAD] = "HEAD",     [METHOD_POST] = "POST",       [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE", [METHOD_OPTIONS] = "OPTIONS",
};

const char *method_name(enum method m) {
    return m < METHOD_COUNT ? NAMES[m] : "";
}

bool method_parse(const char *name, enum method *out) {
    for (unsigned m = 0; m < METHOD_COUNT; m++)
        if (strcmp(name, NAMES[m]) == 0) {
            *out = (enum method)m;
            return true;
        }
    return false;
}
