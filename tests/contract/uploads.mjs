// Uploads: every example of the document that is a request is sent as its x-send says; then the refusals of an upload. Uses 2025-26-Q4,
// for which the sample has no return, and leaves its last good version there; a second run finds the same bytes.
import { call, document, equal, follow, keys, misfit, ok, operations, running, send, target } from './lib.mjs';
import { periodText } from './oracle.mjs';

const put = () => operations.get('part.put');
const PARAMS = { provider: 'homerton', period: '2025-26-Q4', part: 'episodes' };
const CSV = { 'Content-Type': 'text/csv' }, JSON_TYPE = { 'Content-Type': 'application/json' };
const HEADER = 'episodeId,clientId,localAuthority,quitDate,ageAtQuitDate';
const ROW = 'E-1,C-1,Hackney,2026-01-05,43';

async function sendExample(name, type, example) {
    const { provider, period, part, query, statuses, findings } = example['x-send'];
    const body = typeof example.value === 'string' ? example.value : JSON.stringify(example.value);
    const answer = await send({
        method: 'PUT', path: target(put(), { provider, period, part }, query), key: running.keys.providers[provider],
        headers: { 'Content-Type': type }, body,
    });
    const label = `example ${name}, sent`;
    const wrong = misfit(follow(put().responses[answer.status])?.content?.[answer.type]?.schema ?? { not: {} }, answer.json);
    ok(statuses.includes(answer.status) && !wrong, `${label}: ${answer.status}`, `${wrong}\n${answer.text.slice(0, 1500)}`);
    if (findings) equal(answer.json?.errors?.map((f) => `${f.row} ${f.column} ${f.code}`), findings, `${label}: what is found`);
    return answer;
}

async function checkExamples() {
    for (const [type, media] of Object.entries(put().requestBody.content)) {
        for (const [name, raw] of Object.entries(media.examples)) {
            const example = follow(raw);
            if (ok(example['x-send'], `example ${name} says where it is sent`)) await sendExample(name, type, example);
        }
    }
}

const upload = (status, label, rest = {}) =>
    call(put(), { key: keys.provider, params: PARAMS, headers: CSV, body: `${HEADER}\n${ROW}\n`, query: { dryRun: 'true' }, status, label, ...rest });

async function checkDryRun() {
    const before = await send({ path: target(operations.get('part.get'), PARAMS), key: keys.provider });
    const dry = await upload(200, 'a dry run');
    equal([dry.json.dryRun, dry.json.stored, dry.json.rows], [true, false, 1], 'a dry run says so');
    const after = await send({ path: target(operations.get('part.get'), PARAMS), key: keys.provider });
    equal([after.status, after.headers.etag], [before.status, before.headers.etag], 'a dry run stores nothing');
    return after.headers.etag;
}

async function checkMalformed() {
    for (const [label, body] of [
        ['an empty body', ''], ['an open quote', `${HEADER}\n"E-1,C-1\n`], ['a NUL', `${HEADER}\n${ROW}\0\n`],
        ['text after a closing quote', `${HEADER}\n"E-1"x,C-1,Hackney,2026-01-05,43\n`],
    ]) {
        const answer = await upload(400, label, { body });
        equal(answer.json.code, 'MALFORMED', `${label}: MALFORMED`);
    }
    for (const [label, body] of [
        ['broken JSON', '{"rows":['], ['a repeated key', '{"rows":[],"rows":[]}'], ['deep nesting', `{"rows":${'['.repeat(40)}${']'.repeat(40)}}`],
        ['text after JSON', '{"rows":[]} x'],
    ]) {
        const answer = await upload(400, label, { headers: JSON_TYPE, body });
        equal(answer.json.code, 'MALFORMED', `${label}: MALFORMED`);
    }
}

async function checkRefusals() {
    const refused = await upload(422, 'a row with errors', { body: `${HEADER}\nE 1,C-1,Atlantis,2025-12-01,x\n` });
    equal(refused.json.errors.map((f) => `${f.row} ${f.line} ${f.column} ${f.code} ${f.severity}`),
        ['1 2 episodeId BAD_ID ERROR', '1 2 localAuthority UNKNOWN_CODE ERROR', '1 2 quitDate OUTSIDE_PERIOD ERROR', '1 2 ageAtQuitDate BAD_NUMBER ERROR'],
        'every error of the row is there, in column order');
    equal([refused.json.errorCount, refused.json.warningCount, refused.json.truncated, refused.json.rows], [4, 0, false, 1], 'the counts are exact');
    ok(refused.json.errors.every((f) => f.detail && f.fix), 'each says what is wrong and what to do');

    const list = await upload(422, 'as CSV', { body: `${HEADER}\nE 1,C-1,Atlantis,2025-12-01,x\n`, headers: { ...CSV, Accept: 'text/csv' } });
    equal([list.type, list.text.trim().split(/\r?\n/).length], ['text/csv', 5], 'the list as CSV: a header and four lines');

    const many = await upload(422, 'more than the list holds', { body: `${HEADER}\n${'E-1,C-1,Hackney,2026-01-05,x\n'.repeat(1200)}` });
    equal([many.json.errors.length, many.json.truncated, many.json.errorCount], [1000, true, 1200 + 1199], 'a thousand are kept, all are counted');

    const noRows = await upload(422, 'JSON without rows', { headers: JSON_TYPE, body: '{"row":[]}' });
    equal(noRows.json.errors.filter((f) => f.severity === 'ERROR').map((f) => `${f.row} ${f.code}`), ['0 MISSING_VALUE'], 'JSON without rows: MISSING_VALUE in row 0');
    const type = await upload(422, 'a wrong type in JSON', { headers: JSON_TYPE, body: JSON.stringify({ rows: [{ episodeId: {}, clientId: 'C-1', localAuthority: 'Hackney', quitDate: '2026-01-05', ageAtQuitDate: 43 }] }) });
    equal(type.json.errors.map((f) => `${f.row} ${f.column} ${f.code}`), ['1 episodeId WRONG_TYPE'], 'a wrong type in JSON: WRONG_TYPE');
}

