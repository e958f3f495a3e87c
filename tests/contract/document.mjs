// The document itself: its examples fit its schemas, its routes are the server's, what is served is what is written.
import { document, equal, example, follow, misfit, note, ok, operations, program, send } from './lib.mjs';

function* mediaOf(operation) {
    const bodies = [['request', operation.requestBody], ...Object.entries(operation.responses)];
    for (const [where, raw] of bodies) {
        for (const [type, media] of Object.entries(follow(raw)?.content ?? {})) yield [`${operation.id} ${where} ${type}`, media];
    }
}

function checkExamples() {
    for (const operation of operations.values()) {
        for (const [where, media] of mediaOf(operation)) {
            for (const [name, raw] of Object.entries(media.examples ?? {})) {
                const wrong = misfit(media.schema, follow(raw).value);
                ok(!wrong, `example ${name} fits: ${where}`, wrong);
            }
        }
        for (const parameter of operation.parameters) {
            const wrong = misfit(parameter.schema, example(parameter));
            ok(!wrong, `example of ${parameter.name} fits: ${operation.id}`, wrong);
        }
    }
}

// Every POST goes through handlers/once.h.
function checkIdempotency() {
    for (const operation of operations.values()) {
        const takes = operation.parameters.some((p) => p.name === 'Idempotency-Key');
        equal(takes, operation.method === 'POST', `${operation.id}: Idempotency-Key where it is a POST`);
    }
}

// `quarterday routes` prints the server's own table: METHOD pattern name.
function checkRoutes() {
    const served = program('routes').trim().split('\n').map((line) => line.trim().split(/\s+/));
    const known = new Map(served.map(([method, pattern, name]) => [name, `${method} ${pattern}`]));
    for (const operation of operations.values())
        equal(known.get(operation.id), `${operation.method} ${operation.pattern}`, `${operation.id} is a route of the server`);
    for (const name of known.keys()) ok(operations.has(name), `route ${name} is in the document`);
}

async function checkServed() {
    const answer = await send({ path: '/openapi.json' });
    ok(answer.status === 200 && JSON.stringify(answer.json) === JSON.stringify(document), '/openapi.json is openapi/openapi.yaml',
        'they differ: is the running binary older than the file?');
}

export async function checkDocument() {
    checkExamples();
    checkRoutes();
    checkIdempotency();
    await checkServed();
    note(`${operations.size} operations`);
}
