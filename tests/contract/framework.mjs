// Changing the framework: the preview tells what the dashboards then say, a dry run stores nothing, the same bytes make no version, and what is
// wrong is told with its JSON pointer. Ends with the framework as it began.
import { wrongBodies } from './chain.mjs';
import { SERVICE, call, equal, keys, ok, operations, send } from './lib.mjs';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PUT = operations.get('framework.put');
const path = `/v1/frameworks/${SERVICE}`;
const dashboard = async (period) => (await send({ path: `/v1/dashboards/${SERVICE}/${period}`, key: keys.commissioner })).json;
const put = (file, label, status = 200, query = {}, headers = {}) =>
    call(PUT, { key: keys.commissioner, headers: { ...JSON_TYPE, ...headers }, body: typeof file === 'string' ? file : JSON.stringify(file), query, status, label });

export async function checkFramework() {
    const began = await send({ path, key: keys.commissioner }), etag = began.headers.etag;
    equal((await put(began.text, 'the same bytes')).json?.stored, false, 'the same bytes make no version');

    const higher = JSON.parse(began.text), find = (file, ref) => file.kpis.find((k) => k.ref === ref);
    find(higher, '1.4').target = 55;
    higher.contractValuePence['2025-26'] += 8000000;
    const before = await dashboard('2025-26-Q3');
    const preview = (await put(higher, 'a higher target, tried', 200, { dryRun: 'true' })).json;
    equal((await send({ path, key: keys.commissioner })).headers.etag, etag, 'a dry run stores nothing');
    ok(preview.kpis.length > 0 && preview.kpis.every((k) => ['1.4'].includes(k.ref)), 'only 1.4 moves', JSON.stringify(preview.kpis.map((k) => k.ref)));
    equal(preview.payments.map((p) => [p.year, p.afterPence > p.beforePence]), [['2025-26', true]], 'and the payment of the year');

    const stored = await put(higher, 'a higher target', 200, {}, { 'If-Match': etag });
    equal(stored.json?.kpis, preview.kpis, 'what is stored moves what was told');
    const after = await dashboard('2025-26-Q3'), at = (d) => d.kpis.find((k) => k.ref === '1.4').yearToDate;
    const told = preview.kpis.find((k) => k.period === '2025-26-Q3' && k.view === 'YEAR_TO_DATE');
    const figure = ({ interval95, ...rest }) => rest;
    equal([told.before.figure, told.after.figure], [figure(at(before)), figure(at(after))], 'the dashboards say so before and after');
    equal((await put(began.text, 'against an old version', 412, {}, { 'If-Match': etag })).json?.code, 'STALE', 'an old version is not overwritten');

    find(higher, '1.9').target = 'low';
    ok((await put(higher, 'a target that is no number', 422)).json?.detail.startsWith('/kpis/8/target: '), 'what is wrong is told with its pointer');
    ok((await put({ ...JSON.parse(began.text), service: 'elsewhere' }, 'of another service', 422)).json?.detail.startsWith('/service: '), 'a framework stays with its service');
    await wrongBodies(PUT, keys.commissioner);
    equal((await put(began.text, 'as it was')).json?.stored, true, 'the framework is as it was');
    const end = await dashboard('2025-26-Q3');
    equal(end.kpis, before.kpis, 'and so are the figures');
}
