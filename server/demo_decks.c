#include "server/demo_decks.h"

/* clang-format off */
static const struct card GENDERS[] = {
    {"", "", 70}, {"1", "Male (including trans man)", 5080}, {"2", "Female (including trans woman)", 4640},
    {"3", "Non-binary", 60}, {"4", "Other (not listed)", 30}, {"Z", "Not Stated (asked, declined)", 80},
    {"X", "Not Known (not recorded) [default code]", 40},
};
static const struct card ORIENTATIONS[] = {
    {"", "", 1750}, {"1", "Heterosexual or Straight", 6850}, {"2", "Gay or Lesbian", 440}, {"3", "Bisexual", 310},
    {"4", "Other sexual orientation not listed", 70}, {"U", "Person asked and does not know or is not sure", 50},
    {"Z", "Not Stated (asked, declined)", 530},
};
/* 4.3a CT CK CY 10.9 %, 4.3b M N P 17.9 %, 4.3c K 1.5 %, 4.3d CE 2.0 % */
static const struct card ETHNICITIES[] = {
    {"", "", 420}, {"A", "White - British", 3240}, {"B", "White - Irish", 210},
    {"C", "White - Any other White background", 800}, {"CT", "", 860}, {"CK", "", 110}, {"CY", "", 120}, {"CE", "", 200},
    {"D", "Mixed - White and Black Caribbean", 200}, {"E", "Mixed - White and Black African", 100},
    {"F", "Mixed - White and Asian", 70}, {"G", "Mixed - Any other mixed background", 170},
    {"H", "Asian or Asian British - Indian", 150}, {"J", "Asian or Asian British - Pakistani", 120},
    {"K", "Asian or Asian British - Bangladeshi", 150}, {"L", "Asian or Asian British - Any other Asian background", 210},
    {"M", "Black or Black British - Caribbean", 820}, {"N", "Black or Black British - African", 690},
    {"P", "Black or Black British - Any other Black background", 280}, {"R", "Other Ethnic Groups - Chinese", 80},
    {"S", "Other Ethnic Groups - Any other ethnic group", 400}, {"Z", "Not stated (asked, declined)", 320},
};
/* 4.2: 46.6 % routine and manual */
static const struct card OCCUPATIONS[] = {
    {"", "", 480}, {"01", "Full-time student", 240}, {"02", "Never worked or unemployed for over one year", 1110},
    {"03", "Retired", 690}, {"04", "Home carer (looking after children, family or home)", 330},
    {"05", "Sick or disabled and unable to work", 770}, {"06", "Managerial/professional", 880}, {"07", "Intermediate", 420},
    {"08", "Routine and manual", 4660}, {"96", "Other (not listed) / unable to code", 420},
};
/* 4.1: 48.7 % in the most deprived fifth */
static const struct card QUINTILES[] = {
    {"", "", 290}, {"1", "1", 4870}, {"2", "2", 2830}, {"3", "3", 1190}, {"4", "4", 530}, {"5", "5", 290},
};
/* 1.2 and 1.3: nine in ten live in Hackney, one in twenty in the City; the others count in 1.1 alone */
static const struct card AUTHORITIES[] = {
    {"", "", 0}, {"E09000012", "Hackney", 9060}, {"E09000001", "City of London", 520}, {"E09000030", "Tower Hamlets", 170},
    {"E09000019", "Islington", 110}, {"E09000025", "Newham", 80}, {"E09000014", "Haringey", 60},
};
static const struct card TENURES[] = {
    {"", "", 520}, {"OWNED", "", 1260}, {"PRIVATE_RENT", "", 2640}, {"SOCIAL_RENT", "", 4610}, {"TEMPORARY", "", 420},
    {"OTHER", "", 220}, {"NOT_STATED", "", 330},
};
static const struct card INTERVENTIONS[] = {
    {"", "", 250}, {"08", "One-to-one multi-session, in person only", 3950},
    {"09", "One-to-one multi-session, telephone only", 2850},
    {"13", "Combination of in person and telephone or remote/online (multi-session)", 1850},
    {"07", "Group, in person only (closed, couple/family, open rolling)", 220},
    {"10", "One-to-one multi-session, remote video link/online only", 260},
    {"11", "Single support session (in person, telephone or video)", 250},
    {"14", "Digital support via stop smoking mobile app alone", 150},
    {"15", "Combination of one-to-one and mobile app (multi-session)", 160}, {"97", "Other (not listed)", 60},
};
static const struct card SETTINGS[] = {
    {"", "", 0}, {"10", "Community", 0}, {"11", "Community psychiatric", 0}, {"13", "Pharmacy", 0},
    {"15", "General medical practice", 0}, {"16", "Maternity", 0}, {"17", "Children's centre", 0}, {"22", "Hospital", 0},
};
static const struct card AIDS[] = {
    {"", "", 130}, {"10", "Combination of licensed nicotine containing products, concurrently", 2980},
    {"LA", "Single NRT product only", 1180}, {"12", "Varenicline only", 720}, {"LE", "Cytisine (cytisinicline) only", 860},
    {"11", "Bupropion only", 60}, {"13", "Licensed nicotine containing product and/or bupropion and/or varenicline, consecutively", 480},
    {"14", "Licensed medication and unlicensed nicotine containing product, concurrently", 1210},
    {"15", "Licensed medication and unlicensed nicotine containing product, consecutively", 270},
    {"16", "Unlicensed nicotine containing product only", 1290},
    {"17", "No licensed medication and no unlicensed nicotine containing product", 410}, {"99", "Treatment option not known", 410},
};
static const struct card HOMERTON_SITES[] = { /* the label is the setting */
    {"", "", 0}, {"ward", "22", 210}, {"maternity", "16", 0}, {"mental-health-team", "11", 20}, {"clinic-north", "10", 250},
    {"clinic-south", "10", 190}, {"gp-hub", "15", 160}, {"childrens-centre", "17", 40}, {"telephone", "10", 130},
};
static const struct card PHARMACY_SITES[] = {
    {"", "", 0}, {"shop-01", "13", 220}, {"shop-02", "13", 170}, {"shop-03", "13", 150}, {"shop-04", "13", 130},
    {"shop-05", "13", 110}, {"shop-06", "13", 90}, {"shop-07", "13", 80}, {"shop-08", "13", 50},
};
static const struct card AGE_BANDS[] = {
    {"16", "17", 70}, {"18", "24", 720}, {"25", "34", 1980}, {"35", "44", 2310}, {"45", "59", 3180}, {"60", "69", 1220},
    {"70", "84", 520},
};
/* What became of quitters later: '1' still quit, '2' smoking, '3' not reached, blank, 'o' reached outside the window. */
static const struct card AT_12_WEEKS[] = {{"1", "", 742}, {"2", "", 106}, {"3", "", 70}, {"", "", 66}, {"o", "", 16}};
static const struct card AT_26_WEEKS[] = {{"1", "", 391}, {"2", "", 240}, {"3", "", 150}, {"", "", 207}, {"o", "", 12}};
static const struct card AT_52_WEEKS[] = {{"1", "", 181}, {"2", "", 160}, {"3", "", 230}, {"", "", 417}, {"o", "", 12}};
/* Lost at four weeks: not reached, blank, reached outside the window, outcome without a date. */
static const struct card LOST[] = {{"3", "", 775}, {"", "", 130}, {"o", "", 65}, {"d", "", 30}};
/* 1.13: of all quitters 87.6 % satisfied or very satisfied */
static const struct card QUITTERS_SAY[] = {{"", "", 350}, {"1", "", 90}, {"2", "", 160}, {"3", "", 640}, {"4", "", 3260}, {"5", "", 5500}};
static const struct card OTHERS_SAY[] = {{"", "", 5200}, {"1", "", 160}, {"2", "", 300}, {"3", "", 1240}, {"4", "", 2000}, {"5", "", 1100}};

