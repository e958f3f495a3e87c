#include "base/json_depth.h"

bool json_is_too_deep(str json) {
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (c == '"') in_string = !in_string;
        else if (in_string && c == '\\') i++;
        else if (!in_string && (c == '[' || c == '{') && ++depth > JSON_DEPTH_MOST) return true;
        else if (!in_string && (c == ']' || c == '}') && depth) depth--;
    }
    return false;
}
