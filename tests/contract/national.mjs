// The national return a second time, from the uploaded rows themselves: every cell of the form as at two days, by authority and for all; what was
// imputed; and what the commissioner adds: finance, reasons, numbered copies.
import { SERVICE, call, document, equal, keys, ok, operations, send } from './lib.mjs';
import { code, dayOf, derive, periodNumber, yes } from './oracle.mjs';

const PERIODS = ['2023-24-Q3', '2024-25-Q4', '2025-26-Q2', '2025-26-Q3'], DAYS = ['2025-12-20', '2026-02-20'];
const op = (id) => operations.get(id), JSON_TYPE = { 'Content-Type': 'application/json' };
const BASE = `/v1/national-returns/${SERVICE}`;
const get = async (period, query = '') => (await send({ path: `${BASE}/${period}${query}`, key: keys.checker })).json;

// The codes of domain.md 1.5, in the official order; the form of 2017 and that of 2024.
const list = (text) => text.split(' ');
const FORMS = {
    'SSQ-2017': { gender: list('1 2'), aid: list('10 11 12 13 14 15 16 17 S1 99'), type: list('01 02 03 04 05 06 96') },
    'SSQ-2024': { gender: list('1 2 3 4 Z X'), aid: list('10 11 12 13 14 15 16 17 S1 99 LA LB LC LD LE LF LG LH LI LJ LK'), type: list('07 08 09 10 11 12 13 14 15 97') },
};
const ETHNIC = list('A B C D E F G H J K L M N P R S Z'), BANDS = list('01 02 03 04 05'), NSSEC = list('01 02 03 04 05 06 07 08 09 96');
const SETTINGS = list('10 11 12 13 14 15 16 17 18 19 20 21 22 98');
const formOf = (period) => (periodNumber(period) >= periodNumber('2024-25-Q1') ? 'SSQ-2024' : 'SSQ-2017');

function band(age) {
    if (age < 18) return '01';
    if (age <= 34) return '02';
    if (age <= 44) return '03';
    return age <= 59 ? '04' : '05';
}

// { part: [keys1, keys2, measures, where a person stands, who is asked] }
function partsOf(period, version) {
    const f = FORMS[version], two = ['SET', 'QUIT'], four = ['QUIT', 'NOT_QUIT', 'LOST', 'CO_VALIDATED'];
    const other = version === 'SSQ-2017' ? '96' : '97';
    const ethnic = (e) => e.row.ethniccategory.slice(0, 1) || 'Z', gender = (e) => code(e.row, 'gender') || 'X';
    return {
        '1A': [ETHNIC, f.gender, two, (e) => [ethnic(e), gender(e)]],
        '1B': [BANDS, f.gender, ['SET', ...four], (e) => [band(+e.row.ageatquitdate), gender(e)]],
        '1C': [[null], [null], four, (e) => yes(e.row.pregnant) && [null, null]],
        '1D': [[null], [null], two, (e) => yes(e.row.freeprescription) && [null, null]],
        '1E': [NSSEC, [null], two, (e) => [code(e.row, 'nssec') || '96', null]],
        '1F': [f.aid, [null], two, (e) => [code(e.row, 'aid') || '99', null]],
        '1G': [f.type, [null], two, (e) => [code(e.row, 'interventiontype') || other, null]],
        '1H': [SETTINGS, [null], two, (e) => [code({ setting: e.setting }, 'setting') || '98', null]],
        '2A': [[null], [null], ['ALLOCATION'], () => false],
        '2B': [[null], [null], ['CUMULATIVE_SPEND', 'PHARMACOTHERAPY_SPEND', 'OTHER_ALLOCATION'], () => false],
    };
}

const COUNTED = { SET: () => true, QUIT: (d) => d.quit4, NOT_QUIT: (d) => d.notQuit4, LOST: (d) => d.lost4, CO_VALIDATED: (d) => d.co4 };
const pad = (text) => (/^[0-9]$/.test(text) ? `0${text}` : text);

