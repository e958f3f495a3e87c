/* clients: how many different clients there are, per quarter and from the start of the year (KPIs 1.1 to 1.3, distinctClients).
 * One financial year of one provider at a time; up to eight separate counts ("sets") side by side. */
#ifndef QD_KPI_CLIENTS_H
#define QD_KPI_CLIENTS_H

#include "base/hash.h"

enum { CLIENT_SETS_MAX = 8 };

struct clients {
    struct client_slot *slots;
    uint64_t mask;
};

/* Room for so many rows. Free with clients_free(). */
void clients_begin(struct clients *c, size_t rows);
void clients_free(struct clients *c);
/* sets: bit per set that the row belongs to; quarter 1 to 4. */
void clients_add(struct clients *c, struct hash128 client, unsigned sets, int quarter);
/* out[set][quarter - 1] of different clients: quarters alone, and from quarter 1 to each. */
void clients_count(const struct clients *c, int64_t quarters[CLIENT_SETS_MAX][4], int64_t to_date[CLIENT_SETS_MAX][4]);
void clients_prefetch(const struct clients *c, struct hash128 client);

#endif
