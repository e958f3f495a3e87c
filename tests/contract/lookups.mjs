// Reference data: every answer of lookup.put. Loaded is an edition that no framework names, so that no figure of the sample moves.
import { call, document, equal, follow, keys, misfit, ok, operations } from './lib.mjs';

const CSV = { 'Content-Type': 'text/csv' };

export async function checkLookups() {
    const put = operations.get('lookup.put'), get = operations.get('lookup.get');
    const load = (status, label, rest = {}) => call(put, {
        key: keys.admin, params: { lookup: 'imd' }, query: { edition: `contract-${process.pid}` }, headers: CSV, body: 'lsoa,quintile\nE01001785,2\n', status, label, ...rest,
    });
    const first = await load(201, 'a first version');
    equal([first.json.loaded.version, first.json.loaded.rows, first.json.stored], [1, 1, true], 'a first version says so');
    const same = await load(200, 'the same bytes');
    equal([same.json.loaded.version, same.json.stored], [1, false], 'the same bytes write nothing');
    for (const [type, media] of Object.entries(put.requestBody.content)) {
        for (const [name, raw] of Object.entries(media.examples)) {
            const { value } = follow(raw);
            await load(200, `example ${name} as ${type}`, { headers: { 'Content-Type': type }, body: typeof value === 'string' ? value : JSON.stringify(value) });
        }
    }
    const refused = await load(422, 'a quintile that is none', { body: 'lsoa,quintile\nE01001785,6\n' });
    equal(refused.json.errors.map((f) => `${f.row} ${f.line} ${f.column} ${f.code}`), ['1 2 quintile OUT_OF_RANGE'], 'what is wrong is named');
    ok(!misfit(document.components.schemas.Refusal, refused.json), 'it is a refusal as of a part');
    const broken = await load(400, 'an open quote', { body: 'lsoa,quintile\n"E01' });
    equal(broken.json.code, 'MALFORMED', 'an open quote: MALFORMED');
    await load(400, 'an edition that is none', { query: { edition: 'a b' } });
    await load(400, 'postcodes have no edition', { params: { lookup: 'postcodes' } });
    await load(415, 'another type', { headers: { 'Content-Type': 'text/plain' } });
    const large = await load(413, 'a body over the cap', { body: undefined, declared: String(2 ** 40) });
    equal(large.json?.code, 'BODY_TOO_LARGE', 'a body over the cap: BODY_TOO_LARGE');
    const list = await call(get, { key: keys.commissioner, params: { lookup: 'imd' }, status: 200, label: 'what is loaded' });
    ok(list.json.results.some((l) => l.edition === `contract-${process.pid}` && l.inUse), 'the newest version is in use', list.text);
}
