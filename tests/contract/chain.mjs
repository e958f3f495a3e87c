// The chain after the upload, on quarters of 2023-24, for which the sample has nothing: all parts in, sign-off, the period final, the
// plans of its reds and their life, a correction that takes a red away, locks. A second run finds the ground as it was, except that
// 2023-24-Q3 is final then.
import { SERVICE, call, equal, follow, keys, live, note, ok, operations, running, send, target } from './lib.mjs';

const op = (id) => operations.get(id);
export const JSON_TYPE = { 'Content-Type': 'application/json' }, CSV = { 'Content-Type': 'text/csv' };
export const asJson = (value) => JSON.stringify(value);
const sorted = (list) => [...list].sort();
export const exampleBody = (operation, name) => {
    const examples = operation.requestBody?.content?.['application/json']?.examples ?? {};
    return follow(name ? examples[name] : Object.values(examples)[0])?.value;
};

const FINAL = '2023-24-Q3', LOCKED = '2023-24-Q4', UNSENT = '2023-24-Q1';
const read = async (id, params, key = keys.commissioner, query = {}) => (await send({ path: target(op(id), params, query), key })).json;
const plansOf = async (query) => (await read('plans.list', {}, keys.commissioner, { limit: '500', ...query })).results;
const isOpen = (plan) => !['CLOSED', 'WITHDRAWN'].includes(plan.status);

// The answers of plans are asked for one that the sample has.
export async function choosePlan() {
    const list = await read('plans.list', {}, keys.provider);
    if (ok(list?.results?.length, 'the sample has plans')) live.set('id', list.results[0].id);
}

export async function wrongBodies(operation, key, extra = {}) {
    const put = (status, label, rest) => call(operation, { key, headers: { ...JSON_TYPE, ...extra }, status, label, ...rest });
    await put(400, 'broken JSON', { body: '{"reason":' });
    await put(400, 'a repeated member', { body: '{"reason":"a","reason":"b"}' });
    await put(422, 'an unknown member', { body: '{"nonsense":"x"}' });
    await put(422, 'a list', { body: '[]' });
    await put(422, 'a number for a text', { body: asJson(Object.fromEntries(Object.keys(exampleBody(operation)).map((name) => [name, 1]))) });
    await put(415, 'text/csv', { headers: { ...extra, 'Content-Type': 'text/csv' }, body: 'a' });
    await put(413, 'a body over 1 MiB', { declared: String(2 ** 21) });
}

const period = (id, name, body, status, label) => call(op(id), { key: keys.commissioner, params: { period: name }, headers: JSON_TYPE, body: asJson(body), status, label });

async function checkLock() {
    const params = { period: LOCKED };
    equal((await period('period.lock', LOCKED, { reason: 'contract test' }, 200, 'with a reason')).json?.locked, true, 'a period is locked');
    const refused = await call(op('part.put'), { key: keys.provider, params, headers: CSV, body: 'episodeId\n', status: 409, label: 'into a locked period' });
    equal([refused.json?.code, refused.json?.detail.includes('contract test')], ['PERIOD_LOCKED', true], 'a locked period takes nothing, and says why');
    equal((await read('return.get', params, keys.provider)).status, 'LOCKED', 'its returns are LOCKED');
    ok((await read('returns.list', {}, keys.commissioner, { status: 'LOCKED', period: LOCKED })).results.length > 0, 'and are listed as such');
    equal((await call(op('return.submit'), { key: keys.provider, params, status: 409, label: 'of a locked period' })).json?.code, 'PERIOD_LOCKED', 'nor can it be signed');
    equal((await period('period.unlock', LOCKED, {}, 422, 'without a reason')).json?.code, 'MISSING_VALUE', 'unlocking needs a reason');
    equal((await period('period.unlock', LOCKED, { reason: 'contract test' }, 200, 'with a reason')).json?.locked, false, 'a period is unlocked');
    equal((await period('period.unlock', LOCKED, { reason: 'again' }, 200, 'again')).json?.plans, [], 'unlocking twice changes nothing');
    for (const id of ['period.final', 'period.lock', 'period.unlock']) await wrongBodies(op(id), keys.commissioner);
}

