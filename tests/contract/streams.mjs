// Server-sent events as the document says: each event's object fits the schema and is that of a page; what is open at once is bounded.
import https from 'node:https';
import fs from 'node:fs';
import { call, equal, follow, keys, misfit, ok, operations, running } from './lib.mjs';

const STREAM = { Accept: 'text/event-stream' };
const agent = new https.Agent({ keepAlive: false, ca: fs.readFileSync(running.caFile) });

// Opens a stream and resolves with { request, text() } when its greeting is there, and every event of the first second with it.
function open(key) {
    return new Promise((resolve, reject) => {
        const request = https.request(new URL('/v1/events', running.url), { agent, headers: { ...STREAM, Authorization: `Bearer ${key}` } });
        request.on('response', (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('error', () => undefined);
            response.on('data', (chunk) => {
                text += chunk;
                resolve({ request, text: () => text });
            });
        });
        request.on('error', reject);
        request.end();
    });
}

async function until(condition) {
    for (let tries = 0; tries < 6000 && !condition(); tries++) await new Promise((done) => setTimeout(done, 10));
    return condition();
}

export async function checkStreams() {
    const operation = operations.get('events.list');
    const page = (await call(operation, { key: keys.other, status: 200, label: 'a page' })).json.results;
    ok(page.length > 0, 'the sample has events');
    const streams = [];
    for (let n = 0; n < 8; n++) streams.push(await open(keys.other));
    const events = () => streams[0].text().split('\n\n').filter((block) => block.startsWith('id: '));
    ok(await until(() => events().length >= page.length), 'a stream begins with what was before');
    for (const [n, event] of page.entries()) {
        const [id, type, data] = events()[n].split('\n');
        equal([id, type, JSON.parse(data.slice('data: '.length))], [`id: ${event.id}`, `event: ${event.type}`, event], `event ${event.id} of a stream is that of a page`);
        const wrong = misfit(follow({ $ref: '#/components/schemas/Event' }), JSON.parse(data.slice('data: '.length)));
        ok(!wrong, `event ${event.id} fits`, wrong);
    }
    const answer = await call(operation, { key: keys.other, headers: STREAM, status: 429, label: 'a ninth stream' });
    equal(answer.json?.code, 'TOO_MANY_REQUESTS', 'a ninth stream of one key: TOO_MANY_REQUESTS');
    for (const { request } of streams) {
        request.on('error', () => undefined);
        request.destroy();
    }
    agent.destroy();
}