export function nationalReturn(episodes, period, day) {
    const version = formOf(period), rows = [], known = episodes.map((e) => [e, derive(e, day)]);
    for (const [part, [keys1, keys2, measures, place]] of Object.entries(partsOf(period, version))) {
        const tally = new Map();
        for (const [e, d] of known) {
            const at = place(e);
            if (!at) continue;
            const key = `${at[0] && part !== '1A' ? pad(at[0]) : at[0]} ${at[1]}`;
            for (const measure of measures) if (COUNTED[measure]?.(d)) tally.set(`${key} ${measure}`, (tally.get(`${key} ${measure}`) ?? 0) + 1);
        }
        for (const key1 of keys1) for (const key2 of keys2) for (const measure of measures)
            rows.push({ part, key1, key2, measure, value: part[0] === '2' ? null : tally.get(`${key1} ${key2} ${measure}`) ?? 0 });
    }
    return { version, rows };
}

function imputedOf(episodes, period) {
    const blank = (column) => episodes.filter((e) => e.row[column] === '').length, other = formOf(period) === 'SSQ-2017' ? '96' : '97';
    const all = [['1A', 'Z', blank('ethniccategory')], ['1A', 'X', blank('gender')], ['1B', 'X', blank('gender')],
        ['1C', 'N', episodes.filter((e) => e.row.pregnant === '' && code(e.row, 'gender') !== '1').length], ['1D', 'N', blank('freeprescription')],
        ['1E', '96', blank('nssec')], ['1F', '99', blank('aid')], ['1G', other, blank('interventiontype')], ['1H', '98', episodes.filter((e) => !e.setting).length]];
    return all.filter(([, , count]) => count).map(([part, key, count]) => ({ part, key, count }));
}

async function compare(episodes, period, day, authority, query) {
    const label = `the national return of ${period} as at ${day}${query}`, have = await get(period, `?asAt=${day}${query}`);
    const mine = episodes.filter((e) => e.period === periodNumber(period) && (!authority || code(e.row, 'localauthority') === authority));
    const want = nationalReturn(mine, period, dayOf(day));
    equal(have.formVersion, want.version, `${label}: its form`);
    const line = (r) => `${r.part} ${r.key1} ${r.key2} ${r.measure} ${r.value}`, mineSay = want.rows.map(line);
    equal(have.rows?.length, want.rows.length, `${label}: every cell is there`);
    equal(have.rows?.map(line).filter((text, i) => text !== mineSay[i]), [], `${label}: every cell`);
    equal(have.imputed, imputedOf(mine, period), `${label}: what was imputed`);
    equal(have.waiting, mine.filter((e) => e.quit + 42 >= dayOf(day)).length, `${label}: who is not yet due`);
    equal(have.checks.map((c) => c.id), Array.from({ length: 19 }, (_, i) => `V${String(i + 1).padStart(2, '0')}`), `${label}: all rules`);
    const seven = want.rows.filter((r) => r.part === '1B' && r.measure === 'SET').filter((r) => {
        const of = (measure) => want.rows.find((x) => x.part === '1B' && x.key1 === r.key1 && x.key2 === r.key2 && x.measure === measure).value;
        return of('QUIT') + of('NOT_QUIT') + of('LOST') !== r.value;
    });
    equal([have.checks[6].passed, have.checks[6].count], [seven.length === 0, seven.length], `${label}: V07`);
    for (const id of ['V06', 'V08', 'V09', 'V10', 'V12']) ok(have.checks.find((c) => c.id === id).passed, `${label}: ${id} holds of what was added up`);
    equal(have.checks.find((c) => c.id === 'V03').passed, Boolean(authority), `${label}: V03 misses the finance alone`);
}

async function asCsv(period) {
    const { rows } = await get(period), text = (await send({ path: `${BASE}/${period}`, key: keys.commissioner, headers: { Accept: 'text/csv' } })).text;
    const lines = text.trimEnd().split('\r\n');
    equal(lines[0], 'part,key1,key2,measure,value,reason', 'the columns of the part national');
    equal(lines.slice(1).map((line) => line.split(',').slice(0, 5).join()), rows.map((r) => [r.part, r.key1, r.key2, r.measure, r.value].join()), 'the same cells as CSV');
}

// ---- what the commissioner adds ----

const put = (id, body, status, label, headers = {}) => call(op(id), { key: keys.commissioner, headers: { ...JSON_TYPE, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body), status, label });
const FINANCE = { allocation: 720000, cumulativeSpend: 512400, pharmacotherapySpend: 31250, otherAllocation: 0 };

