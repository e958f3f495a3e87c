#include "handlers/app.h"

#include <stdlib.h>

#include "handlers/fixed_texts.h"
#include "handlers/framework_cache.h"
#include "handlers/lookup_cache.h"
#include "handlers/scope.h"
#include "handlers/service_state.h"
#include "handlers/tally_cache.h"

struct db *db_of(const struct request *r) {
    struct db *db = ((struct worker *)r->worker)->db;
    db_act_for(db, scope_of(r));
    return db;
}

struct db *db_for_everybody(const struct request *r) {
    struct db *db = ((struct worker *)r->worker)->db;
    db_act_for(db, DB_EVERYBODY);
    return db;
}

int32_t app_today(const struct app *app) {
    return app->fixed_today != DAY_NONE ? app->fixed_today : london_day(instant_now());
}

struct app *app_new(int32_t fixed_today, const char *spool_dir, const char *version) {
    struct app *app = must_calloc(1, sizeof *app);
    app->fixed_today = fixed_today;
    app->spool_dir = spool_dir;
    app->version = version;
    app->replica_of = "";
    app->frameworks = framework_cache_new();
    app->lookups = lookup_cache_new();
    app->tallies = tally_cache_new();
    app->texts = fixed_texts_new();
    return app;
}

void app_free(struct app *app) {
    fixed_texts_free(app->texts);
    service_states_free(app->states);
    tally_cache_free(app->tallies);
    lookup_cache_free(app->lookups);
    framework_cache_free(app->frameworks);
    free(app);
}