// ---- a quarter of its own ----

const HEADER = 'episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm,satisfaction';
const episode = (prefix, n, rest) => `${prefix}-${n},${prefix}-C${n},E09000012,2023-11-06,40,${rest}`;
const QUIT = '1,2023-12-04,FACE_TO_FACE,3,5', DOUBTFUL = '1,2023-12-04,TELEPHONE,,2', LOST = '3,,,,', SMOKING = '2,2023-12-04,TELEPHONE,,';
const rows = (prefix, outcomes) => `${HEADER}\n${outcomes.map((rest, i) => episode(prefix, i + 1, rest)).join('\n')}\n`;
const times = (n, what) => Array(n).fill(what);
// Homerton: 10 of 40 have quit, 30 are lost. The pharmacies: 9 of 10. Together 38 %, which is red, and only Homerton's doing.
const RED = rows('CT', [...times(10, DOUBTFUL), ...times(30, LOST)]), GREEN = rows('CT', times(40, QUIT));
const OTHERS = rows('CP', [...times(9, QUIT), SMOKING]);

const put = (provider, part, body, query = {}) => send({
    method: 'PUT', path: target(op('part.put'), { provider, period: FINAL, part }, query), key: running.keys.providers[provider], headers: CSV, body,
});
const submit = (provider, status, label) => call(op('return.submit'), { key: running.keys.providers[provider], params: { provider, period: FINAL }, status, label: `${provider}, ${label}` });

async function sendPart(provider, part) {
    const empty = (await send({ path: target(op('template.get'), { part }), key: running.keys.providers[provider] })).text;
    const body = part !== 'episodes' ? empty : provider === 'homerton' ? RED : OTHERS;
    const answer = await put(provider, part, body);
    ok([200, 201].includes(answer.status), `${provider} sends ${part}`, answer.text);
}

async function checkMissing() {
    const params = { period: UNSENT }, state = await read('return.get', params, keys.provider);
    equal(state.missingParts, state.expectedParts, 'of a return that was never sent every expected part is missing');
    const refused = await call(op('return.submit'), { key: keys.provider, params, status: 409, label: 'with nothing sent' });
    equal([refused.json?.code, refused.json?.missingParts], ['PARTS_MISSING', state.expectedParts], 'the missing parts are listed');
    const nothing = await call(op('return.submit'), { key: keys.provider, params: { period: '2019-20-Q1' }, status: 409, label: 'of a quarter in which nothing is expected or sent' });
    equal([nothing.json?.code, nothing.json?.missingParts], ['PARTS_MISSING', undefined], 'nothing cannot be signed');
    await call(op('return.submit'), { key: keys.provider, params, headers: CSV, body: 'a', status: 415, label: 'text/csv' });
    await call(op('return.submit'), { key: keys.provider, params, headers: JSON_TYPE, declared: String(2 ** 21), status: 413, label: 'a body over 1 MiB' });
}

async function sendAll(provider) {
    const { missingParts } = await read('return.get', { provider, period: FINAL });
    for (const part of missingParts.slice(0, -1)) await sendPart(provider, part);
    const last = missingParts.slice(-1);
    if (last.length) equal((await submit(provider, 409, 'with one part missing')).json?.missingParts, last, `${provider}: only ${last} is missing`);
    for (const part of last) await sendPart(provider, part);
}

// What a period that becomes final, or is signed again, should raise: a plan for each red that raises one and has none open.
async function expectedPlans(openBefore) {
    const { kpis } = await read('dashboard.get', { period: FINAL }), held = new Set(openBefore.map((plan) => plan.kpi));
    equal(kpis.filter((kpi) => !kpi.raisesPlan).map((kpi) => [kpi.ref, kpi.rag]), [['1.5', 'RED']], '1.5 is red and raises no plan');
    return kpis.filter((kpi) => kpi.rag === 'RED' && kpi.raisesPlan && !held.has(kpi.ref)).map((kpi) => kpi.ref);
}
const effects = (answer, effect) => (answer.json?.plans ?? []).filter((plan) => plan.effect === effect).map((plan) => plan.kpi);

