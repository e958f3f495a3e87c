// Completeness of the national collection for the three roles, item by item against the oracle; and payment by results, to the penny.
import { SERVICE, equal, keys, ok, send } from './lib.mjs';
import { nationalReturn } from './national.mjs';
import { dayOf, figures, itemsOf, periodNumber, periodText } from './oracle.mjs';

const PERIODS = ['2024-25-Q1', '2024-25-Q4', '2025-26-Q1', '2025-26-Q2', '2025-26-Q3'];
const DAYS = ['2025-12-20', '2026-02-20'];
const ITEMS = ['ethnicCategory', 'gender', 'sexualOrientation', 'nssec', 'freePrescription', 'pregnant', 'interventionType', 'setting', 'aid', 'outcome4w'];
const percent = (complete, required) => (required ? Math.floor((complete * 20000 + required) / (2 * required)) / 100 : null);
const ask = async (path, key) => (await send({ path, key })).json;

function expected(episodes, day) {
    const items = Object.fromEntries(ITEMS.map((item) => [item, [0, 0]])), cells = [];
    for (const e of episodes) {
        for (const [item, complete] of Object.entries(itemsOf(e, day))) {
            items[item][0] += Number(complete);
            items[item][1]++;
            if (!complete) cells.push(`${e.provider} ${e.row.episodeid} ${item}`);
        }
    }
    const sum = (i) => Object.values(items).reduce((total, pair) => total + pair[i], 0);
    return { complete: sum(0), required: sum(1), items: ITEMS.map((item) => ({ item, complete: items[item][0], required: items[item][1], value: percent(...items[item]) })), cells };
}

function blockersOf(episodes, day, signed, want, providers) {
    const blockers = providers.filter((provider) => !signed.has(provider)).map((provider) => `NOT_SIGNED_OFF ${provider}`);
    for (const provider of providers) if (episodes.some((e) => e.provider === provider && e.quit + 42 >= day)) blockers.push(`FOLLOW_UPS_OPEN ${provider}`);
    if (want.required === 0 || want.complete * 100 < 95 * want.required) blockers.push('INCOMPLETE null');
    return blockers;
}

const lastDay = (period) => {
    const year = +period.slice(0, 4), quarter = +period.slice(9);
    return dayOf(quarter === 4 ? `${year + 1}-03-31` : `${year}-${['06-30', '09-30', '12-31'][quarter - 1]}`);
};

// What the commissioner still owes: a reason for each type and setting at 35 % or less, or 70 % or more, once the quarter is over and
// every outcome due; and the finance.
function outliersOf(have, episodes, day, period) {
    const { rows } = nationalReturn(episodes, period, day), set = (r) => rows.find((x) => x.part === r.part && x.key1 === r.key1 && x.measure === 'SET').value;
    const open = day <= lastDay(period) || episodes.some((e) => e.quit + 42 >= day);
    const outliers = open ? [] : rows.filter((r) => ['1G', '1H'].includes(r.part) && r.measure === 'QUIT' && set(r) && (100 * r.value <= 35 * set(r) || 100 * r.value >= 70 * set(r)));
    return [...outliers.map(() => 'REASON_MISSING null'), 'FINANCE_MISSING null'];
}

// The sentence names every item that is not complete with its counts, and no episode.
function checkMessage(one, period, label) {
    const lacking = one.items.filter((i) => i.complete < i.required);
    const said = one.message ?? '';
    ok(lacking.every((i) => said.includes(`${i.required - i.complete} of ${i.required} `) && said.includes(i.item)), `${label}: the sentence to ${one.provider} names what is missing`, said);
    equal(one.message === null, lacking.length === 0 && one.submitted, `${label}: ${one.provider} is asked for something or for nothing`);
    ok(one.message === null || said.startsWith(`${one.provider}, ${period}: `), `${label}: the sentence says whom and when`, said);
}

async function compare(sample, period, text) {
    const day = dayOf(text), path = `/v1/completeness/${SERVICE}/${period}?asAt=${text}&limit=500`, label = `completeness of ${period} as at ${text}`;
    const episodes = sample.episodes.filter((e) => e.period === periodNumber(period));
    const returns = (await ask(`/v1/returns?period=${period}`, keys.commissioner)).results;
    const signed = new Set(returns.filter((r) => r.signOff && !r.resignNeeded).map((r) => r.provider));
    for (const [who, key, providers] of [['checker', keys.checker, ['homerton', 'pharmacies']], ['commissioner', keys.commissioner, ['homerton', 'pharmacies']], ['provider', keys.provider, ['homerton']]]) {
        const have = await ask(path, key), mine = episodes.filter((e) => providers.includes(e.provider)), want = expected(mine, day);
        equal([have.complete, have.required, have.value], [want.complete, want.required, percent(want.complete, want.required)], `${label}, ${who}: the figure`);
        equal(have.items, want.items, `${label}, ${who}: each item`);
        for (const one of have.providers) checkMessage(one, period, label);
        equal(have.providers.map(({ message, ...rest }) => rest), providers.map((provider) => {
            const own = expected(episodes.filter((e) => e.provider === provider), day);
            return { provider, complete: own.complete, required: own.required, value: percent(own.complete, own.required), submitted: signed.has(provider), items: own.items };
        }), `${label}, ${who}: each provider`);
        const asked = who === 'provider' ? [] : outliersOf(have, mine, day, period);
        equal(have.blockers.map((b) => `${b.code} ${b.provider}`), [...blockersOf(mine, day, signed, want, providers), ...asked], `${label}, ${who}: what stands in the way`);
        equal(have.ready, have.blockers.length === 0, `${label}, ${who}: ready is that nothing does`);
        const cells = have.incomplete?.results.map((c) => `${c.provider} ${c.episodeId} ${c.item}`);
        if (who === 'checker') equal(have.incomplete, undefined, `${label}: a checker sees no cells`);
        else equal([have.incomplete.metadata.total, cells.sort()], [want.cells.length, want.cells.sort().slice(0, 500)], `${label}, ${who}: the incomplete cells`);
    }
}

