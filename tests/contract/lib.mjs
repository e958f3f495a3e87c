// lib: what the contract tests share: the document, a client over TLS that trusts only the service's own CA, the answers held against
// the document, and TAP-like output.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import YAML from 'yaml';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const file = (name) => path.join(ROOT, name);
export const text = (name) => fs.readFileSync(file(name), 'utf8');
export const BINARY = process.env.QUARTERDAY_TEST_BINARY ?? process.env.QUARTERDAY_BINARY ?? file('build/quarterday');
// Without the settings of whoever runs the tests: the program refuses those that it does not know.
export const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('QUARTERDAY_')));
export const program = (...args) => execFileSync(BINARY, args, { encoding: 'utf8', maxBuffer: 1 << 26, env: environment });

// ---- TAP-like output ----

let passed = 0, failed = 0;
export function ok(condition, label, why = '') {
    if (condition) {
        passed++;
        console.log(`ok ${passed + failed} - ${label}`);
        return true;
    }
    failed++;
    console.log(`not ok ${passed + failed} - ${label}`);
    for (const line of String(why).slice(0, 3000).split('\n')) if (line) console.log(`#   ${line}`);
    return false;
}
export const note = (line) => console.log(`# ${line}`);
export function equal(have, want, label) {
    return ok(JSON.stringify(have) === JSON.stringify(want), label, `have ${JSON.stringify(have)}\nwant ${JSON.stringify(want)}`);
}
export async function attempt(label, work) {
    try {
        return await work();
    } catch (error) {
        ok(false, label, error.stack);
        return undefined;
    }
}
export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed ? 1 : 0;
}

// ---- the document ----

export const OPENAPI_FILE = 'openapi/openapi.yaml';
export const document = YAML.parse(text(OPENAPI_FILE), { schema: 'core' });

export function follow(node) {
    while (node?.$ref) {
        node = node.$ref.slice(2).split('/').reduce((at, key) => at[key.replace(/~1/g, '/').replace(/~0/g, '~')], document);
    }
    return node;
}

// operationId -> { id, method, pattern, parameters, ... }
export const operations = new Map();
for (const [pattern, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
        operations.set(operation.operationId, {
            ...operation, id: operation.operationId, method: method.toUpperCase(), pattern,
            parameters: (operation.parameters ?? []).map(follow),
        });
    }
}

// Answers may hold only what the document names: an object schema that does not allow more is closed here, since a field that the
// document forgets is as wrong as one that the service forgets.
function closed(schema) {
    if (Array.isArray(schema)) return schema.map(closed);
    if (!schema || typeof schema !== 'object') return schema;
    const out = {};
    for (const [key, value] of Object.entries(schema)) out[key] = key === 'examples' || key === 'example' ? value : closed(value);
    if (out.properties && out.additionalProperties === undefined) out.additionalProperties = false;
    return out;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'doc:', components: { schemas: closed(document.components.schemas) } });
const compiled = new Map();
// '' when the value fits, else what is wrong.
export function misfit(schema, value) {
    const key = JSON.stringify(schema);
    if (!compiled.has(key)) {
        compiled.set(key, ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components/schemas/', '"doc:#/components/schemas/'))));
    }
    const check = compiled.get(key);
    if (check(value)) return '';
    // Array indexes become *, so that a fault of every result is said once.
    const faults = check.errors.map((e) => `${e.instancePath.replace(/\/\d+/g, '/*')} ${e.message} ${JSON.stringify(e.params)}`);
    return [...new Set(faults)].slice(0, 8).join('\n');
}

// ---- the service ----

const RUN_JSON = process.env.QUARTERDAY_RUN_JSON ?? file('.run/run.json');
if (!fs.existsSync(RUN_JSON)) {
    console.error(`There is no ${RUN_JSON}: start the service first (make run), or set QUARTERDAY_RUN_JSON.`);
    process.exit(2);
}
export const running = JSON.parse(fs.readFileSync(RUN_JSON, 'utf8'));
export const SERVICE = 'city-and-hackney';
export const keys = {
    admin: running.keys.admin, commissioner: running.keys.commissioner, checker: running.keys.checker, feed: running.keys.feed,
    provider: running.keys.providers.homerton, other: running.keys.providers.pharmacies,
};
const base = new URL(running.url);
export const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(running.caFile), maxSockets: 4 });

