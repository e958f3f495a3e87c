// Webhooks of a provider and of the commissioner: made, and paused before anything is sent, since nobody listens at quarterday.invalid. What is sent, and
// how, is held by tests/http/webhooks.c.
import { exampleBody, wrongBodies } from './chain.mjs';
import { call, equal, keys, live, ok, operations, send, target } from './lib.mjs';

const op = (id) => operations.get(id);
const HEADERS = { 'Content-Type': 'application/json' };
const BODY = JSON.stringify({ ...exampleBody(op('webhook.create')), url: 'https://quarterday.invalid/events' });
const make = (role, status, label) => call(op('webhook.create'), { key: keys[role], headers: HEADERS, body: BODY, status, label });
const act = (id, role, webhook, status, label, rest = {}) => call(op(id), { key: keys[role], params: { webhook, ...rest }, status, label });
const pause = (role, webhook, status, label) => call(op('webhook.pause'), { key: keys[role], params: { webhook }, headers: HEADERS, body: JSON.stringify(exampleBody(op('webhook.pause'))), status, label });

// An upload that is refused, and the id of the event that tells of it.
async function refuseOne() {
    const path = target(op('part.put'), { provider: 'homerton', period: '2025-26-Q4', part: 'contacts' });
    equal((await send({ method: 'PUT', path, key: keys.provider, headers: { 'Content-Type': 'text/csv' }, body: 'month\nx\n' })).status, 422, 'a part is refused');
    return (await send({ path: '/v1/events?types=RETURN_REFUSED&limit=500', key: keys.provider })).json.results.at(-1).id;
}

async function many() {
    const made = [];
    for (let i = 1; i < 20; i++) made.push((await make('other', 201, `number ${i}`)).json.id);
    made.push((await make('other', 201, 'the last that there may be')).json.id);
    await make('other', 409, 'one too many');
    for (const id of made) equal((await act('webhook.delete', 'other', id, 200, 'of one')).json, { id, state: 'DELETED' }, 'it is deleted');
    await act('webhook.delete', 'other', made[0], 404, 'of one that is deleted');
}

// Before the answers are asked for, so that each role has a webhook of its own that rests.
export async function checkWebhooks() {
    for (const role of ['provider', 'commissioner']) {
        const { secret, ...first } = (await make(role, 201, `as ${role}`)).json;
        ok(/^qdwh_[0-9a-f]{64}$/.test(secret), 'a secret is made', secret);
        equal([first.state, first.waiting, first.dead], ['ACTIVE', 0, 0], 'it begins with what comes next');
        equal((await pause(role, first.id, 200, `as ${role}`)).json.pausedBecause, exampleBody(op('webhook.pause')).reason, 'the reason is kept');
        await pause(role, first.id, 409, 'again');
        live.set(`webhook of ${role}`, first.id);
    }
    const mine = live.get('webhook of provider'), before = (await send({ path: '/v1/events?types=RETURN_ACCEPTED&limit=1', key: keys.provider })).json.results[0].id;
    const refused = await refuseOne();
    live.set('webhook', mine);
    await act('webhook.resume', 'provider', mine, 200, 'what was paused');
    await act('webhook.resume', 'provider', mine, 409, 'what is active');
    await pause('provider', mine, 200, 'once more');
    equal((await act('webhook.redeliver', 'provider', mine, 202, 'of none')).json.sentAgain, 0, 'none is dead');
    await act('webhook.test', 'provider', mine, 202, 'of one that rests');
    live.set('webhook.test 409', 'a test is over in an instant; tests/db/webhooks.c holds it');
    for (const id of ['webhook.create', 'webhook.pause']) await wrongBodies(op(id), keys.provider);
    const all = (await call(op('webhook.create'), { key: keys.provider, headers: HEADERS, body: JSON.stringify({ url: 'https://quarterday.invalid/all' }), status: 201, label: 'of all types' })).json;
    await pause('provider', all.id, 200, 'of all types');
    await act('webhook.redelivery', 'provider', all.id, 202, 'of an event that it has passed', { event: before });
    await act('webhook.redelivery', 'provider', mine, 404, 'of a type that it did not ask for', { event: before });
    await act('webhook.delete', 'provider', all.id, 200, 'of all types');
    const once = { key: keys.provider, headers: { 'Idempotency-Key': `webhooks-${process.pid}` } };
    for (const id of ['webhook.redeliver', 'webhook.redelivery', 'webhook.test', 'webhook.resume']) {
        const first = (await make('provider', 201, `for ${id}`)).json.id, second = (await make('provider', 201, `for ${id}`)).json.id;
        await pause('provider', first, 200, 'so that it rests');
        const event = id === 'webhook.redelivery' ? refused : undefined, params = (webhook) => (event ? { webhook, event } : { webhook });
        await call(op(id), { ...once, params: params(first), status: id === 'webhook.resume' ? 200 : 202, label: 'with an Idempotency-Key' });
        await call(op(id), { ...once, params: params(second), status: 422, label: 'with the key of another request' });
        for (const webhook of [first, second]) await act('webhook.delete', 'provider', webhook, 200, 'it was for once');
    }
    const told = { key: keys.provider, headers: { ...HEADERS, 'Idempotency-Key': `webhook-${process.pid}` }, body: BODY };
    const [made, again] = [(await call(op('webhook.create'), { ...told, status: 201, label: 'with an Idempotency-Key' })).json, (await call(op('webhook.create'), { ...told, status: 201, label: 'and again' })).json];
    equal([again.id, again.secret], [made.id, null], 'it is made once, and its secret told once');
    await act('webhook.delete', 'provider', made.id, 200, 'it was for once');
    await many();
}
