#include "handlers/data_as_of.h"

void data_as_of_header(struct request *r, struct reply *p, int64_t known_at, int64_t changed_at) {
    char text[INSTANT_TEXT];
    bool behind_us = known_at != INSTANT_NONE && known_at <= instant_now();
    int64_t at = behind_us ? known_at : changed_at;
    if (at != INSTANT_NONE) reply_header(r, p, "X-Data-As-Of", str_of(instant_format(at, text)));
}