async function checkConditions(etag) {
    const stale = await upload(412, 'a stale If-Match', { headers: { ...CSV, 'If-Match': '"v99999"' } });
    equal(stale.json.code, 'STALE', 'a stale If-Match: STALE');
    await upload(200, 'the right If-Match', { headers: { ...CSV, 'If-Match': etag } });
    await upload(200, 'If-Match: *', { headers: { ...CSV, 'If-Match': '*' } });
    await upload(412, 'If-Match where nothing is', { params: { ...PARAMS, period: '2026-27-Q4' }, headers: { ...CSV, 'If-Match': '*' } });
}

async function checkTypes() {
    for (const type of ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml'])
        await upload(415, type, { headers: { 'Content-Type': type } });
    await upload(415, 'gzip', { headers: { ...CSV, 'Content-Encoding': 'gzip' } });
    await upload(406, 'Accept: application/xml', { headers: { ...CSV, Accept: 'application/xml' } });
    await upload(200, 'no Content-Type, CSV', { headers: {} });
    await upload(200, 'no Content-Type, JSON', { headers: {}, body: '{"rows":[]}' });
    await upload(200, 'Content-Type with charset', { headers: { 'Content-Type': 'Text/CSV; charset=UTF-8' } });
    const large = await call(put(), { key: keys.provider, params: PARAMS, headers: CSV, declared: String(2 ** 40), status: 413, label: 'a body over the cap' });
    equal(large.json?.code, 'BODY_TOO_LARGE', 'a body over the cap: BODY_TOO_LARGE');
}

// What the service says of itself after all this: rows read back go in again, the history names the versions.
async function checkRoundTrip() {
    const get = operations.get('part.get');
    const csv = await call(get, { key: keys.provider, params: PARAMS, headers: { Accept: 'text/csv' }, status: 200, label: 'read back as CSV' });
    const again = await upload(200, 'what was read back, as CSV', { body: csv.text });
    equal([again.json.updated, again.json.created, again.json.removed], [0, 0, 0], 'what was read back is unchanged');
    const json = await call(get, { key: keys.provider, params: PARAMS, headers: { Accept: 'application/json' }, status: 200, label: 'read back as JSON' });
    const asJson = await upload(200, 'what was read back, as JSON', { headers: JSON_TYPE, body: JSON.stringify({ rows: json.json.rows }) });
    equal([asJson.json.updated, asJson.json.created, asJson.json.removed], [0, 0, 0], 'what was read back as JSON is unchanged');
    ok(csv.headers.etag === json.headers.etag, 'one ETag in both representations');
    const rowSchema = document.components.schemas.EpisodesRow;
    for (const row of json.json.rows.slice(0, 20)) {
        const wrong = misfit({ ...rowSchema, $ref: undefined }, row);
        if (!ok(!wrong, 'a row read back fits the schema of rows', wrong)) break;
    }
}

// A first version is a 201 once: a nil return for the next far-off period for which nothing was sent yet.
async function checkFirstVersion() {
    for (let p = 2031 * 4; ; p++) {
        const params = { ...PARAMS, period: periodText(p), part: 'follow-ups' };
        const before = await send({ path: target(operations.get('part.get'), params), key: keys.provider });
        if (before.status !== 404) continue;
        const request = { params, query: { reason: 'contract test' }, body: 'episodeId,stage,date,outcome\r\n' };
        const first = await upload(201, 'a first version', request);
        equal([first.json.version, first.json.stored, first.json.rows, first.headers.location], [1, true, 0, target(put(), params)], 'a first version says so');
        const same = await upload(200, 'the same bytes again', request);
        equal([same.json.version, same.json.stored], [1, false], 'the same bytes write nothing');
        return;
    }
}

export async function checkUploads() {
    await checkExamples();
    await checkFirstVersion();
    const etag = await checkDryRun();
    await checkMalformed();
    await checkRefusals();
    await checkConditions(etag);
    await checkTypes();
    await checkRoundTrip();
}
