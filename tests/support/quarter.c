/* quarter: see the header. */
#include "tests/support/quarter.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/episodes.h"
#include "tests/support/suite.h"

void quarter_send(const struct service *s, const char *period, const char *quit_day, const char *followed_up,
                  unsigned quit) {
    for (unsigned half = 0; half < 2; half++) {
        const char *provider = half ? "pharmacies" : "homerton";
        unsigned mine = half ? (quit > 20 ? quit - 20 : 0) : (quit > 20 ? 20 : quit);
        char path[200], id[40];
        struct buf b = BUF_EMPTY;
        buf_add_cstr(&b, EPISODE_HEADER "\r\n");
        for (unsigned i = 0; i < 20; i++) {
            snprintf(id, sizeof id, "%s-%s-%u", provider, period, i);
            struct episode_row r = episode_good(id);
            r.quit = quit_day;
            r.followed_up = followed_up;
            if (i >= mine) {
                r.outcome = "2";
                r.co = r.satisfaction = "";
            }
            episode_add_csv(&b, &r);
        }
        snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/episodes", provider, period);
        struct answer a = service_put(s, half ? s->pharmacies : s->homerton, path, "text/csv", buf_str(&b));
        CHECK(a.status == 201, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
        answer_free(&a);
        buf_free(&b);
    }
}

void quarter_finalise(const struct service *s, const char *period, const char *effect, char *out_path,
                      size_t room) {
    char path[120];
    char had[32] = "(absent)";
    snprintf(path, sizeof path, "/v1/periods/city-and-hackney/%s/finalisation", period);
    struct answer a = service_send(s, "POST", s->commissioner, path, NULL, "{}");
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    for (int i = 0; i < 40; i++) {
        snprintf(path, sizeof path, "plans.%d.kpi", i);
        if (strcmp(answer_text(&a, path), "1.4") != 0) continue;
        snprintf(path, sizeof path, "plans.%d.id", i);
        if (out_path) snprintf(out_path, room, "/v1/action-plans/%s", answer_text(&a, path));
        snprintf(path, sizeof path, "plans.%d.effect", i);
        snprintf(had, sizeof had, "%s", answer_text(&a, path));
    }
    CHECK(strcmp(had, effect) == 0, "%s: 1.4 %s, expected %s", period, had, effect);
    answer_free(&a);
}

void quarter_run_calendar(const struct service *s, const char *day, const char *words) {
    const char *const argv[] = {"run-calendar", "--database", s->app, "--today", day, NULL};
    bool ours = false;
    for (int tries = 0; tries < 6000 && !ours; tries++) {
        struct buf out = BUF_EMPTY;
        int status = service_command(argv, &out);
        buf_add_char(&out, '\0');
        ours = status != 0 || strstr(out.p, "\"elsewhere\":false");
        CHECK(!ours || (status == 0 && strstr(out.p, words)), "%s: %d %s, expected %s", day, status, out.p,
              words);
        buf_free(&out);
        if (!ours) usleep(10000);
    }
    CHECK(ours, "%s: somebody else is at it all the time", day);
}
