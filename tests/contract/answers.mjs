// Every operation with every key, every parameter and the usual mistakes; each answer is held against the document.
import { choosePlan, exampleBody } from './chain.mjs';
import { call, equal, example, follow, keys, live, neededHeaders, ok, operations, send, target } from './lib.mjs';

const ROLES = ['admin', 'commissioner', 'checker', 'provider', 'feed'];
const mayAsk = (operation) => (operation['x-roles'] ? keys[operation['x-roles'][0]] : undefined);
const isRead = (operation) => operation.method === 'GET';

// Each service numbers its own snapshots, and the first key is of no service; what is compared came after the sample's first snapshot.
const NOT_ALONE = { 'completeness.list snapshot': 400, 'national.reconciliation snapshot': 404 };

// A read for each role that may, also with each optional parameter alone.
async function good(operation) {
    for (const role of operation['x-roles'] ?? ['nobody']) {
        const params = operation.pattern.includes('{webhook}') ? { webhook: live.get(`webhook of ${role}`) } : {}; // each has its own
        const answer = await call(operation, { key: keys[role], params, status: 200, label: `as ${role}` });
        await conditional(operation, keys[role], answer, role, params);
    }
    for (const parameter of operation.parameters.filter((p) => p.in === 'query')) {
        const value = parameter.name === 'knownAt' ? new Date().toISOString() : example(parameter); // before the sample was loaded nothing is known
        const params = operation.id === 'feed.get' && ['measure', 'by'].includes(parameter.name) ? { feed: 'breakdowns' } : {}; // which alone takes them
        const status = NOT_ALONE[`${operation.id} ${parameter.name}`] ?? 200;
        await call(operation, { key: mayAsk(operation), params, query: { [parameter.name]: value }, status, label: `?${parameter.name}=${value}` });
    }
}

async function conditional(operation, key, first, role, params) {
    const etag = first.headers.etag;
    if (!operation.responses['304']) return void ok(!etag, `${operation.id}: no ETag where no 304 is documented`, etag);
    await call(operation, { key, params, headers: { 'If-None-Match': etag }, status: 304, label: `unchanged, as ${role}` });
    await call(operation, { key, params, headers: { 'If-None-Match': `"x", W/${etag}` }, status: 304, label: `unchanged, in a list, as ${role}` });
    await call(operation, { key, params, headers: { 'If-None-Match': '"other"' }, status: 200, label: `changed, as ${role}` });
    await call(operation, { key, params, headers: { 'If-Modified-Since': new Date().toUTCString() }, status: 200, label: 'If-Modified-Since says nothing' });
}

async function head(operation) {
    const request = { path: target(operation), key: mayAsk(operation), headers: neededHeaders(operation) };
    const [get, got] = [await send(request), await send({ ...request, method: 'HEAD' })];
    equal([got.status, got.headers.etag, got.type, got.bytes.length], [get.status, get.headers.etag, get.type, 0], `${operation.id}: HEAD is GET without the body`);
}

async function otherMethods(pattern, known) {
    const [first] = known, path = target(first);
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH', 'PUT', 'OPTIONS']) {
        if (known.some((o) => o.method === method)) continue;
        const answer = await send({ method, path, key: mayAsk(first) });
        equal([answer.status, answer.json?.code], [405, 'METHOD_NOT_ALLOWED'], `${method} ${pattern}: 405`);
        const allow = (answer.headers.allow ?? '').split(/,\s*/);
        ok(known.every((o) => allow.includes(o.method)), `${method} ${pattern}: Allow names the others`, answer.headers.allow);
    }
}

