/* yaml_to_json FILE: prints the YAML document as JSON, keys in their order. A tool of the build: it turns
 * openapi/openapi.yaml into the document that the server embeds and serves.
 *
 * Scalars follow the core schema: plain null, true, false, integers and floats are typed, quoted ones are strings.
 * Anchors, aliases, tags, merge keys, several documents and repeated keys are errors: the contract has no use for them,
 * and a reader of the YAML should see what a client of the JSON sees. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 100

static const char *file_name;

static _Noreturn void fail(yaml_mark_t at, const char *what) {
    fprintf(stderr, "%s:%zu:%zu: %s\n", file_name, at.line + 1, at.column + 1, what);
    exit(1);
}

static void next_event(yaml_parser_t *parser, yaml_event_t *out_event) {
    if (yaml_parser_parse(parser, out_event)) return;
    const char *problem = parser->problem ? parser->problem : "cannot be read as YAML";
    fail(parser->problem_mark.line ? parser->problem_mark : parser->mark, problem);
}

static void print_string(const unsigned char *text, size_t n) {
    putchar('"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = text[i];
        if (c == '"' || c == '\\') printf("\\%c", c);
        else if (c == '\n') fputs("\\n", stdout);
        else if (c == '\t') fputs("\\t", stdout);
        else if (c < 0x20) printf("\\u%04x", c);
        else putchar(c);
    }
    putchar('"');
}

static bool is_one_of(const char *text, const char *const *words) {
    for (; *words; words++) {
        if (strcmp(text, *words) == 0) return true;
    }
    return false;
}

static const char *skip_digits(const char *p) {
    while (isdigit((unsigned char)*p))
        p++;
    return p;
}

/* What JSON also calls a number: [-]digits[.digits][e[+-]digits], without a leading zero. */
static bool is_json_number(const char *text) {
    const char *p = text + (*text == '-'), *digits = p;
    p = skip_digits(p);
    if (p == digits || (*digits == '0' && p - digits > 1)) return false;
    if (*p == '.') {
        const char *fraction = ++p;
        p = skip_digits(p);
        if (p == fraction) return false;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') p++;
        const char *exponent = p;
        p = skip_digits(p);
        if (p == exponent) return false;
    }
    return *p == '\0';
}

/* Plain scalars that YAML's core schema calls numbers and JSON does not: +1, 007, 0x1f, .5, 1., .inf. */
static bool is_other_number(const char *text) {
    static const char *const special[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};
    const char *p = text + (*text == '-' || *text == '+');
    if (is_one_of(p, special)) return true;
    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'o')) return true;
    char *end;
    if (!isdigit((unsigned char)p[0]) && p[0] != '.') return false;
    strtod(p, &end);
    return end != p && *end == '\0';
}

static void print_plain(const yaml_event_t *event, const char *text, size_t n) {
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    if (is_one_of(text, nulls)) fputs("null", stdout);
    else if (is_one_of(text, trues)) fputs("true", stdout);
    else if (is_one_of(text, falses)) fputs("false", stdout);
    else if (is_json_number(text)) fputs(text, stdout);
    else if (is_other_number(text))
        fail(event->start_mark, "a number that JSON cannot spell; quote it or respell it");
    else print_string((const unsigned char *)text, n);
}

static void print_scalar(const yaml_event_t *event) {
    const char *text = (const char *)event->data.scalar.value;
    size_t n = event->data.scalar.length;
    if (event->data.scalar.anchor) fail(event->start_mark, "anchors are not used here; write it out");
    if (event->data.scalar.tag) fail(event->start_mark, "tags are not used here");
    if (strlen(text) != n) fail(event->start_mark, "a NUL in a text");
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) print_plain(event, text, n);
    else print_string((const unsigned char *)text, n);
}

static void print_node(yaml_parser_t *parser, yaml_event_t *event, int depth);

static void check_collection(const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag,
                             int depth) {
    if (anchor) fail(event->start_mark, "anchors are not used here; write it out");
    if (tag) fail(event->start_mark, "tags are not used here");
    if (depth >= MAX_DEPTH) fail(event->start_mark, "nested too deeply");
}

