#include "handlers/completeness_write.h"

#include "handlers/dashboard_write.h"
#include "handlers/national_write.h"

static void write_figures(struct json *j, int64_t complete, int64_t required) {
    json_field_int(j, "complete", complete);
    json_field_int(j, "required", required);
    json_key(j, "value");
    percent_write(j, complete, required);
}

void completeness_write_head(struct json *j, const struct national_view *v) {
    char text[PERIOD_TEXT];
    int32_t deadline = framework_national_deadline(v->view.framework, v->period);
    json_field_str(j, "service", v->view.service.id);
    json_field_cstr(j, "period", period_format(v->period, text));
    json_field_cstr(j, "asAt", day_format(v->as_at, text));
    json_field_cstr(j, "formVersion", national_form_version(v->period));
    write_figures(j, v->all.all_complete, v->all.all_required);
    json_field_bool(j, "ready", national_view_is_ready(v));
    national_write_blockers(j, v);
    json_field_cstr(j, "deadline", day_format(deadline, text));
    json_field_int(j, "daysLeft", deadline - v->as_at);
}

static void write_items(struct json *j, const struct completeness *c) {
    json_key(j, "items");
    json_array_begin(j);
    for (int i = 0; i < ITEM_COUNT; i++) {
        json_object_begin(j);
        json_field_cstr(j, "item", item_name((enum item)i));
        write_figures(j, c->complete[i], c->required[i]);
        json_end(j);
    }
    json_end(j);
}

/* ---- the sentence to send ---- */

/* "12 of 431 episodes lack nssec, 3 of 431 outcome4w"; how many are named. */
static int say_items(struct buf *out, const struct completeness *c) {
    int named = 0;
    for (int i = 0; i < ITEM_COUNT; i++) {
        if (c->complete[i] == c->required[i]) continue;
        buf_printf(out, named ? ", %lld of %lld %s" : "%lld of %lld episodes lack %s",
                   (long long)(c->required[i] - c->complete[i]), (long long)c->required[i],
                   item_name((enum item)i));
        named++;
    }
    return named;
}

/* The day that is still ahead: the provider's own, else the national one. */
static void say_deadline(struct buf *out, const struct national_view *v) {
    char text[DAY_TEXT];
    int32_t own = framework_provider_deadline(v->view.framework, v->period);
    int32_t national = framework_national_deadline(v->view.framework, v->period);
    if (own >= v->as_at) buf_printf(out, " by %s.", day_format(own, text));
    else if (national >= v->as_at)
        buf_printf(out, " at once: the national deadline is %s.", day_format(national, text));
    else buf_printf(out, " at once: the national deadline was %s.", day_format(national, text));
}

/* Counts alone, so that a checker may send it. p NULL: there is nothing to ask for. */
static str message_to(const struct national_view *v, const struct national_provider *part) {
    char period[PERIOD_TEXT];
    struct buf b = BUF_EMPTY;
    period_format(v->period, period);
    bool nothing = part->version == 0 && part->figures.all_required == 0;
    bool outcomes = part->figures.complete[ITEM_OUTCOME4W] < part->figures.required[ITEM_OUTCOME4W];
    buf_printf(&b, "%.*s, %s: ", STR_ARG(part->id), period);
    int named = say_items(&b, &part->figures);
    if (named) {
        buf_printf(&b, "; send %s with them",
                   !outcomes   ? "episodes again"
                   : named > 1 ? "episodes or, for outcomes, follow-ups"
                               : "follow-ups");
        say_deadline(&b, v);
    }
    if (part->expected && !part->submitted) {
        buf_add_cstr(&b, nothing ? "nothing has been returned; send the return and sign it off"
                         : named ? " Then sign the return off"
                                 : "sign the return off");
        say_deadline(&b, v);
        named++;
    }
    str out = named ? arena_str(v->r->arena, buf_str(&b)) : STR_NONE;
    buf_free(&b);
    return out;
}

static void write_providers(struct json *j, const struct national_view *v) {
    json_key(j, "providers");
    json_array_begin(j);
    for (size_t i = 0; i < v->part_count; i++) {
        const struct national_provider *part = &v->parts[i];
        json_object_begin(j);
        json_field_str(j, "provider", part->id);
        write_figures(j, part->figures.all_complete, part->figures.all_required);
        json_field_bool(j, "submitted", part->submitted);
        write_items(j, &part->figures);
        json_field_str(j, "message", message_to(v, part));
        json_end(j);
    }
    json_end(j);
}

static void write_assumptions(struct json *j, const struct national_view *v) {
    json_key(j, "assumptions");
    json_array_begin(j);
    json_cstr(j, v->view.framework->items.declined_is_unknown
                     ? "A declined answer (Z, U) counts as unknown."
                     : "A declined answer (Z, U) counts as complete.");
    if (v->sum->by_cells)
        json_cstr(j,
                  "Of a national return every mandatory cell counts in the total, and none among the items.");
    json_cstr(
        j,
        "The checks are run on the national return as it would be sent now, added up from episodes with blanks under "
        "the codes for not known.");
    if (v->provider.p)
        json_cstr(
            j,
            "These are one provider's own figures: finance and reasons are the commissioner's and are not asked for.");
    json_end(j);
}

void completeness_write_rest(struct json *j, const struct national_view *v) {
    write_items(j, &v->all);
    write_providers(j, v);
    write_assumptions(j, v);
    national_write_checks(j, v);
}