async function wrongKeys(operation) {
    const roles = operation['x-roles'];
    if (!roles) return;
    for (const [key, label] of [[undefined, 'no key'], ['nonsense', 'a key that is none'], [`${keys.provider}x`, 'a longer key'], [keys.provider.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')), 'a changed key']])
        await call(operation, { key, status: 401, label });
    const headers = { Authorization: `Basic ${Buffer.from(`x:${keys.commissioner}`).toString('base64')}` };
    await call(operation, { headers, status: roles.includes('feed') ? 200 : 401, label: 'Basic' });
    for (const role of ROLES) if (!roles.includes(role)) await call(operation, { key: keys[role], status: 403, label: `as ${role}` });
}

// Another provider's return is a 404, as is everything that does not exist.
async function missing(operation) {
    const body = exampleBody(operation), json = operation.id === 'part.put' || !body ? {} : {
        headers: { 'Content-Type': 'application/json', 'If-Match': '"v1"' }, body: JSON.stringify(body),
    };
    for (const parameter of operation.parameters.filter((p) => p.in === 'path')) {
        if (operation.id === 'provider.put' && parameter.name === 'provider') continue; // makes it
        const wrong = { period: ['2025-26-Q5', '2016-17-Q1', '2025-27-Q1', 'Q3'], part: ['episode', 'nothing'], year: ['2025-27', '2025-26-Q1', '2022-23', 'x'] }[parameter.name] ?? ['nobody'];
        for (const value of wrong) {
            const answer = await call(operation, { key: mayAsk(operation), params: { [parameter.name]: value }, ...json, status: 404, label: `${parameter.name} ${value}` });
            equal(answer.json?.code, 'NOT_FOUND', `${operation.id}: ${parameter.name} ${value}: NOT_FOUND`);
        }
    }
    if (operation.parameters.some((p) => p.in === 'path' && p.name === 'provider') && operation['x-roles'].includes('provider'))
        await call(operation, { key: keys.other, status: 404, label: "another provider's" });
    if (operation.parameters.some((p) => p.in === 'query' && p.name === 'service'))
        for (const role of operation['x-roles'].filter((r) => r !== 'checker'))
            await call(operation, { key: keys[role], query: { service: 'elsewhere' }, status: 404, label: `another service, as ${role}` });
    if (operation.id === 'dashboard.get' || operation.id === 'returns.list')
        await call(operation, { key: keys.other, query: { provider: 'homerton' }, status: 404, label: "another provider's figures" });
}

const WRONG_VALUES = {
    after: ['x', '', '-1', '9223372036854775807'], types: ['PLAN_OPENED', '', 'PERIOD_FINAL,'],
    limit: ['0', '501', 'x', '-1', ''], cursor: ['x', ''], openedFor: ['2025-26', 'x'], overdue: ['maybe'], late: ['maybe'], year: ['2025-27', '2016-17', 'x'], prefill: ['all', ''], format: ['xml', ''], ready: ['maybe'], edition: ['a b', ''], version: ['0', 'x', '99999999999'], from: ['0', 'x', '99999999999'], to: ['0', 'x', '99999999999'], period: ['2025-26', 'x'], status: ['LATE', 'open'], role: ['KING', ''], state: ['LOST', ''],
    dryRun: ['maybe'], guide: ['2'], asAt: ['2026-02-30', '20/02/2026', 'x'], knownAt: ['2026-02-20', 'yesterday'], localAuthority: ['Hackny', 'E12000007', ''],
    measure: ['quits', ''], by: ['', 'colour', 'gender,gender', 'gender,ageBand,nssec', 'source'], disclosure: ['all', ''],
    view: ['YEAR', 'quarter'], standing: ['IN', ''], reason: ['because', ''], from: ['2025-26', 'x'], to: ['2025-26', 'x'],
};
async function wrongParameters(operation) {
    const key = mayAsk(operation);
    const answer = await call(operation, { key, query: { nonsense: '1' }, status: 400, label: 'an unknown parameter' });
    equal(answer.json?.code, 'UNKNOWN_PARAMETER', `${operation.id}: UNKNOWN_PARAMETER`);
    for (const parameter of operation.parameters.filter((p) => p.in === 'query')) {
        const near = await call(operation, { key, query: { [`${parameter.name}s`]: '1' }, status: 400, label: `mistyped ${parameter.name}` });
        ok(near.json?.detail.includes(`"${parameter.name}"`), `${operation.id}: the nearest of ${parameter.name}s is named`, near.json?.detail);
        const isFreeText = /^(part|subject)\./.test(operation.id) && parameter.name === 'reason'; // somebody's own words, not one of a list
        for (const value of isFreeText ? [] : WRONG_VALUES[parameter.name] ?? []) {
            const wrong = await call(operation, { key, query: { [parameter.name]: value }, status: 400, label: `?${parameter.name}=${value}` });
            equal(wrong.json?.code, 'BAD_PARAMETER', `${operation.id}: ?${parameter.name}=${value}: BAD_PARAMETER`);
        }
        const once = `${parameter.name}=${encodeURIComponent(example(parameter))}`, address = target(operation), twice = `${address}${address.includes('?') ? '&' : '?'}${once}&${once}`;
        const answer2 = await send({ method: operation.method, path: twice, key });
        equal(answer2.status, 400, `${operation.id}: ${parameter.name} twice`);
    }
}

async function negotiation(operation) {
    const types = Object.keys(follow(operation.responses['200']).content ?? {});
    if (!operation.responses['406']) {
        const answer = await send({ path: target(operation), key: mayAsk(operation), headers: { ...neededHeaders(operation), Accept: 'application/xml' } });
        return void equal(answer.status, 200, `${operation.id}: has one representation, whatever Accept says`);
    }
    for (const type of types) {
        const answer = await call(operation, { key: mayAsk(operation), headers: { Accept: type }, status: 200, label: `Accept: ${type}` });
        equal(answer.type, type, `${operation.id}: Accept: ${type} gives it`);
    }
    for (const accept of ['application/xml', 'text/csv;q=0, application/json;q=0'])
        await call(operation, { key: mayAsk(operation), headers: { Accept: accept }, status: 406, label: `Accept: ${accept}` });
}

async function bodyWhereNoneBelongs(operation) {
    await call(operation, { key: mayAsk(operation), headers: { 'Content-Type': 'application/json', 'Content-Length': '2' }, body: '{}', status: 400, label: 'a body where none belongs' });
}

async function withoutNeededHeaders(operation) {
    for (const name of Object.keys(neededHeaders(operation)))
        await call(operation, { key: mayAsk(operation), headers: { [name]: '' }, status: 422, label: `without ${name}` });
}

async function correlation() {
    const made = await send({ path: '/v1' });
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(made.headers['x-correlation-id']), 'an id is made where none was sent', made.headers['x-correlation-id']);
    const bad = await send({ path: '/v1', headers: { 'X-Correlation-ID': 'no good <id>' } });
    ok(bad.headers['x-correlation-id'] !== 'no good <id>', 'an id that cannot go into a log is replaced');
}

async function elsewhere() {
    for (const path of ['/', '/v2', '/v1/', '/v1/nothing', '/v1/returns/', '/health', '/favicon.ico']) {
        const answer = await send({ path });
        equal([answer.status, answer.type, answer.json?.code], [404, 'application/problem+json', 'NOT_FOUND'], `GET ${path}: 404`);
    }
    for (const path of ['/v1/returns/%00', '/v1/../v1', '/v1//returns', '/v1/returns/a%2fb/c/2025-26-Q1']) {
        const answer = await send({ path, key: keys.commissioner });
        ok([400, 404].includes(answer.status) && answer.json?.status === answer.status, `GET ${path}: refused in words`, `${answer.status} ${answer.text}`);
    }
}

// The server's own limits, and beyond them the library's pages, as the document's description says.
async function tooLarge() {
    const path = (n) => ({ path: `/v1/${'a'.repeat(n)}` }), header = (n) => ({ path: '/v1', headers: { 'X-Long': 'a'.repeat(n) } });
    for (const [request, status, code] of [[path(3000), 404, 'NOT_FOUND'], [path(9000), 414, 'URI_TOO_LONG'], [header(20000), 431, 'HEADERS_TOO_LARGE']]) {
        const answer = await send(request);
        equal([answer.status, answer.type, answer.json?.code], [status, 'application/problem+json', code], `${code}: ${status}`);
    }
    for (const [request, status] of [[path(60000), 414], [header(60000), 431]]) {
        const answer = await send(request);
        equal([answer.status, answer.type, answer.headers['x-correlation-id']], [status, '', undefined], `the library's ${status} has no type and no id`);
        ok(answer.text.startsWith('<html>'), `the library's ${status} is a page`, answer.text.slice(0, 100));
    }
}

export async function checkAnswers() {
    await choosePlan();
    const byPattern = new Map();
    for (const operation of operations.values()) {
        byPattern.set(operation.pattern, [...(byPattern.get(operation.pattern) ?? []), operation]);
        await wrongKeys(operation);
        await missing(operation);
        await wrongParameters(operation);
        if (!isRead(operation)) continue;
        await good(operation);
        await head(operation);
        await negotiation(operation);
        await bodyWhereNoneBelongs(operation);
        await withoutNeededHeaders(operation);
    }
    for (const [pattern, known] of byPattern) await otherMethods(pattern, known);
    await correlation();
    await elsewhere();
    await tooLarge();
}
