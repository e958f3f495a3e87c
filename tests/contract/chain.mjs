// The chain after the upload: sign-off, final and locked periods, action plans. Works on plans of its own, opened by hand and closed at
// the end, so that a second run finds the ground as it was.
import { call, equal, follow, keys, live, ok, operations, send, target } from './lib.mjs';

const op = (id) => operations.get(id);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const asJson = (value) => JSON.stringify(value);
export const exampleBody = (operation) => Object.values(operation.requestBody?.content?.['application/json']?.examples ?? {}).map((e) => follow(e).value)[0];

// Before the answers of plans can be asked for there must be one: the sample's last quarter becomes final.
export async function makePlans() {
    const params = { period: '2025-26-Q3' };
    const final = await call(op('period.final'), { key: keys.commissioner, params, headers: JSON_TYPE, body: asJson(exampleBody(op('period.final'))), status: 200, label: 'the sample quarter' });
    equal([final.json?.final, typeof final.json?.finalAt], [true, 'string'], 'a period becomes final');
    const again = await call(op('period.final'), { key: keys.commissioner, params, status: 200, label: 'without a body, again' });
    equal([again.json?.finalAt, again.json?.plans], [final.json?.finalAt, []], 'a period becomes final once');
    const list = await send({ path: target(op('plans.list'), {}, { openedFor: '2025-26-Q3' }), key: keys.provider });
    const reds = (await send({ path: target(op('dashboard.get')), key: keys.commissioner })).json.kpis.filter((kpi) => kpi.rag === 'RED').map((kpi) => kpi.ref);
    equal(list.json?.results.filter((plan) => plan.origin === 'RED').map((plan) => plan.kpi).sort(), reds.sort(), 'every red has its plan');
    live.set('id', list.json?.results[0]?.id);
}

async function wrongBodies(operation, key, extra = {}) {
    const put = (status, label, rest) => call(operation, { key, headers: { ...JSON_TYPE, ...extra }, status, label, ...rest });
    await put(400, 'broken JSON', { body: '{"reason":' });
    await put(400, 'a repeated member', { body: '{"reason":"a","reason":"b"}' });
    await put(422, 'an unknown member', { body: '{"nonsense":"x"}' });
    await put(422, 'a list', { body: '[]' });
    await put(422, 'a number for a text', { body: asJson(Object.fromEntries(Object.keys(exampleBody(operation)).map((name) => [name, 1]))) });
    await put(415, 'text/csv', { headers: { ...extra, 'Content-Type': 'text/csv' }, body: 'a' });
    await put(413, 'a body over 1 MiB', { declared: String(2 ** 21) });
}

async function checkLock() {
    const params = { period: '2024-25-Q1' }, put = op('part.put'), csv = { 'Content-Type': 'text/csv' };
    const lock = (id, body, status, label) => call(op(id), { key: keys.commissioner, params, headers: JSON_TYPE, body: asJson(body), status, label });
    equal((await lock('period.lock', { reason: 'contract test' }, 200, 'with a reason')).json?.locked, true, 'a period is locked');
    const refused = await call(put, { key: keys.provider, params, headers: csv, body: 'episodeId\n', status: 409, label: 'into a locked period' });
    equal(refused.json?.code, 'PERIOD_LOCKED', 'a locked period takes nothing');
    const status = await send({ path: target(op('return.get'), params), key: keys.provider });
    equal(status.json?.status, 'LOCKED', 'its returns are LOCKED');
    equal((await call(op('return.submit'), { key: keys.provider, params, status: 409, label: 'of a locked period' })).json?.code, 'PERIOD_LOCKED', 'nor can it be signed');
    equal((await lock('period.unlock', {}, 422, 'without a reason')).json?.code, 'MISSING_VALUE', 'unlocking needs a reason');
    equal((await lock('period.unlock', { reason: 'contract test' }, 200, 'with a reason')).json?.locked, false, 'a period is unlocked');
    for (const id of ['period.final', 'period.lock', 'period.unlock']) await wrongBodies(op(id), keys.commissioner);
}

// A quarter of 2023-24, for which the sample has nothing: every missing part is sent as a nil return, if it can be sent.
async function checkSubmission() {
    const params = { period: '2023-24-Q2' }, submit = (status, label) => call(op('return.submit'), { key: keys.provider, params, status, label });
    const missing = (await send({ path: target(op('return.get'), params), key: keys.provider })).json.missingParts;
    if (missing.length) equal((await submit(409, 'with parts missing')).json?.missingParts, missing, 'the missing parts are listed');
    for (const part of missing) {
        const template = await send({ path: `/v1/templates/${part}`, key: keys.provider });
        if (template.status === 200)
            await send({ method: 'PUT', path: target(op('part.put'), { ...params, part }), key: keys.provider, headers: { 'Content-Type': 'text/csv' }, body: template.text });
    }
    const left = (await send({ path: target(op('return.get'), params), key: keys.provider })).json.missingParts;
    if (left.length) return void live.set('return.submit 200', `these parts cannot be sent: ${left.join(', ')}`);
    const signed = await submit(200, 'with all parts');
    equal(signed.json?.return.status, 'SUBMITTED', 'the return is signed off');
    equal((await submit(200, 'again')).json?.return.signOff?.at, signed.json?.return.signOff?.at, 'signing again changes nothing');
    const csv = { 'Content-Type': 'text/csv' }, body = 'episodeId,stage,date,outcome\n\n';
    const reasonless = await call(op('part.put'), { key: keys.provider, params: { ...params, part: 'follow-ups' }, headers: csv, body, status: 422, label: 'after sign-off without a reason' });
    equal(reasonless.json?.code, 'MISSING_VALUE', 'a correction after sign-off needs a reason');
}