async function wrongBodies(id, good) {
    await put(id, '{"a":', 400, 'broken JSON');
    await put(id, '[]', 422, 'no object');
    await put(id, { ...good, nonsense: 1 }, 422, 'an unknown member');
    await put(id, good, 412, 'of a version that there is not', { 'If-Match': '"v99"' });
    await call(op(id), { key: keys.commissioner, headers: { 'Content-Type': 'text/csv' }, body: 'a', status: 415, label: 'text/csv' });
    await call(op(id), { key: keys.commissioner, headers: JSON_TYPE, declared: String(2 ** 21), status: 413, label: 'a body over 1 MiB' });
}

async function checkFinance(period) {
    equal((await put('national.finance', FINANCE, 201, 'the first')).json.version, 1, 'a first version');
    equal((await put('national.finance', FINANCE, 200, 'the same again')).json.version, 1, 'the same writes nothing');
    equal((await put('national.finance', { ...FINANCE, otherAllocation: '12' }, 200, 'an amount as text', { 'If-Match': '"v1"' })).json.otherAllocation, 12, 'amounts may be text');
    for (const wrong of [-1, 100000000, 1.5, '1.5', '12 000', true, []]) await put('national.finance', { ...FINANCE, allocation: wrong }, 422, `allocation ${JSON.stringify(wrong)}`);
    for (const name of Object.keys(FINANCE)) equal((await put('national.finance', { ...FINANCE, [name]: undefined }, 422, `without ${name}`)).json.code, 'MISSING_VALUE', `${name} is needed`);
    const cells = (await get(period)).rows.filter((r) => r.part[0] === '2').map((r) => r.value);
    equal(cells, [720000, 512400, 31250, 12], 'it stands in 2A and 2B');
    await wrongBodies('national.finance', FINANCE);
}

async function checkReasons(period) {
    const one = (change) => ({ reasons: [{ part: '1G', key1: '97', reason: 'A pilot.', ...change }] });
    await put('national.reasons', one({}), 201, 'the first');
    await put('national.reasons', one({ reason: 'é'.repeat(200) }), 200, '200 characters');
    for (const [label, change] of [['201 characters', { reason: 'é'.repeat(201) }], ['blank', { reason: ' ' }], ['an NHS number', { reason: 'See 943 476 5919.' }],
        ['an e-mail address', { reason: 'Ask a.b@example.org' }], ['a telephone number', { reason: 'Call 020 7946 0018' }], ['two lines', { reason: 'a\nb' }],
        ['another part', { part: '1E', key1: '08' }], ['a retired code', { key1: '01' }], ['no code', { key1: '' }], ['a number', { reason: 5 }]])
        await put('national.reasons', one(change), 422, label);
    await put('national.reasons', { reasons: [...one({}).reasons, ...one({}).reasons] }, 422, 'twice');
    await wrongBodies('national.reasons', one({}));
    const { rows, checks } = await get(period), asked = checks[12].cells.map(({ part, key1 }) => ({ part, key1, reason: 'Few people, seen often.' }));
    ok(rows.some((r) => r.reason === 'é'.repeat(200)), 'a reason stands beside its row');
    await put('national.reasons', { reasons: [...asked, ...(asked.some((r) => r.key1 === '97' && r.part === '1G') ? [] : one({}).reasons)] }, 200, 'all that are asked for');
    ok((await get(period)).checks[12].passed, 'then V13 holds');
    const codes = (await send({ path: `/v1/completeness/${SERVICE}/${period}`, key: keys.checker })).json.blockers.map((b) => b.code);
    ok(!codes.includes('REASON_MISSING') && !codes.includes('FINANCE_MISSING'), 'and nothing is asked of the commissioner', codes.join());
}

