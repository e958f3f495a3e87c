#include "kpi/json_words.h"

#include <string.h>

str json_words(const json_error_t *error) {
    if (json_error_code(error) == json_error_null_character)
        return STR("the character \\u0000 must not be in a text");
    const char *near = strstr(error->text, " near '");
    return near ? (str){error->text, (size_t)(near - error->text)} : str_of(error->text);
}
