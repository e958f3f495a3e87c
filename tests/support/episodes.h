/* episodes: writes episode rows for tests: a good row by default, of which a case changes what it is about. */
#ifndef QD_TESTS_EPISODES_H
#define QD_TESTS_EPISODES_H

#include "base/buf.h"

/* Columns of the rows below, in order. */
#define EPISODE_HEADER                                                                                                         \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,sexualOrientation,ethnicCategory,nssec,freePrescription," \
    "pregnant,interventionType,setting,aid,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm,imdQuintile,seriousMentalIllness,satisfaction"

struct episode_row {
    const char *id, *client, *authority, *quit, *age, *gender, *orientation, *ethnic, *nssec, *free_rx,
        *pregnant, *type, *setting, *aid;
    const char *outcome, *followed_up, *method, *co, *imd, *smi, *satisfaction;
};

/* A complete row of 2025-26-Q1: quit on 2025-05-01, seen face to face on 2025-05-29, CO 3. */
struct episode_row episode_good(const char *id);
void episode_add_csv(struct buf *out, const struct episode_row *row);
/* The same as a JSON object (blank values as null). */
void episode_add_json(struct buf *out, const struct episode_row *row);

#endif