static void print_sequence(yaml_parser_t *parser, int depth) {
    yaml_event_t event;
    putchar('[');
    for (bool first = true;; first = false) {
        next_event(parser, &event);
        if (event.type == YAML_SEQUENCE_END_EVENT) break;
        if (!first) putchar(',');
        print_node(parser, &event, depth + 1);
        yaml_event_delete(&event);
    }
    yaml_event_delete(&event);
    putchar(']');
}

struct key_list {
    char **names;
    size_t count, room;
};

static void remember_key(struct key_list *keys, const yaml_event_t *event) {
    const char *name = (const char *)event->data.scalar.value;
    for (size_t i = 0; i < keys->count; i++) {
        if (strcmp(keys->names[i], name) == 0)
            fail(event->start_mark, "this key is already there, in the same mapping");
    }
    if (keys->count == keys->room) {
        keys->room = keys->room ? keys->room * 2 : 16;
        keys->names = realloc(keys->names, keys->room * sizeof *keys->names);
        if (!keys->names) fail(event->start_mark, "out of memory");
    }
    char *copy = strdup(name);
    if (!copy) fail(event->start_mark, "out of memory");
    keys->names[keys->count++] = copy;
}

static void forget_keys(struct key_list *keys) {
    for (size_t i = 0; i < keys->count; i++)
        free(keys->names[i]);
    free(keys->names);
}

static void print_key(struct key_list *keys, const yaml_event_t *event) {
    if (event->type != YAML_SCALAR_EVENT) fail(event->start_mark, "a key must be a plain text");
    if (strcmp((const char *)event->data.scalar.value, "<<") == 0)
        fail(event->start_mark, "merge keys are not used here");
    if (event->data.scalar.anchor || event->data.scalar.tag)
        fail(event->start_mark, "anchors and tags are not used here");
    remember_key(keys, event);
    print_string(event->data.scalar.value, event->data.scalar.length);
    putchar(':');
}

static void print_mapping(yaml_parser_t *parser, int depth) {
    struct key_list keys = {NULL, 0, 0};
    yaml_event_t event;
    putchar('{');
    for (bool first = true;; first = false) {
        next_event(parser, &event);
        if (event.type == YAML_MAPPING_END_EVENT) break;
        if (!first) putchar(',');
        print_key(&keys, &event);
        yaml_event_delete(&event);
        next_event(parser, &event);
        print_node(parser, &event, depth + 1);
        yaml_event_delete(&event);
    }
    yaml_event_delete(&event);
    forget_keys(&keys);
    putchar('}');
}

static void print_node(yaml_parser_t *parser, yaml_event_t *event, int depth) {
    switch (event->type) {
    case YAML_SCALAR_EVENT: print_scalar(event); break;
    case YAML_SEQUENCE_START_EVENT:
        check_collection(event, event->data.sequence_start.anchor, event->data.sequence_start.tag, depth);
        print_sequence(parser, depth);
        break;
    case YAML_MAPPING_START_EVENT:
        check_collection(event, event->data.mapping_start.anchor, event->data.mapping_start.tag, depth);
        print_mapping(parser, depth);
        break;
    case YAML_ALIAS_EVENT: fail(event->start_mark, "aliases are not used here; write it out");
    default: fail(event->start_mark, "a value was expected here");
    }
}

static void print_document(yaml_parser_t *parser) {
    yaml_event_t event;
    bool seen = false;
    for (;;) {
        next_event(parser, &event);
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT) {
            if (seen) fail(event.start_mark, "a second document; there must be one");
            seen = true;
            yaml_event_delete(&event);
            next_event(parser, &event);
            print_node(parser, &event, 0);
        }
        yaml_mark_t mark = event.end_mark;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT) {
            if (!seen) fail(mark, "the file is empty");
            break;
        }
    }
    putchar('\n');
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: yaml_to_json FILE\n");
        return 2;
    }
    file_name = argv[1];
    FILE *in = fopen(file_name, "rbe");
    if (!in) {
        fprintf(stderr, "%s: %s\n", file_name, strerror(errno));
        return 1;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        fclose(in);
        fprintf(stderr, "yaml_to_json: out of memory\n");
        return 1;
    }
    yaml_parser_set_input_file(&parser, in);
    print_document(&parser);
    yaml_parser_delete(&parser);
    fclose(in);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "yaml_to_json: cannot write: %s\n", strerror(errno));
        return 1;
    }
    return 0;
}
