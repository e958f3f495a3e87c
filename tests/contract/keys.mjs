// Keys: every answer of /v1/keys. What is made here is revoked here; the sample's own keys stay.
import { asJson, JSON_TYPE, wrongBodies, exampleBody } from './chain.mjs';
import { SERVICE, call, equal, keys, ok, operations, send } from './lib.mjs';

const op = (id) => operations.get(id);
const change = (id, status, label, rest = {}) => call(op(id), { key: keys.admin, headers: JSON_TYPE, status, label, ...rest });

// A commissioner with the scope reads rows for a reason, without clientId.
async function checkClientRows() {
    const scoped = (await change('key.issue', 201, 'with a scope', { body: asJson({ role: 'COMMISSIONER', service: SERVICE, scopes: ['CLIENT_ROWS'] }) })).json;
    await call(op('part.get'), { key: scoped.key, status: 422, label: 'client rows without a reason' });
    await call(op('kpi.rows'), { key: scoped.key, query: { provider: 'homerton' }, status: 422, label: 'the ids behind a count without a reason' });
    await call(op('kpi.rows'), { key: scoped.key, query: { provider: 'homerton', accessReason: 'contract test' }, status: 200, label: 'the ids behind a count for a reason' });
    const rows = (await call(op('part.get'), { key: scoped.key, query: { reason: 'contract test' }, status: 200, label: 'client rows for a reason' })).json.rows;
    ok(rows.length > 0 && rows.every((row) => row.episodeId && !('clientId' in row)), 'without clientId');
    await call(op('key.revoke'), { key: keys.admin, params: { id: scoped.id }, status: 200, label: 'the scoped key' });
}

export async function checkKeys() {
    await checkClientRows();
    await wrongBodies(op('key.issue'), keys.admin);
    for (const [status, body] of [[400, '{"overlapHours":'], [422, '{"nonsense":1}'], [422, '[]'], [422, '{"overlapHours":"1"}'], [422, '{"overlapHours":721}']])
        await change('key.rotate', status, body, { body });
    await change('key.rotate', 415, 'text/csv', { headers: { 'Content-Type': 'text/csv' }, body: 'a' });
    await change('key.rotate', 413, 'a body over 1 MiB', { declared: String(2 ** 21) });
    const made = await change('key.issue', 201, 'the example', { body: asJson({ ...exampleBody(op('key.issue')), addresses: [] }) });
    const params = { id: made.json.id };
    equal(made.headers.location, `/v1/keys/${params.id}`, 'a new key says where it is');
    ok(made.json.key.includes(`_${params.id}_`), 'the id stands in the text');
    const reads = async (key) => (await send({ path: '/v1/returns', key })).status;
    equal(await reads(made.json.key), 200, 'a new key works');
    const next = await change('key.rotate', 201, 'the example', { params, body: asJson(exampleBody(op('key.rotate'))) });
    equal([await reads(made.json.key), await reads(next.json.key)], [200, 200], 'old and new key overlap');
    await change('key.rotate', 409, 'a key that was replaced', { params });
    const once = { headers: { ...JSON_TYPE, 'Idempotency-Key': `contract-${process.pid}` }, body: '{"role":"CHECKER"}' };
    const [told, again] = [await change('key.issue', 201, 'with an Idempotency-Key', once), await change('key.issue', 201, 'and again', once)];
    equal([again.json.id, again.json.key, again.headers['idempotency-replayed']], [told.json.id, null, 'true'], 'it is made once, and its text told once');
    await call(op('return.submit'), { key: keys.provider, headers: JSON_TYPE, body: '{"nonsense":"x"}', status: 422, label: 'an unknown member' });
    equal((await change('key.issue', 422, 'with the key of another request', { ...once, body: '{"role":"ADMIN"}' })).json.code, 'IDEMPOTENCY_KEY_REUSED', 'a key is for one request');
    const list = (await call(op('keys.list'), { key: keys.admin, query: { limit: '500' }, status: 200, label: 'all' })).json.results;
    equal(list.find((k) => k.id === params.id)?.replacedBy, next.json.id, 'the old one names the new one');
    ok(list.every((k) => !('key' in k)), 'no list has a secret');
    for (const one of [params, { id: next.json.id }, { id: told.json.id }]) equal((await call(op('key.revoke'), { key: keys.admin, params: one, status: 200, label: one.id })).json.state, 'REVOKED', 'a key is revoked');
    equal([await reads(made.json.key), await reads(next.json.key)], [401, 401], 'revoked is refused, with the answer');
}