async function checkPaging() {
    const path = `/v1/completeness/${SERVICE}/2025-26-Q3`, whole = (await ask(`${path}?limit=500`, keys.commissioner)).incomplete, paged = [];
    for (let cursor = '', n = 0; cursor !== null && n < 100; n++) {
        const { results, metadata } = (await ask(`${path}?limit=60${cursor && `&cursor=${cursor}`}`, keys.commissioner)).incomplete;
        paged.push(...results);
        cursor = metadata.cursor;
    }
    equal(paged, whole.results, 'the incomplete cells page by page are all of them');
}

async function checkList() {
    for (const period of ['2025-26-Q3', '2024-25-Q1']) {
        const head = await ask(`/v1/completeness/${SERVICE}/${period}`, keys.checker);
        for (const name of ['items', 'providers', 'assumptions', 'checks']) delete head[name];
        equal((await ask(`/v1/completeness?period=${period}`, keys.checker)).results, [head], `the list has the head of ${period}`);
        for (const ready of [true, false]) equal((await ask(`/v1/completeness?period=${period}&ready=${ready}`, keys.checker)).results.length, Number(head.ready === ready), `${period}: ready=${ready}`);
    }
    equal((await ask('/v1/completeness', keys.checker)).results[0].period, '2025-26-Q3', 'without a period the quarter that ended last');
    const own = (await ask('/v1/completeness?period=2025-26-Q3', keys.other)).results[0], one = await ask(`/v1/completeness/${SERVICE}/2025-26-Q3`, keys.other);
    equal([own.complete, own.required], [one.complete, one.required], 'a provider lists its own part');
}

// Pence from exact integers: pool = contract x 5 %, payment = pool x clamp((rate - 50 %) / 10 %), each rounded half up once.
const roundHalfUp = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);
function payment(contractPence, numerator, denominator) {
    const [c, n, d] = [contractPence, numerator, denominator].map(BigInt);
    if (d === 0n) return 0;
    const above = 100n * n - 50n * d, full = 10n * d, earned = above < 0n ? 0n : above > full ? full : above;
    return Number(roundHalfUp(c * 5n * earned, 100n * full));
}

function reduced(n, d) {
    const gcd = (a, b) => (b ? gcd(b, a % b) : a), common = gcd(n, d);
    return d === common ? String(n / common) : `${n / common}/${d / common}`;
}

async function checkPayment(sample) {
    equal([payment(72000000, 5250, 10000), payment(72000000, 5000, 10000), payment(72000000, 7, 10)], [900000, 0, 3600000], "the contract's own example");
    for (const [year, days] of [['2024-25', ['2024-10-01', '2025-05-12', '2025-05-13', '2026-02-20']], ['2025-26', ['2025-04-02', '2025-12-01', '2026-02-20']], ['2026-27', ['2026-02-20']]]) {
        const { final } = await lastQuarter(`${year}-Q4`);
        for (const day of days) {
            const [n, d] = figures(sample, `${year}-Q4`, dayOf(day))['1.5'].yearToDate;
            const all = sample.episodes.filter((e) => periodText(e.period).startsWith(year));
            const status = final && all.every((e) => e.quit + 42 < dayOf(day)) ? 'FINAL' : 'FORECAST';
            const { workings, providers, statements, adjustmentPence, ...have } = await ask(`/v1/payments/${SERVICE}/${year}?asAt=${day}`, keys.commissioner);
            equal([statements, adjustmentPence], [[], null], `nothing has been stated for ${year}`);
            equal(providers.reduce((sum, p) => [sum[0] + p.numerator, sum[1] + p.denominator, sum[2] + p.paymentPence], [0, 0, 0]), [n, d, have.paymentPence], `the providers' parts of ${year} as at ${day} add up`);
            equal([workings.pool, workings.rate], ['3600000', d ? reduced(n, d) : null], `workings of ${year} as at ${day}`);
            equal(have,
                { service: SERVICE, year, kpi: '1.5', contractValuePence: 72000000, poolPence: 3600000, numerator: n, denominator: d, ratePercent: percent(n, d), paymentPence: payment(72000000, n, d), status },
                `payment for ${year} as at ${day}, to the penny`);
        }
    }
    const before = await ask(`/v1/payments/${SERVICE}/2024-25?knownAt=2024-01-01T00:00:00Z`, keys.commissioner);
    equal(before.code ?? before.numerator, before.code ? 'NOT_FOUND' : 0, 'before anything was known there is nothing to pay');
}
async function lastQuarter(period) {
    const { results } = await ask(`/v1/returns?period=${period}`, keys.commissioner);
    return { final: results.some((r) => r.periodFinal) };
}

export async function checkCompleteness(sample) {
    for (const period of PERIODS) for (const day of DAYS) await compare(sample, period, day);
    await checkPaging();
    await checkList();
    await checkPayment(sample);
    ok(sample.episodes.length > 2000, 'the sample was there to compare with');
}
