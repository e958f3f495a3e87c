/* `quarterday routes`, `quarterday openapi-parts` and `quarterday openapi-feeds`: what the contract tests hold against openapi/openapi.yaml. */
#include <stdio.h>
#include <stdlib.h>

#include "handlers/feed_tables.h"
#include "handlers/handlers.h"
#include "returns/part_schema.h"
#include "server/commands.h"

int command_routes(int argc, char **argv) {
    (void)argc;
    (void)argv;
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        printf("%s %s %s\n", method_name(ROUTES[i].method), ROUTES[i].pattern, ROUTES[i].name);
    return EXIT_DONE;
}

static int print_json(struct buf *out) {
    fwrite(out->p, 1, out->n, stdout);
    putchar('\n');
    buf_free(out);
    return EXIT_DONE;
}

int command_openapi_parts(int argc, char **argv) {
    (void)argc;
    (void)argv;
    struct buf out = BUF_EMPTY;
    struct json j = json_to(&out);
    json_object_begin(&j);
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        if (!part) continue;
        json_key(&j, part->name);
        part_schema_write(&j, part);
    }
    json_end(&j);
    return print_json(&out);
}

int command_openapi_feeds(int argc, char **argv) {
    (void)argc;
    (void)argv;
    struct buf out = BUF_EMPTY;
    struct json j = json_to(&out);
    json_object_begin(&j);
    for (int i = 0; i < FEED_COUNT; i++) {
        json_key(&j, FEED_TABLES[i].name);
        feed_schema_write(&j, &FEED_TABLES[i]);
    }
    json_key(&j, FEED_FINGERTIPS.name);
    feed_schema_write(&j, &FEED_FINGERTIPS);
    json_end(&j);
    return print_json(&out);
}
