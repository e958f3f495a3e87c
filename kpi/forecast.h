/* forecast: where a KPI will stand at the end of the year, and what the rest of the year must bring. The forecast of a count is
 * that of the contract: year to date / profile share. Its band is a 95 % prediction interval for the rest of the year, were people
 * to come as independently as they did so far (Poisson): with Y so far and the share s, the rest is expected to be Y (1 - s) / s, with
 * variance Y (1 - s) / s^2. The need is exact, the band is not. */
#ifndef QD_KPI_FORECAST_H
#define QD_KPI_FORECAST_H

#include "base/num.h"
#include "kpi/wilson.h"

/* In whole people: never below what is there already. share: of the year's target up to now, 0 < share <= 1. */
struct interval forecast_band(int64_t so_far, double share);

/* A count: how many each remaining quarter must bring to reach the annual target; 0 where it is reached, den 0 where no quarter is
 * left. */
struct fraction forecast_need_of_count(int64_t so_far, struct fraction annual, int quarters_left);

/* A rate: percent that the remaining quarters must reach, were as many people to come in each as on average so far, for the
 * year's rate to be `target` percent. May be above 100 or below 0: then it cannot be missed or reached. den 0 where nothing was
 * counted or no quarter is left. */
struct fraction forecast_need_of_rate(int64_t numerator, int64_t denominator, struct fraction target,
                                      int quarters_gone, int quarters_left);

#endif
