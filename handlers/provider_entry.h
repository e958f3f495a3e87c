/* provider_entry: a provider as the framework has it, in the file itself: finding it, and putting another in its place. The framework
 * is the one source for who is expected, so a change of a provider is a new version of it. */
#ifndef QD_HANDLERS_PROVIDER_ENTRY_H
#define QD_HANDLERS_PROVIDER_ENTRY_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

/* The entry of that id in a framework's file, or NULL; *out_index (may be NULL) its place, or where it would be added. Borrowed. */
json_t *provider_entry_find(const json_t *framework, str provider, size_t *out_index);
/* The entry that a body asks for: its members with "id" for the provider, "service" taken away; what is not given is null, so that the
 * whole is said. ERR_INVALID when the body names another provider or service. Free with json_decref(). */
enum err provider_entry_make(json_t *body, str service, str provider, struct fault *fault, json_t **out);
/* Puts it in the place of the old one, or at the end. Borrows the entry. */
void provider_entry_place(json_t *framework, str provider, json_t *entry);
/* Takes "/providers/3" away from the pointer in the words of a fault, so that they point into the body. */
void provider_entry_relate(struct fault *fault, size_t index);
/* {"service","id","name","group","expectedParts","from","to"}: the answer, in this order. */
void provider_entry_write(struct json *j, str service, const json_t *entry);

#endif