async function makeFinal() {
    for (const provider of ['homerton', 'pharmacies']) await sendAll(provider);
    const first = await submit('homerton', 200, 'with all parts');
    equal([first.json?.return.status, first.json?.periodFinal, first.json?.plans], ['SUBMITTED', false, []], 'the first of two signs: not final yet');
    const again = await submit('homerton', 200, 'again');
    equal(again.json?.return.signOff, first.json?.return.signOff, 'signing twice changes nothing');
    equal((await read('dashboard.get', { period: FINAL })).returns, { expected: 2, submitted: 1, missing: ['pharmacies'] }, 'the dashboard counts who has signed');
    const second = await submit('pharmacies', 200, 'the last');
    equal([second.json?.periodFinal, second.json?.return.periodFinal], [true, true], 'the last sign-off makes the period final');
    const state = await read('return.get', { period: FINAL }, keys.provider);
    equal([state.status, state.periodFinal, state.resignNeeded, state.onTime], ['LOCKED', true, false, false], 'final after the national deadline of the year: locked, and it was late');
    return second;
}

// Red again after an earlier run: the return is corrected for the worse.
async function makeRedAgain() {
    await period('period.unlock', FINAL, { reason: 'contract test' }, 200, 'of a final period');
    const answer = await put('homerton', 'episodes', RED, { reason: 'contract test' });
    ok(answer.status === 200, 'a correction with a reason', answer.text);
    return submit('homerton', 200, 'again');
}

async function checkFinal() {
    const before = (await plansOf()).filter(isOpen), { periodFinal } = await read('return.get', { period: FINAL });
    const signed = periodFinal ? await makeRedAgain() : await makeFinal();
    const opened = effects(signed, 'OPENED');
    equal(sorted(opened), sorted(await expectedPlans(before)), 'one plan for each red that raises one');
    const plans = await plansOf({ openedFor: FINAL });
    equal(sorted(plans.filter(isOpen).map((plan) => plan.kpi)), sorted(opened), 'they are listed for their quarter');
    for (const plan of plans.filter(isOpen)) {
        const mark = (await read('dashboard.get', { period: FINAL })).kpis.find((kpi) => kpi.ref === plan.kpi).actionPlan;
        equal(mark, { id: plan.id, openedFor: FINAL, status: 'REQUIRED', dueDate: plan.dueDate, overdue: false, escalated: false }, `the dashboard names the plan of ${plan.kpi}`);
    }
    const again = await period('period.final', FINAL, { reason: 'contract test' }, 200, 'of what is final');
    equal([again.json?.final, again.json?.plans], [true, []], 'a period becomes final once');
    return plans.filter(isOpen);
}

async function checkFrozen(plan) {
    const whole = await read('plan.get', { id: plan.id }), kpi = (await read('dashboard.get', { period: FINAL })).kpis.find((k) => k.ref === plan.kpi);
    equal([whole.figures.rag, whole.figures.period, whole.figures.quarter, whole.figures.target.annual], ['RED', FINAL, kpi.quarter, kpi.target.annual], `${plan.kpi}: the figures stand in the plan`);
    equal([whole.origin, whole.status, whole.history.map((step) => step.to)], ['RED', 'REQUIRED', ['REQUIRED']], `${plan.kpi}: a plan begins as REQUIRED`);
    equal([whole.indicatorTitle, whole.strategicDirectorLead], [kpi.title, 'Director of Public Health'], `${plan.kpi}: the form begins with what is known`);
}

// ---- correcting what is final ----

