#include "returns/encoding.h"

#include "returns/not_text.h"
#include "returns/transcode.h"

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

/* ---- what cannot be read ---- */

static bool looks_like_utf16(str text) {
    return text.n >= 2 && (text.p[0] == '\0') != (text.p[1] == '\0');
}

static enum err refuse_empty(struct fault *fault) {
    return fail(
        fault, ERR_MALFORMED,
        "Line 1: the body is empty. Send at least the header line; a header without rows is a nil return.");
}

static enum err refuse_nul(unsigned line, struct fault *fault) {
    return fail(
        fault, ERR_MALFORMED,
        "Line %u has a NUL byte, which no text file has: it is damaged, or is no CSV or JSON. Export it again.",
        line);
}

static enum err refuse_json(str body, size_t at, struct fault *fault) {
    return fail(
        fault, ERR_MALFORMED,
        "Line %u has a character that is not UTF-8 (byte 0x%02X). JSON is UTF-8 (RFC 8259): write it so.",
        (unsigned)line_of(body, at), (unsigned char)body.p[at]);
}

static enum err refuse_utf16(bool json, const char *what, struct fault *fault) {
    if (json)
        return fail(fault, ERR_MALFORMED, "Line 1: the body %s. JSON is UTF-8 (RFC 8259): write it so.",
                    what);
    return fail(fault, ERR_MALFORMED, "Line 1: the file %s, which cannot be read. %s", what, HOW_TO_SAVE);
}

/* `text` is taken for Windows-1252; at `at` it has what that does not have. */
static enum err refuse_1252(str text, enum transcode_stop stop, size_t at, struct fault *fault) {
    unsigned line = line_of(text, at);
    if (stop == TRANSCODE_NUL) return refuse_nul(line, fault);
    return fail(
        fault, ERR_MALFORMED,
        "Line %u has a byte (0x%02X) that is neither UTF-8 nor Windows-1252 (ANSI): the file is in another "
        "encoding, or damaged. %s",
        line, (unsigned char)text.p[at], HOW_TO_SAVE);
}

static enum err refuse_in_utf16(enum transcode_stop stop, unsigned line, struct fault *fault) {
    if (stop == TRANSCODE_NUL) return refuse_nul(line, fault);
    if (stop == TRANSCODE_CUT_SHORT)
        return fail(
            fault, ERR_MALFORMED,
            "Line %u: the file is UTF-16 and ends within a character: it was cut short. Send it again whole.",
            line);
    return fail(fault, ERR_MALFORMED,
                "Line %u has half a character (a lone surrogate of UTF-16): the file is damaged. %s", line,
                HOW_TO_SAVE);
}

/* ---- other encodings ---- */

static enum err take_decoded(struct encoded *e, struct fault *fault) {
    if (spill_map(&e->decoded, &e->base, &e->base_is_mapped) != OK)
        return fail(fault, ERR_UNAVAILABLE,
                    "There is no room left to work on an upload of this size. Try again later.");
    e->text = e->base;
    return is_blank(e->text) ? refuse_empty(fault) : OK;
}

static enum err open_utf16(const struct judge_input *in, struct body_window *window, struct fault *fault,
                           struct encoded *e) {
    bool big_endian = in->body.p[0] == '\xfe';
    str text = str_sub(in->body, 2, in->body.n);
    size_t at;
    if (in->format == FORMAT_JSON) return refuse_utf16(true, "is UTF-16", fault);
    if (!big_endian && str_starts_with(text, (str){"\0\0", 2}))
        return refuse_utf16(false, "is UTF-32", fault);
    body_window_begin(window, in->body, in->body_is_mapped);
    enum transcode_stop stop = transcode_utf16(text, big_endian, window, &e->decoded, &at);
    if (stop == TRANSCODE_DONE) return take_decoded(e, fault);
    return refuse_in_utf16(stop, utf16_line_of(text, big_endian, at), fault);
}

/* Whoever has a character of more bytes, or a BOM, before the first that is not UTF-8 has both encodings in
 * one file. */
static uint32_t mixed_line(const struct judge_input *in, str text, size_t bad) {
    if (text.p != in->body.p) return 1;
    for (size_t i = 0; i < bad; i++)
        if ((unsigned char)text.p[i] >= 0x80) return line_of(text, i);
    return 0;
}

static enum err open_1252(const struct judge_input *in, str text, size_t bad, struct body_window *window,
                          struct fault *fault, struct encoded *e) {
    size_t at;
    body_window_begin(window, in->body, in->body_is_mapped);
    enum transcode_stop stop = transcode_1252(text, window, &e->decoded, &at);
    if (stop == TRANSCODE_NUL && looks_like_utf16(text))
        return refuse_utf16(false, "seems to be UTF-16 (Unicode text) without its byte order mark", fault);
    if (stop != TRANSCODE_DONE) return refuse_1252(text, stop, at, fault);
    enum err failed = take_decoded(e, fault);
    if (failed != OK) return failed;
    e->assumed_at = e->text.p + transcode_1252_bytes(str_sub(text, 0, bad));
    e->mixed_line = mixed_line(in, text, bad);
    return OK;
}

static enum err open_8_bit(const struct judge_input *in, struct body_window *window, struct fault *fault,
                           struct encoded *e) {
    str body = in->body, text = body;
    if (str_starts_with(body, STR("\xef\xbb\xbf"))) text = str_sub(body, 3, body.n);
    if (is_blank(text)) return refuse_empty(fault);
    size_t bad = first_bad_byte(text, window);
    if (bad < text.n && text.p[bad] == '\0') {
        if (!looks_like_utf16(text)) return refuse_nul(line_of(text, bad), fault);
        return refuse_utf16(in->format == FORMAT_JSON,
                            "seems to be UTF-16 (Unicode text) without its byte order mark", fault);
    }
    if (bad < text.n && in->format == FORMAT_JSON) return refuse_json(text, bad, fault);
    if (bad < text.n) return open_1252(in, text, bad, window, fault, e);
    e->text = text;
    return OK;
}

bool encoding_is_utf16(str body) {
    return str_starts_with(body, STR("\xff\xfe")) || str_starts_with(body, STR("\xfe\xff"));
}

enum err encoding_open(const struct judge_input *in, struct body_window *window, struct fault *fault,
                       struct encoded *out) {
    *out = (struct encoded){.base = in->body, .base_is_mapped = in->body_is_mapped};
    spill_begin(&out->decoded, in->spill_dir);
    const char *other = not_text_find(in->body);
    if (other)
        return fail(fault, ERR_MALFORMED, "Line 1: the file %s, not CSV or JSON. %s", other, HOW_TO_SAVE);
    return encoding_is_utf16(in->body) ? open_utf16(in, window, fault, out)
                                       : open_8_bit(in, window, fault, out);
}

void encoding_close(struct encoded *e) {
    spill_free(&e->decoded);
}
