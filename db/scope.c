/* scope: whom a connection acts for, as the two settings that the policies of row-level security read. Only what an id is made of
 * gets in, so the texts can stand between quotes in the command that begins a transaction (transaction.c), and "*" in a
 * path is not everybody. */
#include "db/connection.h"

static bool is_id(str s) {
    if (s.n == 0 || s.n >= ID_ROOM) return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';
        if (!letter && !digit && c != '.' && c != '_' && c != '-') return false;
    }
    return true;
}

static void put(char out[ID_ROOM], bool every, str id) {
    if (every) id = STR("*");
    else if (!is_id(id)) id = STR("");
    memcpy(out, id.p, id.n);
    out[id.n] = '\0';
}

void db_act_for(struct db *db, struct db_scope scope) {
    put(db->acting.service, scope.every_service, scope.service);
    put(db->acting.provider, scope.every_provider, scope.provider);
}

bool acting_for_nobody(const struct acting *a) {
    return !a->service[0] && !a->provider[0];
}
