/* wirral: the words of the example of seed 003, the performance action plan of Wirral's smoking quitters, as they stand there. */
#ifndef QD_TESTS_WIRRAL_H
#define QD_TESTS_WIRRAL_H

#define REASON_1                                                                                                            \
    "The underperformance of this target is attributed to Wirral NHS Community Trust's under performance. The service has " \
    "experienced a 45% drop in attendance; a mitigating action plan has been implemented by Wirral NHS Community Trust."
#define REASON_2                                                                                                              \
    "This fall in attendance at services is being seen across the region. The increased use of e-cigs is thought to be a "    \
    "significant cause behind this with insight work to date suggesting that more people are choosing to use them to either " \
    "try to quit on their own, or as a harm reduction step."
#define WHAT_1                                                                                                                 \
    "Increase in Quit Dates Set* (*Quit Date is the date on which a smoker plans to stop altogether with support from a stop " \
    "smoking adviser as part of an NHS assisted quit attempt)."
#define WHAT_2                                                                                                                    \
    "An increase in 4 week quitters** (**Four-week quitter is a smoker whose quit status is smoke free at four weeks from their " \
    "quit date. Follow up must occur 25 to 42 days from the quit date)"
#define HOW_1                                                                                                                 \
    "Actions taken by Wirral Community NHS Trust include targeted work with GP practices to increase referrals; training of " \
    "dental staff to refer to the service; insight work with local people and health professionals to understand local "      \
    "behaviour re stopping smoking; the promotion of Stoptober. Further work is required to understand the self-care agenda " \
    "and the \"Livewell\" team has facilitated consultation with local people relating to e cigarette use, focusing on "      \
    "knowledge, perceptions, purchasing behaviours and use. It is intended that this learning will inform further service "   \
    "development, including proposals for a cut down to quit (harm reduction) pilot, which will work with those smokers "     \
    "struggling to quit straight away."
#define HOW_2                                                                                                                   \
    "The performance of this target will also be raised in the monthly SLA meeting with Wirral Community NHS Trust. Continued " \
    "under performance will be subject to standard contractual mechanisms."
#define HOW_3 "This will be reported back to commissioner on a monthly basis."

#endif