async function checkCorrection(withdrawn) {
    const params = { period: FINAL, part: 'episodes' }, again = (rest) => call(op('part.put'), { key: keys.provider, params, headers: CSV, body: GREEN, ...rest });
    await period('period.lock', FINAL, { reason: 'contract test' }, 200, 'of a final period');
    equal((await again({ query: { reason: 'found' }, status: 409, label: 'a correction into a locked period' })).json?.code, 'PERIOD_LOCKED', 'a reason does not open a lock');
    await period('period.unlock', FINAL, { reason: 'contract test' }, 200, 'of a final period');
    for (const query of [{}, { reason: ' ' }]) equal((await again({ query, status: 422, label: 'after sign-off without a reason' })).json?.code, 'MISSING_VALUE', 'a correction after sign-off needs a reason');
    const taken = await again({ query: { reason: 'Outcomes were found.' }, status: 200, label: 'with a reason' });
    equal([taken.json?.stored, taken.json?.updated], [true, 40], 'it counts at once');
    const state = await read('return.get', params, keys.provider);
    equal([state.status, state.resignNeeded, state.periodFinal], ['OPEN', true, true], 'it asks to be signed again, and the period stays final');
    equal((await read('dashboard.get', { period: FINAL })).returns, { expected: 2, submitted: 1, missing: ['homerton'] }, 'until then it counts as not signed');
    equal((await read('return.history', params, keys.provider)).results[0].reason, 'Outcomes were found.', 'the reason is in the history');
    const signed = await submit('homerton', 200, 'again');
    equal([signed.json?.return.status, signed.json?.return.signOff.times], ['SUBMITTED', state.signOff.times + 1], 'it is signed again');
    ok(effects(signed, 'WITHDRAWN').includes(withdrawn.kpi), `the plan of ${withdrawn.kpi} is withdrawn`, JSON.stringify(signed.json?.plans));
    const whole = await read('plan.get', { id: withdrawn.id });
    equal([whole.status, whole.history.at(-1).from, whole.history.at(-1).to], ['WITHDRAWN', 'REQUIRED', 'WITHDRAWN'], 'it says so in its history');
    await call(op('plan.change'), { key: keys.commissioner, params: { id: withdrawn.id }, headers: { ...JSON_TYPE, 'If-Match': `"v${whole.version}"` }, body: asJson({ status: 'DRAFT', comment: 'x' }), status: 409, label: 'of a withdrawn plan' });
}

// ---- the life of a plan ----

const planTag = async (params, key = keys.commissioner) => (await send({ path: target(op('plan.get'), params), key })).headers.etag;
async function change(params, key, body, status, label, etag) {
    const match = etag ?? (await planTag(params));
    return call(op('plan.change'), { key, params, headers: { ...JSON_TYPE, 'If-Match': match }, body: asJson(body), status, label });
}

async function checkStranger(params) {
    await call(op('plan.get'), { key: keys.other, params, status: 404, label: 'by a provider to whom it is not attributed' });
    await change(params, keys.other, { what: 'x' }, 404, 'by a provider to whom it is not attributed');
    await call(op('plan.note'), { key: keys.other, params, headers: JSON_TYPE, body: asJson(exampleBody(op('plan.note'))), status: 404, label: 'by a provider to whom it is not attributed' });
    ok((await read('plans.list', {}, keys.other, { limit: '500' })).results.every((plan) => plan.id !== params.id), 'nor does that provider find it in the list');
}

