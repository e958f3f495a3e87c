#include "returns/encoding.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const char HOW_TO_SAVE[] =
    "Save the file as UTF-8 (in Excel: Save As, CSV UTF-8 (Comma delimited)) and send it again.";

uint32_t count_line_ends(str text) {
    uint32_t lines = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') lines++;
        else if (text.p[i] == '\r' && !(i + 1 < text.n && text.p[i + 1] == '\n')) lines++;
    }
    return lines;
}

uint32_t line_of(str text, size_t offset) {
    return 1 + count_line_ends(str_sub(text, 0, offset));
}

/* The end of a piece that starts at `from`: at most BODY_STEP on, and not within a character. */
static size_t piece_end(str text, size_t from) {
    if (text.n - from <= BODY_STEP) return text.n;
    size_t end = from + BODY_STEP;
    for (int back = 0; back < 3 && ((unsigned char)text.p[end] & 0xc0) == 0x80; back++)
        end--;
    return end;
}

/* Nothing but ASCII without NUL: the usual case, told 16 bytes at a time where SSE2 is. */
static bool is_plain(str piece) {
    size_t i = 0;
#ifdef __SSE2__
    __m128i bad = _mm_setzero_si128();
    for (; i + 16 <= piece.n; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(piece.p + i));
        bad = _mm_or_si128(
            bad, _mm_or_si128(x, _mm_cmpeq_epi8(x, _mm_setzero_si128()))); /* the high bit of a byte tells */
    }
    if (_mm_movemask_epi8(bad)) return false;
#endif
    for (; i < piece.n; i++)
        if ((unsigned char)(piece.p[i] - 1) >= 0x7f) return false;
    return true;
}

/* The offset of the first byte that is NUL or no UTF-8, or text.n. */
static size_t first_bad_byte(str text, struct body_window *window) {
    for (size_t from = 0; from < text.n;) {
        size_t end = piece_end(text, from), bad;
        str piece = str_sub(text, from, end);
        if (!is_plain(piece)) {
            size_t nul = str_find(piece, '\0');
            piece.n = nul;
            if (!str_is_utf8(piece, &bad)) return from + bad;
            if (nul < end - from) return from + nul;
        }
        body_window_move(window, text.p + end);
        from = end;
    }
    return text.n;
}

static bool is_blank(str text) {
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != ' ' && text.p[i] != '\t' && text.p[i] != '\r' && text.p[i] != '\n') return false;
    return true;
}

static bool looks_like_utf16(str text) {
    return text.n >= 2 && (text.p[0] == '\0') != (text.p[1] == '\0');
}

static enum err refuse_byte(str text, size_t at, struct fault *fault) {
    unsigned line = line_of(text, at);
    if (text.p[at] == '\0' && looks_like_utf16(text))
        return fail(fault, ERR_MALFORMED,
                    "Line 1: the file seems to be UTF-16 (Unicode text), which cannot be read yet. %s",
                    HOW_TO_SAVE);
    if (text.p[at] == '\0')
        return fail(
            fault, ERR_MALFORMED,
            "Line %u has a NUL byte, which no text file has: it is damaged, or is no CSV or JSON. Export it again.",
            line);
    return fail(
        fault, ERR_MALFORMED,
        "Line %u has a character that is not UTF-8 (byte 0x%02X): the file seems to be Windows-1252 (ANSI), "
        "which cannot be read yet. %s",
        line, (unsigned char)text.p[at], HOW_TO_SAVE);
}

enum err encoding_open(str body, struct body_window *window, struct fault *fault, str *out) {
    if (str_starts_with(body, STR("\xff\xfe")) || str_starts_with(body, STR("\xfe\xff")))
        return fail(fault, ERR_MALFORMED,
                    "Line 1: the file is UTF-16 (Unicode text), which cannot be read yet. %s", HOW_TO_SAVE);
    str text = str_starts_with(body, STR("\xef\xbb\xbf")) ? str_sub(body, 3, body.n) : body;
    if (is_blank(text))
        return fail(
            fault, ERR_MALFORMED,
            "Line 1: the body is empty. Send at least the header line; a header without rows is a nil return.");
    size_t bad = first_bad_byte(text, window);
    if (bad < text.n) return refuse_byte(text, bad, fault);
    *out = text;
    return OK;
}