async function openOne() {
    const open = new Set((await send({ path: target(op('plans.list'), {}, { limit: '500' }), key: keys.commissioner })).json.results
        .filter((plan) => !['CLOSED', 'WITHDRAWN'].includes(plan.status)).map((plan) => plan.kpi));
    const kpi = ['1.7', '1.2', '1.13', '4.1', '1.14'].find((ref) => !open.has(ref));
    const body = { ...exampleBody(op('plan.open')), kpi };
    const opened = await call(op('plan.open'), { key: keys.commissioner, headers: JSON_TYPE, body: asJson(body), status: 201, label: `for ${kpi}` });
    equal([opened.json?.origin, opened.json?.status, opened.json?.kpi, opened.headers.location], ['HAND', 'REQUIRED', kpi, `/v1/action-plans/${opened.json?.id}`], 'a plan is opened by hand');
    await call(op('plan.open'), { key: keys.commissioner, headers: JSON_TYPE, body: asJson(body), status: 409, label: 'a second one for the KPI' });
    await call(op('plan.open'), { key: keys.commissioner, headers: JSON_TYPE, body: asJson({ ...body, kpi: '9.9' }), status: 422, label: 'for a KPI that is none' });
    await call(op('plan.open'), { key: keys.commissioner, headers: JSON_TYPE, body: asJson({ ...body, service: 'elsewhere' }), status: 404, label: 'for another service' });
    return opened.json.id;
}

async function checkPlan() {
    const params = { id: await openOne() }, attributed = keys.provider;
    const read = (key = keys.commissioner) => send({ path: target(op('plan.get'), params), key });
    const change = async (key, body, status, label, etag) => call(op('plan.change'), {
        key, params, headers: { ...JSON_TYPE, 'If-Match': etag ?? (await read()).headers.etag }, body: asJson(body), status, label,
    });
    const first = await read(attributed);
    ok(first.status === 200, 'a provider to whom it is attributed reads it', first.text.slice(0, 300));
    equal((await call(op('plan.change'), { key: attributed, params, headers: JSON_TYPE, body: '{}', status: 428, label: 'without If-Match' })).json?.code, 'PRECONDITION_REQUIRED', 'a change needs If-Match');
    await change(attributed, exampleBody(op('plan.change')), 412, 'stale', '"v999"');
    equal((await change(attributed, { status: 'SUBMITTED' }, 422, 'submitted empty')).json?.code, 'MISSING_VALUE', 'submitting needs the form filled in');
    equal((await change(attributed, exampleBody(op('plan.change')), 200, 'filled in')).json?.status, 'DRAFT', 'the first words make it a draft');
    equal((await change(attributed, { when: 'soon' }, 422, 'a quarter that is none')).json?.code, 'INVALID', 'when is a quarter');
    equal((await change(attributed, { status: 'SUBMITTED' }, 200, 'submitted')).json?.status, 'SUBMITTED', 'it is submitted');
    await change(attributed, { what: 'else' }, 409, 'changed after it was submitted');
    await change(attributed, { status: 'AGREED' }, 403, 'agreed by the provider');
    await change(keys.commissioner, { status: 'DRAFT' }, 422, 'sent back without a comment');
    equal((await change(keys.commissioner, { status: 'DRAFT', comment: 'Say who leads.' }, 200, 'sent back')).json?.status, 'DRAFT', 'it is sent back');
    await change(attributed, { who: 'The clinical lead', status: 'SUBMITTED' }, 200, 'submitted again');
    equal((await change(keys.commissioner, { status: 'AGREED' }, 200, 'agreed')).json?.status, 'AGREED', 'it is agreed');
    await checkUpdates(params, attributed, read);
    const closed = await change(keys.commissioner, { status: 'CLOSED', comment: 'contract test' }, 200, 'closed');
    equal(closed.json?.history.map((step) => step.to), ['REQUIRED', 'DRAFT', 'SUBMITTED', 'DRAFT', 'SUBMITTED', 'AGREED', 'CLOSED'], 'every step is in the history');
    await call(op('plan.note'), { key: attributed, params, headers: JSON_TYPE, body: asJson(exampleBody(op('plan.note'))), status: 409, label: 'after it was closed' });
    await wrongBodies(op('plan.change'), keys.commissioner, { 'If-Match': '"v1"' });
    await wrongBodies(op('plan.open'), keys.commissioner);
    await wrongBodies(op('plan.note'), keys.commissioner);
}

async function checkUpdates(params, key, read) {
    const before = await read(key);
    const noted = await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson(exampleBody(op('plan.note'))), status: 201, label: 'a monthly update' });
    equal(noted.json?.updates.length, 1, 'the update is in the plan');
    const after = await send({ path: target(op('plan.get'), params), key, headers: { 'If-None-Match': before.headers.etag } });
    equal([after.status, after.json?.updates.length], [200, 1], 'an update changes the ETag of the plan');
    await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson({ month: 'May', text: 'x' }), status: 422, label: 'a month that is none' });
    await call(op('plan.note'), { key, params, headers: JSON_TYPE, body: asJson({ month: '2026-02' }), status: 422, label: 'without a text' });
}

async function checkSubmissionBodies() {
    const submit = op('return.submit'), rest = { key: keys.provider, params: { period: '2023-24-Q1' } };
    await call(submit, { ...rest, headers: { 'Content-Type': 'text/csv' }, body: 'a', status: 415, label: 'text/csv' });
    await call(submit, { ...rest, headers: JSON_TYPE, declared: String(2 ** 21), status: 413, label: 'a body over 1 MiB' });
}

export async function checkChain() {
    await checkLock();
    await checkSubmission();
    await checkSubmissionBodies();
    await checkPlan();
}