async function checkPlan(plan) {
    const params = { id: plan.id }, mine = keys.provider;
    equal(plan.attributedTo, ['homerton'], `${plan.kpi} is due to one provider`);
    await checkStranger(params);
    equal((await call(op('plan.change'), { key: mine, params, headers: JSON_TYPE, body: '{}', status: 428, label: 'without If-Match' })).json?.code, 'PRECONDITION_REQUIRED', 'a change needs If-Match');
    await change(params, mine, exampleBody(op('plan.change')), 412, 'stale', '"v999"');
    await change(params, mine, exampleBody(op('plan.change')), 412, 'another version that begins so', `"v${plan.version}0"`);
    equal((await change(params, mine, { status: 'SUBMITTED' }, 422, 'submitted empty')).json?.detail, 'To submit the plan fill in: nonComplianceReason, what, how, who, when.', 'submitting names what is not filled in');
    await change(params, mine, { status: 'AGREED' }, 409, 'a step that there is not');
    equal((await change(params, mine, exampleBody(op('plan.change')), 200, 'filled in')).json?.status, 'DRAFT', 'the first words make it a draft');
    await change(params, mine, exampleBody(op('plan.change')), 412, 'with the version before', `"v${plan.version}"`);
    equal((await change(params, mine, { when: 'soon' }, 422, 'a quarter that is none')).json?.code, 'INVALID', 'when is a quarter');
    equal((await change(params, mine, { status: 'LOST' }, 422, 'a status that is none')).json?.code, 'INVALID', 'a status is one of those');
    await checkActions(params, mine);
    await change(params, mine, { who: '' }, 200, 'a field emptied');
    equal((await change(params, mine, { status: 'SUBMITTED' }, 422, 'with a field empty')).json?.code, 'MISSING_VALUE', 'every field is needed');
    equal((await change(params, mine, { who: 'The clinical lead', status: 'SUBMITTED' }, 200, 'filled in and submitted')).json?.status, 'SUBMITTED', 'it is submitted');
    await change(params, mine, { what: 'else' }, 409, 'changed after it was submitted');
    await change(params, mine, { status: 'AGREED' }, 403, 'agreed by the provider');
    await change(params, keys.commissioner, { status: 'DRAFT' }, 422, 'sent back without a comment');
    equal((await change(params, keys.commissioner, { status: 'DRAFT', comment: 'Say who leads.' }, 200, 'sent back')).json?.status, 'DRAFT', 'it is sent back');
    await change(params, mine, { who: 'The clinical lead, Dr A', status: 'SUBMITTED' }, 200, 'submitted again');
    equal((await change(params, keys.commissioner, { status: 'AGREED' }, 200, 'agreed')).json?.status, 'AGREED', 'it is agreed');
    await checkUpdates(params, mine);
    await change(params, keys.commissioner, { status: 'CLOSED' }, 422, 'closed without a comment');
    await change(params, mine, { status: 'CLOSED', comment: 'done' }, 403, 'closed by the provider');
    const closed = await change(params, keys.commissioner, { status: 'CLOSED', comment: 'contract test' }, 200, 'closed');
    const steps = closed.json?.history ?? [];
    equal(steps.filter((step) => step.from !== step.to).map((step) => step.to), ['REQUIRED', 'DRAFT', 'SUBMITTED', 'DRAFT', 'SUBMITTED', 'AGREED', 'CLOSED'], 'every step is in the history');
    equal(steps.map((step) => step.version), steps.map((_, i) => i + 1), 'each with its version');
    equal(steps.filter((step) => step.to === 'SUBMITTED' && step.from === 'DRAFT').map((step) => step.changed), [{ who: 'The clinical lead' }, { who: 'The clinical lead, Dr A' }], 'and with what changed');
    await call(op('plan.note'), { key: mine, params, headers: JSON_TYPE, body: asJson(exampleBody(op('plan.note'))), status: 409, label: 'after it was closed' });
    await act('plan.action.add', params, mine, {}, 409, 'after it was closed');
    await act('plan.action.change', params, mine, {}, 409, 'after it was closed');
    await change(params, keys.commissioner, { status: 'DRAFT', comment: 'x' }, 409, 'opened after it was closed');
    await wrongBodies(op('plan.change'), keys.commissioner, { 'If-Match': '"v1"' });
    await wrongBodies(op('plan.open'), keys.commissioner);
    await wrongBodies(op('plan.note'), keys.commissioner);
    for (const id of ['plan.action.add', 'plan.action.change']) await wrongBodies(op(id), keys.commissioner, { 'If-Match': '"v1"' });
}

async function act(id, params, key, rest, status, label, etag) {
    const match = etag ?? (await planTag(params));
    return call(op(id), { key, params, headers: { ...JSON_TYPE, 'If-Match': match }, body: asJson({ ...exampleBody(op(id)), ...rest }), status, label });
}

