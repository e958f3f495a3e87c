// Why: the explanation, the history and the rows of each KPI say the same as the dashboard, and their parts add up: excluded rows to what
// is left out, providers to the service, movement to the change, rows to the counts; one fewer than the smallest change is not enough.
import { SERVICE, equal, keys, ok, send } from './lib.mjs';

const get = async (path, key = keys.commissioner) => (await send({ path, key })).json;
const sum = (list) => list.reduce((total, n) => total + n, 0);
const hundredths = (n) => Math.round(n * 100);

// "63/4" against a numerator of a denominator, in whole numbers.
function compareWith(limit, numerator, denominator) {
    const [top, bottom = '1'] = limit.split('/');
    const left = BigInt(numerator) * (denominator === null ? 1n : 100n) * BigInt(bottom), right = BigInt(top) * BigInt(denominator ?? 1);
    return left < right ? -1 : left > right ? 1 : 0;
}

function colourOf(kpi, why, numerator, denominator) {
    const sign = kpi.direction === 'HIGHER' ? 1 : -1;
    const green = sign * compareWith(why.limits.green, numerator, denominator), amber = sign * compareWith(why.limits.amber, numerator, denominator);
    if (why.rule.strict ? green > 0 : green >= 0) return 'GREEN';
    return (why.limits.amberStrict ? amber > 0 : amber >= 0) ? 'AMBER' : 'RED';
}

function checkChange(kpi, why, label) {
    for (const [goal, colours] of [['toAmber', ['AMBER', 'GREEN']], ['toGreen', ['GREEN']]]) {
        const change = why.smallestChange?.[goal];
        if (!change) continue;
        const sign = kpi.direction === 'HIGHER' ? 1 : -1, n = change.more ?? change.fewer;
        if (typeof n === 'number') {
            ok(colours.includes(colourOf(kpi, why, why.numerator + sign * n, why.denominator)), `${label} ${goal}: ${n} is enough`);
            ok(!colours.includes(colourOf(kpi, why, why.numerator + sign * (n - 1), why.denominator)), `${label} ${goal}: ${n - 1} is not`);
        }
        if (typeof change.added === 'number') {
            const at = (k) => colourOf(kpi, why, why.numerator + (sign > 0 ? k : 0), why.denominator + k);
            ok(colours.includes(at(change.added)) && !colours.includes(at(change.added - 1)), `${label} ${goal}: ${change.added} added, and not one fewer`);
        }
    }
}

function checkExplanation(kpi, why, before, label) {
    equal([why.rag, why.yearToDate, why.quarter, why.target, why.tolerance], [kpi.rag, kpi.yearToDate, { ...kpi.quarter, interval95: why.quarter.interval95 }, kpi.target, kpi.tolerance].map((v, i) => (i === 2 ? order(v, why.quarter) : v)), `${label}: as the dashboard has it`);
    if (why.numerator === null) return;
    equal(sum(why.providers.map((p) => p.numerator ?? 0)), why.numerator, `${label}: the providers make the numerator`);
    const left = sum(why.excluded.filter((e) => e.standing === 'DENOMINATOR_ONLY').map((e) => e.count));
    if (kpi.unit === 'COUNT') equal(left, 0, `${label}: nobody is in the denominator of a count`);
    if (why.denominator !== null) {
        equal(sum(why.providers.map((p) => p.denominator ?? 0)), why.denominator, `${label}: the providers make the denominator`);
        equal(left, why.denominator - why.numerator, `${label}: reasons make what is left out`);
    }
    if (why.limits && why.rag && ['GREEN', 'AMBER', 'RED'].includes(why.rag)) equal(colourOf(kpi, why, why.numerator, why.denominator), why.rag, `${label}: the limits give the colour`);
    checkChange(kpi, why, label);
    if (!why.moved) return;
    equal(sum(why.movement.map((m) => hundredths(m.volume) + hundredths(m.mix) + hundredths(m.rate))), hundredths(why.moved.change), `${label}: the movement adds up`);
    if (before) ok(Math.abs(why.moved.change - (why.quarter.value - before.quarter.value)) < 0.0101, `${label}: the change is that of the dashboards`);
}

const order = (from, like) => Object.fromEntries(Object.keys(like).map((key) => [key, from[key]]));

async function checkRows(ref, period) {
    const own = await get(`/v1/kpis/${SERVICE}/${ref}/${period}/explanation`, keys.provider);
    for (const { reason, standing, count } of own.excluded) {
        let counted = 0, cursor = '';
        do {
            const page = await get(`/v1/kpis/${SERVICE}/${ref}/${period}/rows?standing=${standing}&reason=${reason}&limit=500${cursor && `&cursor=${cursor}`}`, keys.provider);
            counted += sum(page.results.map((row) => row.count));
            ok(page.results.every((row) => row.id && row.reason === reason), `${ref}: each row of ${reason} has its id`);
            cursor = page.metadata.cursor;
        } while (cursor);
        equal(counted, count, `${ref} ${period}: the rows of ${reason} are as many as the explanation says`);
    }
}

export async function checkWhy() {
    let before;
    for (const period of ['2025-26-Q1', '2025-26-Q2', '2025-26-Q3', '2025-26-Q4']) {
        const dashboard = await get(`/v1/dashboards/${SERVICE}/${period}`);
        for (const kpi of dashboard.kpis) {
            const why = await get(`/v1/kpis/${SERVICE}/${kpi.ref}/${period}/explanation`);
            checkExplanation(kpi, why, before?.kpis.find((k) => k.ref === kpi.ref), `${kpi.ref} ${period}`);
            const history = await get(`/v1/kpis/${SERVICE}/${kpi.ref}?from=${period}&to=${period}`);
            equal(history.history.map((q) => [q.period, q.rag, q.yearToDate]), [[period, kpi.rag, kpi.yearToDate]], `${kpi.ref} ${period}: the history has it too`);
        }
        before = dashboard;
    }
    for (const ref of ['1.4', '1.6', '1.10', '1.14', '2.1', '2.2', '3.2', '4.1']) await checkRows(ref, '2025-26-Q3');
    const red = await get(`/v1/kpis/${SERVICE}/1.9/2025-26-Q3/explanation`);
    equal(red.sentence, 'Red: 221 of 1,233, 17.92 %; less than 15 % is asked for; 27 fewer would be amber, 37 fewer green.', 'why is 1.9 red?');
    const ahead = await get(`/v1/kpis/${SERVICE}/1.1/2026-27-Q1/explanation`);
    equal(ahead.sentence, 'No data: nobody has sent episodes in 2026-27-Q1.', 'one quarter is not from itself to itself');
    const calls = await get(`/v1/kpis/${SERVICE}/2.1/2025-26-Q3/explanation?localAuthority=Hackney`);
    equal(calls.sentence, 'No data: the rows of contacts belong to no local authority.', 'sent, but of no authority');
    const count = await get(`/v1/kpis/${SERVICE}/1.1/2025-26-Q3/explanation`);
    equal(count.sentence, 'Green: 1,233 of 1,200 expected by now, 102.75 %.', 'thousands are told apart on both sides');
    equal([count.rule.scheme, count.rule.profile], ['TOLERANCE', [25, 50, 75, 100]], 'by which shares 1,200 are asked for');
}
