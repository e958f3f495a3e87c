// A person of the sample is erased: asked for by the provider, done beside the service.
import { setTimeout as sleep } from 'node:timers/promises';
import { call, equal, keys, operations, send, target } from './lib.mjs';

const op = (id) => operations.get(id);

export async function checkErasure() {
    const erase = op('subject.erase'), read = op('subject.get'), headers = { 'Subject-Reference': 'h-3c536894c' };
    await call(erase, { key: keys.provider, status: 422, label: 'without a reason' });
    await call(erase, { key: keys.provider, query: { reason: 'contract test' }, headers: { 'Subject-Reference': 'nobody' }, status: 404, label: 'of nobody' });
    const before = await call(read, { key: keys.provider, headers, status: 200, label: 'before' });
    const asked = await call(erase, { key: keys.provider, query: { reason: 'contract test' }, headers, status: 202, label: 'asked for' });
    equal(asked.json.rows, before.json.count, 'all rows that there are');
    let status = 200;
    for (let i = 0; i < 600 && status !== 404; i++, await sleep(100)) ({ status } = await send({ path: target(read), key: keys.provider, headers }));
    equal(status, 404, 'and it is done');
}
