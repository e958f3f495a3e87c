#include "returns/not_text.h"

static const struct {
    const char *first;
    size_t n;
    const char *is;
} KINDS[] = {
    {"PK\x03\x04", 4, "is a workbook (.xlsx, .ods) or another zip archive"},
    {"\xd0\xcf\x11\xe0", 4, "is a workbook of an older Excel (.xls)"},
    {"\x1f\x8b", 2, "is compressed (gzip)"},
    {"%PDF-", 5, "is a PDF"},
};

const char *not_text_find(str body) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (str_starts_with(body, (str){KINDS[i].first, KINDS[i].n})) return KINDS[i].is;
    return NULL;
}