async function checkSubmission(period) {
    const before = await get(period);
    equal([before.submitted, before.difference], [null, undefined], 'nothing was submitted yet');
    const first = (await put('national.submit', {}, 201, 'the first')).json;
    equal([first.number, first.rows, first.replaces], [1, before.rows, null], 'a numbered copy of the return');
    equal((await put('national.submit', {}, 200, 'the same again')).json.number, 1, 'the same cells make no second copy');
    equal((await get(period)).difference, [], 'nothing has changed since');
    await put('national.finance', { ...FINANCE, otherAllocation: 12, cumulativeSpend: 512407 }, 200, 'corrected');
    const after = await get(period);
    equal(after.difference, [{ part: '2B', key1: null, key2: null, measure: 'CUMULATIVE_SPEND', current: 512407, submitted: 512400, difference: 7 }], 'the difference, cell by cell');
    equal([after.current.rows, after.submitted.rows, after.submitted.number], [after.rows, before.rows, 1], 'both sides in full');
    const second = (await put('national.submit', { reason: 'Spend corrected.' }, 201, 'again', { 'If-Match': '"v1"' })).json;
    equal([second.number, second.replaces, second.checks[18].passed, second.checks[18].judged], [2, 1, true, true], 'the second names the first, and V19 holds');
    const copy = (await send({ path: `${BASE}/${period}/submissions/1`, key: keys.checker })).json;
    equal(copy, first, 'the first copy is as it was');
    equal((await send({ path: `${BASE}/${period}/submissions/3`, key: keys.checker })).status, 404, 'there is no third');
    const kinds = (await send({ path: `${BASE}/${period}/history`, key: keys.checker })).json.results.map((e) => `${e.kind} ${e.version}`);
    equal(kinds, ['SUBMISSION 2', 'FINANCE 3', 'SUBMISSION 1', 'REASONS 3', 'FINANCE 2', 'REASONS 2', 'REASONS 1', 'FINANCE 1'].sort((a, b) => kinds.indexOf(a) - kinds.indexOf(b)), 'the history has them all');
    await wrongBodies('national.submit', { reason: 'x' });
}

async function checkLocked() {
    const params = { period: '2023-24-Q2' }, lock = (id, body) => call(op(id), { key: keys.commissioner, params, headers: JSON_TYPE, body: JSON.stringify(body), status: 200, label: 'for the national return' });
    await lock('period.lock', { reason: 'contract test' });
    for (const [id, body] of [['national.finance', FINANCE], ['national.reasons', { reasons: [] }]])
        equal((await call(op(id), { key: keys.commissioner, params, headers: JSON_TYPE, body: JSON.stringify(body), status: 409, label: 'of a locked period' })).json.code, 'PERIOD_LOCKED', `${id}: a locked period keeps what it has`);
    await lock('period.unlock', { reason: 'contract test' });
}

// ---- a provider's own beside its episodes: nobody in its own, then one person as episode ----

async function checkReconciliation() {
    const period = '2022-23-Q1', empty = nationalReturn([], period, dayOf('2026-02-20')).rows.filter((r) => r.part[0] !== '2');
    const upload = async (part, body) => {
        const answer = await send({ method: 'PUT', path: `/v1/returns/${SERVICE}/homerton/${period}/${part}`, key: keys.provider, headers: { 'Content-Type': 'text/csv' }, body });
        ok([200, 201].includes(answer.status), `${part} for ${period}`, answer.text);
    };
    const ask = { key: keys.commissioner, status: 404 };
    await call(op('national.reconciliation'), { ...ask, label: 'neither was sent' });
    const header = 'part,key1,key2,measure,value,reason';
    await upload('national', [header, ...empty.map((r) => [r.part, r.key1, r.key2, r.measure, r.value, ''].join())].join('\n'));
    await call(op('national.reconciliation'), { ...ask, label: 'only one was sent' });
    await upload('national', `${header}\n`);
    await upload('episodes', ['episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,ethnicCategory,nssec,interventionType,setting,aid',
        'rec-1,rec-1,E09000012,2022-05-02,40,1,A,08,01,13,10'].join('\n'));
    const have = (await call(op('national.reconciliation'), { ...ask, status: 200, label: 'both were sent' })).json;
    equal([have.agrees, have.cells, have.differing, have.own.inForce, have.derived.inForce], [false, empty.length, 7, false, true], 'one person more than the provider counted');
    const shown = document.components.examples.nationalReconciliation.value;
    equal([have.differences, have.byPart], [shown.differences, shown.byPart], 'the example of the document is what is answered');
    equal((await send({ path: `${BASE}/${period}/reconciliation`, key: keys.commissioner })).status, 400, 'a commissioner says whose');
    equal((await send({ path: `${BASE}/${period}/reconciliation`, key: keys.provider })).json, have, 'a provider need not');
}

export async function checkNational(sample) {
    for (const period of PERIODS) for (const day of DAYS) {
        await compare(sample.episodes, period, day, null, '');
        for (const [authority, name] of [['E09000012', 'Hackney'], ['E09000001', 'E09000001']]) await compare(sample.episodes, period, day, authority, `&localAuthority=${name}`);
    }
    const period = '2025-26-Q3';
    await asCsv(period);
    await checkFinance(period);
    await checkReasons(period);
    await checkSubmission(period);
    await checkLocked();
    await checkReconciliation();
}