async function checkActions(params, key) {
    for (const id of ['plan.action.add', 'plan.action.change']) {
        await call(op(id), { key, params, headers: JSON_TYPE, body: asJson(exampleBody(op(id))), status: 428, label: 'without If-Match' });
        await act(id, params, key, {}, 412, 'stale', '"v999"');
        await act(id, params, keys.other, {}, 404, 'by a provider to whom the plan is not attributed');
    }
    const added = await act('plan.action.add', params, key, {}, 201, 'added');
    equal(added.json?.actions, [{ number: 1, ...exampleBody(op('plan.action.add')), done: null, late: false }], 'the action is in the plan');
    await act('plan.action.add', params, key, { by: 'soon' }, 422, 'by a day that is none');
    equal((await act('plan.action.change', params, key, {}, 200, 'done')).json?.actions[0].done, exampleBody(op('plan.action.change')).done, 'it is done');
    await act('plan.action.change', params, key, { done: '2999-01-01' }, 422, 'done in the future');
    await act('plan.action.change', { ...params, action: '7' }, key, {}, 404, 'an action that there is not');
    const form = await call(op('plan.get'), { key, params, headers: { Accept: 'text/html' }, status: 200, label: 'as the form' });
    ok(form.text.includes('PERFORMANCE ACTION PLAN TEMPLATE') && form.text.includes(exampleBody(op('plan.action.add')).what), 'the form has the action');
}

async function checkUpdates(params, key) {
    await call(op('plan.note'), { key, params, headers: { ...JSON_TYPE, 'If-Match': '"v999"' }, body: asJson(exampleBody(op('plan.note'))), status: 412, label: 'with a stale If-Match' });
    const etag = await planTag(params, key);
    const noted = await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson(exampleBody(op('plan.note'))), status: 201, label: 'a monthly update' });
    equal(noted.json?.updates.map(({ month, text }) => ({ month, text })), [exampleBody(op('plan.note'))], 'the update is in the plan');
    equal([noted.json?.status, noted.json?.history.at(-1).changed], ['AGREED', { update: '2026-02' }], 'and in its history');
    const after = await send({ path: target(op('plan.get'), params), key, headers: { 'If-None-Match': etag } });
    equal([after.status, after.json?.updates.length], [200, 1], 'an update changes the ETag of the plan');
    await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson({ month: 'May', text: 'x' }), status: 422, label: 'a month that is none' });
    await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson({ month: '2026-02' }), status: 422, label: 'without a text' });
}

async function checkOpening() {
    const held = new Set((await plansOf()).filter(isOpen).map((plan) => plan.kpi)), kpi = ['1.7', '1.2', '4.1', '1.1', '1.10'].find((ref) => !held.has(ref));
    const body = { ...exampleBody(op('plan.open')), kpi }, open = (rest, status, label) => call(op('plan.open'), { key: keys.commissioner, headers: JSON_TYPE, body: asJson({ ...body, ...rest }), status, label });
    const opened = await open({}, 201, `for ${kpi}`);
    equal([opened.json?.origin, opened.json?.status, opened.json?.kpi, opened.headers.location], ['HAND', 'REQUIRED', kpi, `/v1/action-plans/${opened.json?.id}`], 'a plan is opened by hand');
    await open({}, 409, 'a second one for the KPI');
    await open({ kpi: '9.9' }, 422, 'for a KPI that is none');
    await open({ openedFor: '2019-20-Q1' }, 422, 'for a year that is not rated');
    await open({ openedFor: 'Q3' }, 422, 'for a quarter that is none');
    await open({ service: 'elsewhere' }, 404, 'for another service');
    await change({ id: opened.json.id }, keys.commissioner, { status: 'CLOSED', comment: 'contract test' }, 200, 'closed');
    const named = exampleBody(op('plan.open'), 'theme');
    await open({ ...named, indicatorTitle: null }, 422, 'a theme without a name');
    await open({ ...named, attributedTo: 'nobody' }, 422, 'for a provider that is none');
    const theme = await open(named, 201, 'a theme');
    equal([theme.json?.kpi, theme.json?.kpis, theme.json?.attributedTo, theme.json?.figures.kpis.map((f) => f.ref)], [null, ['1.4', '1.9'], ['homerton', 'pharmacies'], ['1.4', '1.9']], 'a theme has its KPIs');
    await change({ id: theme.json.id }, keys.commissioner, { status: 'CLOSED', comment: 'contract test' }, 200, 'closed');
    const list = await call(op('plans.list'), { key: keys.commissioner, headers: { Accept: 'text/csv' }, status: 200, label: 'as CSV' });
    equal(list.text.split('\r\n')[0].split(',').slice(0, 4), ['id', 'kpis', 'indicatorTitle', 'status'], 'the board paper has its header');
    const summary = await read('plans.summary'), all = await plansOf();
    equal([summary.total, summary.open, summary.withdrawn, summary.recovered + summary.closedOtherwise], [all.length, all.filter(isOpen).length, all.filter((p) => p.status === 'WITHDRAWN').length, all.filter((p) => p.status === 'CLOSED').length], 'the summary counts the plans of the list');
}

