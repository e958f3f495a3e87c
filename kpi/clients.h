/* clients: how many different clients there are, per quarter and from the start of the year (KPIs 1.1 to
 * 1.3, distinctClients). One financial year of one provider at a time; up to eight separate counts
 * ("sets") side by side.
 *
 * What would surprise: the quarters must come in order, since a client counts towards the year from the
 * first one on. */
#ifndef QD_KPI_CLIENTS_H
#define QD_KPI_CLIENTS_H

#include "base/hash.h"

enum { CLIENT_SETS_MAX = 8 };

struct clients {
    struct client_slot *slots;
    uint64_t mask;
    unsigned sets;
    int64_t in_quarter[CLIENT_SETS_MAX][4];     /* different clients of each quarter alone */
    int64_t new_in_quarter[CLIENT_SETS_MAX][4]; /* of these, not seen in an earlier one */
};

/* Room for so many rows; so many sets. Free with clients_free(). */
void clients_begin(struct clients *c, size_t rows, unsigned sets);
void clients_free(struct clients *c);
/* sets: bit per set that the row belongs to; quarter 1 to 4, never less than in an earlier call. */
void clients_add(struct clients *c, struct hash128 client, unsigned sets, int quarter);
void clients_prefetch(const struct clients *c, struct hash128 client);
/* Different clients from quarter 1 to this one. */
int64_t clients_to_date(const struct clients *c, unsigned set, int quarter);

#endif
