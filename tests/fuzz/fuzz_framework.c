/* fuzz_framework: the framework file, and the JSON Schema that it is held against. The first byte chooses: the bytes as a file; or, since
 * nothing random is nearly a framework, as a JSON merge patch (RFC 7396) of the one of City and Hackney, in which members named by a
 * number reach into arrays. */
#include <jansson.h>

#include "base/embed.h"
#include "kpi/framework.h"
#include "kpi/schema.h"
#include "tests/fuzz/target.h"

static void merge(json_t *into, const json_t *patch) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)patch, key, value) {
        uint64_t at = 0;
        bool in_list = json_is_array(into);
        if (in_list && !str_to_uint(str_of(key), 100000, &at)) continue;
        json_t *old = in_list ? json_array_get(into, at) : json_object_get(into, key);
        bool deeper = json_is_object(value) && (json_is_object(old) || json_is_array(old));
        if (deeper) merge(old, value);
        else if (in_list && json_is_null(value)) json_array_remove(into, at);
        else if (in_list && old) json_array_set(into, at, value);
        else if (in_list) json_array_append(into, value);
        else if (json_is_null(value)) json_object_del(into, key);
        else json_object_set(into, key, value);
    }
}

static char *patched(str patch) {
    static json_t *sample;
    if (!sample) {
        const struct embed_file *file = embed_find("frameworks/city-and-hackney.json");
        sample = file ? json_loadb((const char *)file->bytes, file->size, 0, NULL) : NULL;
        must(sample != NULL);
    }
    json_t *change = json_loadb(patch.p, patch.n, 0, NULL);
    if (!json_is_object(change)) {
        json_decref(change);
        return NULL;
    }
    json_t *all = json_deep_copy(sample);
    merge(all, change);
    char *text = json_dumps(all, JSON_COMPACT);
    json_decref(all);
    json_decref(change);
    return text;
}

/* Whatever is read can be asked. */
static void ask(const struct framework *f) {
    must(f->kpi_count > 0 && f->first_year <= f->last_year);
    for (size_t i = 0; i < f->kpi_count; i++)
        must(framework_kpi(f, str_of(f->kpis[i].ref)) == &f->kpis[i]);
    for (size_t i = 0; i < f->provider_count; i++)
        must(framework_provider_find(f, str_of(f->providers[i].id)) == &f->providers[i]);
    for (int16_t period = period_of(f->first_year, 1); period <= period_of(f->last_year, 4); period++) {
        must(framework_has_period(f, period));
        framework_follow_up_end(f, period);
        framework_provider_deadline(f, period);
        framework_national_deadline(f, period);
        framework_lock_day(f, period);
        for (size_t i = 0; i < f->provider_count; i++)
            for (size_t k = 0; k < f->kpi_count; k++)
                framework_expects_for(&f->providers[i], &f->kpis[k], period);
    }
}

static void read_it(str text) {
    struct framework *f = NULL, *stored = NULL;
    struct fault fault = {.err = OK}, other = {.err = OK};
    enum err e = framework_parse(text, 1, &fault, &f);
    must(fault.err == e && (e == OK || e == ERR_MALFORMED || e == ERR_INVALID));
    if (e == OK) {
        ask(f);
        must(framework_parse_stored(text, 1, &other, &stored) == OK);
        must(stored->kpi_count == f->kpi_count && stored->element_count == f->element_count);
        framework_free(stored);
        framework_free(f);
    } else must(str_is_utf8(str_of(fault.detail), NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned choice;
    str s = chosen(data, size, &choice);
    if (choice % 4 == 0) {
        read_it(s);
        return 0;
    }
    char *text = patched(s);
    if (text) read_it(str_of(text));
    free(text);
    return 0;
}