// ---- lists ----

async function walk(id, key, query) {
    const all = [];
    for (let cursor, page = 0; page < 100; page++) {
        const { results, metadata } = await read(id, {}, key, { ...query, limit: '2', ...(cursor ? { cursor } : {}) });
        all.push(...results);
        if (results.length > 2 || metadata.limit !== 2) break;
        cursor = metadata.cursor;
        if (!cursor) return { all, total: metadata.total };
    }
    return { all, total: -1 };
}

async function checkLists() {
    const all = await plansOf();
    for (const [name, values, pick] of [
        ['status', ['REQUIRED', 'DRAFT', 'SUBMITTED', 'AGREED', 'CLOSED', 'WITHDRAWN'], (plan) => plan.status], ['kpi', new Set(all.map((plan) => plan.kpi).filter(Boolean)), (plan, value) => plan.kpis.find((kpi) => kpi === value)],
        ['openedFor', new Set(all.map((plan) => plan.openedFor)), (plan) => plan.openedFor], ['overdue', ['true', 'false'], (plan) => String(plan.overdue)], ['service', [SERVICE], (plan) => plan.service],
    ]) for (const value of values) equal((await plansOf({ [name]: value })).map((plan) => plan.id), all.filter((plan) => pick(plan, value) === value).map((plan) => plan.id), `plans.list: ${name}=${value}`);
    const paged = await walk('plans.list', keys.commissioner, {});
    equal([paged.total, paged.all.map((plan) => plan.id)], [all.length, all.map((plan) => plan.id)], 'plans.list: two by two, all of them once');
    for (const key of [keys.provider, keys.other]) {
        const who = key === keys.provider ? 'homerton' : 'pharmacies';
        equal((await walk('plans.list', key, {})).all.map((plan) => plan.id), all.filter((plan) => plan.attributedTo.includes(who)).map((plan) => plan.id), `plans.list: ${who} sees those attributed to it`);
    }
    const returns = (await read('returns.list', {}, keys.commissioner, { limit: '500' })).results, head = (r) => `${r.provider} ${r.period}`;
    for (const status of ['OPEN', 'SUBMITTED', 'LOCKED'])
        equal((await read('returns.list', {}, keys.checker, { status, limit: '500' })).results.map(head), returns.filter((r) => r.status === status).map(head), `returns.list: status=${status}`);
    equal((await walk('returns.list', keys.provider, {})).all.map(head), returns.filter((r) => r.provider === 'homerton').map(head), 'returns.list: a provider pages through its own');
}

export async function checkChain() {
    await checkLock();
    await checkMissing();
    const plans = await checkFinal();
    const due = plans.filter((plan) => plan.attributedTo.join() === 'homerton' && ['1.4', '1.6', '1.9', '1.13'].includes(plan.kpi));
    if (!ok(due.length >= 2, 'two of the new plans are due to homerton alone', plans.map((plan) => `${plan.kpi} ${plan.attributedTo}`).join('\n'))) return;
    for (const plan of plans) await checkFrozen(plan);
    await checkPlan(due[0]);
    await checkOpening();
    await checkLists();
    await checkCorrection(due[1]);
    for (const plan of (await plansOf({ openedFor: FINAL })).filter(isOpen)) await change({ id: plan.id }, keys.commissioner, { status: 'CLOSED', comment: 'contract test' }, 200, `of ${plan.kpi}, after the test`);
    await period('period.lock', FINAL, { reason: 'contract test' }, 200, 'after the test');
    note(`the chain ran on ${FINAL}`);
}