/* Twelve months of quit dates: a rush in January, Stoptober, No Smoking Day in March; permille of the busiest month. */
const unsigned DEMO_MONTHS[12] = {1000, 690, 760, 720, 700, 660, 700, 570, 790, 960, 730, 430};
const unsigned DEMO_WEEKDAYS[7] = {1000, 760, 690, 640, 520, 170, 120};

const struct demo_plan DEMO_PLAN[DEMO_PERIODS][DEMO_PROVIDERS] = {
    {{258, 541, 167,  74}, {138, 489, 209, 182}}, /* 2024-25-Q1 */
    {{240, 546, 163,  78}, {128, 486, 206, 190}},
    {{252, 549, 160,  82}, {138, 493, 204, 186}},
    {{326, 538, 172,  70}, {176, 487, 214, 176}},
    {{268, 532, 176,  80}, {144, 488, 212, 190}}, /* 2025-26-Q1 */
    {{252, 541, 166,  92}, {136, 498, 204, 205}},
    {{276, 556, 158, 104}, {152, 511, 198, 220}},
};
/* clang-format on */

const struct deck DEMO_GENDERS = {GENDERS, sizeof GENDERS / sizeof *GENDERS};
const struct deck DEMO_ORIENTATIONS = {ORIENTATIONS, sizeof ORIENTATIONS / sizeof *ORIENTATIONS};
const struct deck DEMO_ETHNICITIES = {ETHNICITIES, sizeof ETHNICITIES / sizeof *ETHNICITIES};
const struct deck DEMO_OCCUPATIONS = {OCCUPATIONS, sizeof OCCUPATIONS / sizeof *OCCUPATIONS};
const struct deck DEMO_QUINTILES = {QUINTILES, sizeof QUINTILES / sizeof *QUINTILES};
const struct deck DEMO_AUTHORITIES = {AUTHORITIES, sizeof AUTHORITIES / sizeof *AUTHORITIES};
const struct deck DEMO_TENURES = {TENURES, sizeof TENURES / sizeof *TENURES};
const struct deck DEMO_INTERVENTIONS = {INTERVENTIONS, sizeof INTERVENTIONS / sizeof *INTERVENTIONS};
const struct deck DEMO_SETTINGS = {SETTINGS, sizeof SETTINGS / sizeof *SETTINGS};
const struct deck DEMO_AIDS = {AIDS, sizeof AIDS / sizeof *AIDS};
const struct deck DEMO_SITES[DEMO_PROVIDERS] = {
    {HOMERTON_SITES, sizeof HOMERTON_SITES / sizeof *HOMERTON_SITES},
    {PHARMACY_SITES, sizeof PHARMACY_SITES / sizeof *PHARMACY_SITES},
};
const struct deck DEMO_AGE_BANDS = {AGE_BANDS, sizeof AGE_BANDS / sizeof *AGE_BANDS};
const struct deck DEMO_AT_12_WEEKS = {AT_12_WEEKS, sizeof AT_12_WEEKS / sizeof *AT_12_WEEKS};
const struct deck DEMO_AT_26_WEEKS = {AT_26_WEEKS, sizeof AT_26_WEEKS / sizeof *AT_26_WEEKS};
const struct deck DEMO_AT_52_WEEKS = {AT_52_WEEKS, sizeof AT_52_WEEKS / sizeof *AT_52_WEEKS};
const struct deck DEMO_LOST = {LOST, sizeof LOST / sizeof *LOST};
const struct deck DEMO_QUITTERS_SAY = {QUITTERS_SAY, sizeof QUITTERS_SAY / sizeof *QUITTERS_SAY};
const struct deck DEMO_OTHERS_SAY = {OTHERS_SAY, sizeof OTHERS_SAY / sizeof *OTHERS_SAY};
