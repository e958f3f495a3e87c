/* `quarterday audit verify|heads`: are the audit's chains whole, and where do they end? The chains are worked out anew by db/audit_chain.h; what was
 * kept of `audit heads` outside the database is what shows that the end was not cut off and that nothing was written anew. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/store_audit.h"
#include "server/command.h"

enum { FLAG_SERVICE, FLAG_HEADS, FLAG_END };

struct kept {
    str stream;
    struct audit_anchor anchor;
};

struct verify {
    struct command *command;
    struct arena arena;
    struct kept *kept; /* by stream and line */
    size_t kept_count;
    size_t streams, broken;
    struct audit_chain chain; /* of the stream that is read */
};

/* ---- heads that were kept ---- */

static int by_stream_and_line(const void *a, const void *b) {
    const struct kept *x = a, *y = b;
    int order = str_cmp(x->stream, y->stream);
    if (order) return order;
    return (x->anchor.seq > y->anchor.seq) - (x->anchor.seq < y->anchor.seq);
}

static bool read_head(struct verify *v, const char *text, struct kept *out) {
    json_t *head = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const char *stream = json_string_value(json_object_get(head, "stream"));
    const char *hash = json_string_value(json_object_get(head, "hash"));
    out->anchor.seq = json_integer_value(json_object_get(head, "line"));
    bool good =
        stream && hash && out->anchor.seq >= 0 && hex_parse(str_of(hash), out->anchor.hash, SHA256_BYTES);
    if (good) out->stream = arena_str(&v->arena, str_of(stream));
    json_decref(head);
    return good;
}

static bool read_heads(struct verify *v, FILE *file, const char *path) {
    char *text = NULL;
    size_t room = 0, line = 0;
    bool good = true;
    while (good && getline(&text, &room, file) > 0) {
        line++;
        if (text[0] == '\n' || text[0] == '#') continue;
        v->kept = must_realloc(v->kept, (v->kept_count + 1) * sizeof *v->kept);
        good = read_head(v, text, &v->kept[v->kept_count]);
        if (!good)
            command_say(v->command,
                        "%s, line %zu is no head; it must be a line that 'quarterday audit heads' wrote",
                        path, line);
        /* A chain without a line yet has nothing that could be changed. */
        else if (v->kept[v->kept_count].anchor.seq > 0) v->kept_count++;
    }
    free(text);
    if (good && v->kept_count) qsort(v->kept, v->kept_count, sizeof *v->kept, by_stream_and_line);
    return good;
}

static bool open_heads(struct verify *v) {
    const char *path = v->command->arguments.flags[FLAG_HEADS].value;
    if (!path) return true;
    FILE *file = fopen(path, "re");
    if (!file) {
        command_say(v->command, "%s cannot be opened; is the path right?", path);
        return false;
    }
    bool good = read_heads(v, file, path);
    fclose(file);
    return good;
}

static struct audit_anchor *anchors_of(struct verify *v, str stream, size_t *out_count) {
    struct audit_anchor *list = ARENA_ARRAY(&v->arena, struct audit_anchor, v->kept_count + 1);
    *out_count = 0;
    for (size_t i = 0; i < v->kept_count; i++)
        if (str_eq(v->kept[i].stream, stream)) list[(*out_count)++] = v->kept[i].anchor;
    return list;
}

/* ---- chains ---- */

static const char *name_of(str stream) {
    return stream.n ? "service " : "what belongs to no service";
}

static void report(struct verify *v, const struct store_audit_head *head) {
    const struct audit_chain *c = &v->chain;
    char hex[SHA256_HEX];
    v->streams++;
    if (!c->flaw) {
        printf("%s%.*s: whole, %lld lines, ends with %s\n", name_of(c->stream), STR_ARG(c->stream),
               (long long)c->last, hex_format(c->hash, SHA256_BYTES, hex));
        return;
    }
    v->broken++;
    printf("%s%.*s: BROKEN, line %lld %s. %lld lines before it are good; the head says %lld.\n",
           name_of(c->stream), STR_ARG(c->stream), (long long)c->bad_line, audit_flaw_words(c->flaw),
           (long long)(c->flaw == AUDIT_HEAD_WRONG ? c->last : c->bad_line - 1), (long long)head->seq);
}

static void add_line(void *context, const struct audit_entry *line) {
    audit_chain_add(&((struct verify *)context)->chain, line);
}