// One request; headers of the answer in lower case. `rest` tells how the body is sent.
export function send({ method = 'GET', path: target, key, headers = {}, body, declared, timeout = 60000 }) {
    return new Promise((resolve, reject) => {
        const request = https.request({
            agent, host: base.hostname.replace(/^\[|\]$/g, ''), port: base.port, method, path: target, timeout,
            headers: { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...headers },
        });
        let answered = false;
        request.on('response', (response) => {
            answered = true;
            const chunks = [];
            const isStream = /^text\/event-stream/.test(response.headers['content-type'] ?? '') && method !== 'HEAD';
            const done = () => {
                const bytes = Buffer.concat(chunks);
                const type = (response.headers['content-type'] ?? '').split(';')[0];
                const answer = { method, path: target, status: response.statusCode, headers: response.headers, bytes, type, text: bytes.toString('utf8') };
                if (/json$/.test(type)) {
                    try {
                        answer.json = JSON.parse(answer.text);
                    } catch (error) {
                        answer.broken = error.message;
                    }
                }
                resolve(answer);
                if (declared) request.destroy();
            };
            response.on('data', (chunk) => {
                chunks.push(chunk);
                if (!isStream) return;
                request.destroy(); // it would go on
                done();
            });
            response.on('end', done);
            response.on('error', reject);
        });
        request.on('timeout', () => request.destroy(new Error(`no answer within ${timeout} ms`)));
        request.on('error', (error) => (answered ? undefined : reject(error)));
        if (declared) {
            request.setHeader('Content-Length', declared);
            request.flushHeaders();
        } else request.end(body);
    });
}

// ---- an answer against the document ----

export const provoked = new Set(); // "part.put 422"

// What examples cannot know: ids made by this run (by the parameter's name), and what turned out not to be possible.
export const live = new Map();

export function example(parameter) {
    return parameter.example ?? follow(parameter.schema).examples?.[0];
}

// Headers that a read cannot do without, by their examples.
export function neededHeaders(operation) {
    if (operation.method !== 'GET') return {};
    return Object.fromEntries(operation.parameters.filter((p) => p.in === 'header' && p.required).map((p) => [p.name, example(p)]));
}

export function target(operation, params = {}, query = {}) {
    const filled = operation.pattern.replace(/\{(\w+)\}/g, (_, name) => {
        const made = /^\/v1\/(action-plans|webhooks)/.test(operation.pattern) ? live.get(name) : undefined;
        const value = params[name] ?? made ?? example(operation.parameters.find((p) => p.in === 'path' && p.name === name));
        return encodeURIComponent(value);
    });
    const needed = operation.parameters.filter((p) => p.in === 'query' && p.required).map((p) => [p.name, example(p)]);
    const rest = new URLSearchParams({ ...Object.fromEntries(needed), ...query }).toString();
    return rest ? `${filled}?${rest}` : filled;
}

function headerFaults(documented, answer) {
    const faults = [];
    for (const [name, entry] of Object.entries(documented ?? {})) {
        const header = follow(entry);
        let value = answer.headers[name.toLowerCase()];
        if (value === undefined) {
            if (header.required) faults.push(`the header ${name} is missing`);
            continue;
        }
        if (/integer|number/.test(follow(header.schema)?.type)) value = Number(value);
        const wrong = misfit(header.schema, value);
        if (wrong) faults.push(`${name}: ${value}: ${wrong}`);
    }
    return faults;
}

export function faultsOf(operation, answer) {
    const response = follow(operation.responses[answer.status]);
    if (!response) return [`status ${answer.status} is not documented: ${answer.text.slice(0, 400)}`];
    const faults = headerFaults(response.headers, answer);
    if (answer.method === 'HEAD' || answer.status === 304) {
        if (answer.bytes.length) faults.push('it has a body');
        return faults;
    }
    const content = response.content?.[answer.type];
    if (!response.content) {
        if (answer.bytes.length) faults.push('a body that is not documented');
    } else if (!content) faults.push(`content type ${answer.type} is not documented for ${answer.status}`);
    else if (answer.broken) faults.push(`not JSON: ${answer.broken}`);
    else if (answer.json !== undefined) {
        const wrong = misfit(content.schema, answer.json);
        if (wrong) faults.push(wrong);
    }
    if (answer.type === 'application/problem+json' && answer.json) {
        if (answer.json.status !== answer.status) faults.push(`status ${answer.status}, but the body says ${answer.json.status}`);
        if (answer.json.type !== `/problems/${answer.json.code.toLowerCase().replaceAll('_', '-')}`) faults.push(`type ${answer.json.type} of ${answer.json.code}`);
        if (answer.json.correlationId !== answer.headers['x-correlation-id']) faults.push('correlationId differs from the header');
    }
    return faults;
}

// Sends, expects the status, holds the answer against the document.
let serial = 0;
export async function call(operation, { params, query, status, label, ...rest }) {
    const correlation = `contract-${process.pid}-${++serial}`;
    const request = { method: operation.method, path: target(operation, params, query), ...rest };
    request.headers = { 'X-Correlation-ID': correlation, ...neededHeaders(operation), ...rest.headers };
    const answer = await send(request);
    const faults = faultsOf(operation, answer);
    if (answer.status !== status) faults.unshift(`status ${answer.status} instead of ${status}: ${answer.text.slice(0, 600)}`);
    if (answer.headers['x-correlation-id'] !== request.headers['X-Correlation-ID']) faults.push('X-Correlation-ID does not come back');
    if (ok(faults.length === 0, `${operation.id}: ${label}: ${status}`, faults.join('\n'))) provoked.add(`${operation.id} ${answer.status}`);
    return answer;
}
