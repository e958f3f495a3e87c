/* web-analytics: the website by month (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_WEB_ANALYTICS_H
#define QD_RETURNS_PARTS_WEB_ANALYTICS_H

#include "returns/parts/parts.h"

enum { WEB_MOST = 1000000000, WEB_MINUTES_MOST = 31 * 24 * 60, WEB_HOURS_MOST = 10000 };

/* clang-format off */
#define WEB_COLUMNS(X) \
    X(WEB_MONTH, "month", COL_MONTH, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "2025-07", .meaning = "A month of the period; once each.") \
    X(WEB_VISITORS, "visitors", COL_INT, .most = WEB_MOST, .example = "5120", .aliases = "Website visitors|Number of website visitors|Users", .meaning = "People who visited the website.") \
    X(WEB_NEW_VISITORS, "newVisitors", COL_INT, .most = WEB_MOST, .example = "3810", .aliases = "Number of new visitors|New users", .meaning = "Of these, for the first time.") \
    X(WEB_PAGE_VIEWS, "pageViews", COL_INT, .most = WEB_MOST, .example = "14233", .aliases = "Pages viewed|Number of pages viewed|Views", .meaning = "Pages viewed.") \
    X(WEB_BOUNCE_RATE, "bounceRatePercent", COL_DECIMAL, .most = 100, .example = "41.5", .aliases = "Bounce rate|Bounce rate %", .meaning = "Percent of visits that ended on their first page.") \
    X(WEB_CHATS, "webChats", COL_INT, .most = WEB_MOST, .example = "64", .aliases = "Number of web chats", .meaning = "Chats held on the website.") \
    X(WEB_VIDEO_CALLS, "videoCalls", COL_INT, .most = WEB_MOST, .example = "12", .aliases = "Number of video calls", .meaning = "Video calls held.") \
    X(WEB_DOWNTIME, "downtimeMinutes", COL_INT, .most = WEB_MINUTES_MOST, .example = "35", .aliases = "Downtime|Website downtime", .meaning = "Minutes in which the website could not be reached.") \
    X(WEB_ISSUES, "supportIssues", COL_INT, .most = WEB_MOST, .example = "3", .aliases = "Support issues raised|Number of support issues raised", .meaning = "Support issues raised.") \
    X(WEB_RESOLVE, "averageResolveHours", COL_DECIMAL, .most = WEB_HOURS_MOST, .example = "2.5", .aliases = "Average time to resolve", .meaning = "Average hours until they were resolved.") \
    X(WEB_TOP_PAGES, "topPages", COL_TEXT, .most = 2000, .example = "/quit;/vaping;/find-us", .aliases = "Top visited pages", .meaning = "The pages visited most, joined by semicolons.")
/* clang-format on */

enum web_column {
#define X(index, ...) index,
    WEB_COLUMNS(X)
#undef X
};

#endif