static enum err verify_stream(struct verify *v, struct db *db, const struct store_audit_head *head) {
    size_t count;
    struct audit_anchor *anchors = anchors_of(v, head->stream, &count);
    v->chain = audit_chain_of(head->stream, anchors, count);
    enum err e = store_audit_each(db, head->stream, add_line, v);
    if (e != OK) return e;
    audit_chain_end(&v->chain, head->seq, head->hash);
    report(v, head);
    return OK;
}

static bool is_asked(const struct verify *v, str stream) {
    const char *service = v->command->arguments.flags[FLAG_SERVICE].value;
    return !service || str_is(stream, service);
}

/* A stream of which a head was kept, and which is gone with its head and all its lines. */
static void report_gone(struct verify *v, const struct store_audit_head *heads, size_t count) {
    for (size_t i = 0; i < v->kept_count; i++) {
        str stream = v->kept[i].stream;
        bool known = i > 0 && str_eq(v->kept[i - 1].stream, stream);
        for (size_t k = 0; k < count && !known; k++)
            known = str_eq(heads[k].stream, stream);
        if (known || !is_asked(v, stream)) continue;
        v->streams++;
        v->broken++;
        printf("%s%.*s: BROKEN, line 1 %s: the whole chain is gone.\n", name_of(stream), STR_ARG(stream),
               audit_flaw_words(AUDIT_LINE_MISSING));
    }
}

static enum err verify_all(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct verify *v = context;
    struct store_audit_head *heads;
    size_t count;
    enum err e = store_audit_heads(db, &v->arena, &heads, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (is_asked(v, heads[i].stream)) e = verify_stream(v, db, &heads[i]);
    if (e == OK) report_gone(v, heads, count);
    return e;
}

static int verify(struct command *c) {
    struct verify v = {.command = c, .arena = ARENA_EMPTY};
    struct fault fault = {.err = OK};
    int status = EXIT_MISUSED;
    if (open_heads(&v) && command_database(c, false)) {
        enum err e = db_transaction(
            c->db, &(struct db_work){.run = verify_all, .context = &v, .read_only = true}, &fault);
        if (e != OK) status = command_failed(c, e, &fault);
        else if (v.streams == 0) {
            command_say(c, "there is no service '%s'", c->arguments.flags[FLAG_SERVICE].value);
            status = EXIT_MISUSED;
        } else status = v.broken ? EXIT_FAILED : EXIT_DONE;
    }
    free(v.kept);
    arena_free(&v.arena);
    return status;
}

/* ---- heads ---- */

static int heads(struct command *c) {
    if (!command_database(c, false)) return EXIT_MISUSED;
    struct arena a = ARENA_EMPTY;
    struct store_audit_head *list;
    size_t count;
    enum err e = store_audit_heads(c->db, &a, &list, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        char hex[SHA256_HEX];
        if (list[i].hash.n != SHA256_BYTES) continue;
        printf("{\"stream\":\"%.*s\",\"line\":%lld,\"hash\":\"%s\"}\n", STR_ARG(list[i].stream),
               (long long)list[i].seq, hex_format((const uint8_t *)list[i].hash.p, SHA256_BYTES, hex));
    }
    arena_free(&a);
    return e == OK ? EXIT_DONE : command_failed(c, e, NULL);
}

static int audit(struct command *c) {
    const struct arguments *a = &c->arguments;
    str what = a->word_count == 1 ? str_of(a->words[0]) : STR("");
    if (str_is(what, "verify")) return verify(c);
    if (str_is(what, "heads")) return heads(c);
    return command_misused(c, "say what to do: verify or heads");
}

int command_audit(int argc, char **argv) {
    struct flag flags[] = {
        [FLAG_SERVICE] = {"service", "SERVICE", "only the chain of this service", NULL},
        [FLAG_HEADS] = {"heads", "FILE", "what 'audit heads' wrote earlier, kept elsewhere", NULL},
        [FLAG_END] = {NULL, NULL, NULL, NULL},
    };
    struct command c = {
        .name = "audit",
        .usage = "audit verify [--service S] [--heads FILE] | audit heads; each with --database CONNECTION",
        .arguments = {.flags = flags},
    };
    int status;
    if (command_begin(&c, argc, argv, &status)) status = audit(&c);
    command_end(&c);
    return status;
}
