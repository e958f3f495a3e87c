// Providers are made and changed, calendars read, and the schemas of the parts are schemas: JSON Schema by the official meta-schema (Ajv),
// Table Schema by its structure.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { call, document, equal, keys, ok, operations, send, target } from './lib.mjs';
import { exampleBody, wrongBodies } from './chain.mjs';

const op = (id) => operations.get(id);
const JSON_TYPE = { 'Content-Type': 'application/json' };
const PARTS = document.components.schemas.Part.enum;

// ---- providers ----

const change = (provider, status, label, { headers, body = exampleBody(op('provider.put')) } = {}) => call(op('provider.put'), {
    key: keys.commissioner, params: { provider }, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body), status, label,
});

async function checkProviders() {
    const name = `shop-${process.pid}`;
    const made = await change(name, 201, 'a new one', { body: { name: 'A shop', expectedParts: [], from: '2025-05-01' }, headers: { 'If-None-Match': '*' } });
    equal(made.json, { service: 'city-and-hackney', id: name, name: 'A shop', group: null, expectedParts: [], from: '2025-05-01', to: null }, 'it is answered whole');
    equal(made.headers.location, target(op('provider.put'), { provider: name }), 'Location is where it is read');
    const read = await call(op('provider.get'), { key: keys.commissioner, params: { provider: name }, status: 200, label: 'what was made' });
    equal([read.json, read.headers.etag], [made.json, made.headers.etag], 'it is read as it was answered');
    const match = { headers: { 'If-Match': read.headers.etag } };
    await change(name, 200, 'what was read goes back in', { ...match, body: read.json });
    await change(name, 200, 'with its ETag', { ...match, body: { name: 'A shop, renamed', expectedParts: [] } });
    await change(name, 412, 'with an old ETag', { ...match, body: { name: 'Too late', expectedParts: [] } });
    await change('homerton', 412, 'a new one where one is', { headers: { 'If-None-Match': '*' } });
    await wrongBodies(op('provider.put'), keys.commissioner);
    const versions = async () => (await send({ path: target(op('framework.get')), key: keys.commissioner })).headers.etag;
    const before = await versions();
    await change(name, 200, 'the same again', { body: { name: 'A shop, renamed', expectedParts: [] } });
    equal(await versions(), before, 'the same again makes no version of the framework');
}

// ---- schemas ----

const TYPES = ['string', 'integer', 'number', 'boolean', 'date', 'yearmonth'];
const CONSTRAINTS = { required: 'boolean', pattern: 'string', maxLength: 'number', minimum: ['number', 'string'], maximum: ['number', 'string'], enum: 'object' };

function fieldFaults(field) {
    const faults = [];
    if (!/^[a-z][A-Za-z0-9]*$/.test(field.name)) faults.push('name');
    if (!TYPES.includes(field.type)) faults.push(`type ${field.type}`);
    for (const [name, value] of Object.entries(field.constraints)) if (![CONSTRAINTS[name]].flat().includes(typeof value)) faults.push(`constraint ${name}`);
    if (field.constraints.enum && (!field.constraints.enum.length || new Set(field.constraints.enum).size !== field.constraints.enum.length)) faults.push('enum');
    if (field.constraints.pattern) new RegExp(field.constraints.pattern, 'u');
    return faults.map((fault) => `${field.name}: ${fault}`);
}

async function checkTableSchema(part, header, period) {
    const { json } = await call(op('template.get'), { key: keys.provider, params: { part }, query: { format: 'table-schema', period }, status: 200, label: `Table Schema of ${part}, ${period}` });
    equal(json.fields.map((field) => field.name), header, `${part}, ${period}: the fields are the header of the template`);
    const faults = json.fields.flatMap(fieldFaults);
    ok(!faults.length, `${part}, ${period}: the fields are those of a Table Schema`, faults.join('\n'));
    ok((json.primaryKey ?? header).every((name) => header.includes(name)) && json.primaryKey?.length !== 0, `${part}: its key is of its fields`, json.primaryKey);
    equal(json.missingValues, [''], `${part}: a blank is missing`);
    return json;
}

async function checkJsonSchema(part, header, period) {
    const { json } = await call(op('template.get'), { key: keys.commissioner, params: { part }, headers: { Accept: 'application/schema+json' }, query: { period }, status: 200, label: `JSON Schema of ${part}, ${period}` });
    const ajv = addFormats(new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, validateSchema: true }));
    ok(json && ajv.validateSchema(json), `${part}, ${period}: it is a JSON Schema 2020-12`, JSON.stringify(ajv.errors));
    const fits = ajv.compile(json), { properties, required } = json.properties.rows.items;
    equal(Object.keys(properties), header, `${part}, ${period}: its properties are the header of the template`);
    ok(fits({ rows: [] }), `${part}: a nil return fits`, JSON.stringify(fits.errors));
    ok(!fits({}), `${part}: a body without rows does not`);
    if (required.length) ok(!fits({ rows: [{}] }), `${part}: a row without what is required does not`);
    return { fits, properties };
}

// Where the code lists changed: sexual orientation came with 2024-25, and the list of gender is another.
async function checkSchemas() {
    for (const part of PARTS.filter((name) => name !== 'national')) {
        const template = await send({ path: target(op('template.get'), { part }), key: keys.provider }), header = template.text.split('\r\n')[0].split(',');
        for (const period of ['2017-18-Q3', '2023-24-Q4', '2024-25-Q1']) {
            await checkTableSchema(part, header, period);
            await checkJsonSchema(part, header, period);
        }
    }
    const header = (await send({ path: target(op('template.get'), { part: 'episodes' }), key: keys.provider })).text.trim().split(',');
    const row = { episodeId: 'E-1', clientId: 'C-1', localAuthority: 'E09000012', quitDate: '2024-05-01', ageAtQuitDate: 40, ethnicCategory: 'CT', pregnant: true, longTermConditions: 'COPD;CVD' };
    const old = await checkJsonSchema('episodes', header, '2023-24-Q4'), recent = await checkJsonSchema('episodes', header, '2024-25-Q1');
    const orientation = recent.properties.sexualOrientation.enum[0];
    ok(recent.fits({ rows: [{ ...row, sexualOrientation: orientation }] }), 'a full row of 2024-25 fits', JSON.stringify(recent.fits.errors));
    ok(!old.fits({ rows: [{ ...row, sexualOrientation: orientation }] }), 'a code that came later does not fit a quarter before it');
    for (const flag of [true, false, 'Y', 'N', null]) ok(recent.fits({ rows: [{ ...row, pregnant: flag }] }), `a flag ${flag} fits`, JSON.stringify(recent.fits.errors));
    for (const [name, value] of [['pregnant', 'yes'], ['ethnicCategory', '99'], ['ethnicCategory', 'I'], ['longTermConditions', 'COPD;'], ['ageAtQuitDate', 121], ['quitDate', '2024-02-30'], ['pregnant', 'maybe'], ['episodeId', null], ['gender', 'M']])
        ok(!recent.fits({ rows: [{ ...row, [name]: value }] }), `${name} ${value} does not fit`);
}

// What the service gives back is the plain form that its schema describes.
async function checkRowsFit() {
    const period = '2024-25-Q1';
    for (const part of PARTS) {
        const { status, json } = await send({ path: target(op('part.get'), { part, period, provider: 'homerton' }), key: keys.provider, headers: { Accept: 'application/json' } });
        if (status === 404) continue;
        const header = (await send({ path: target(op('template.get'), { part }), key: keys.provider })).text.split('\r\n')[0].split(',');
        const { fits } = await checkJsonSchema(part, header, period);
        ok(json.rows.length && fits({ rows: json.rows }), `${part}, ${period}: the rows given back fit the schema`, JSON.stringify(fits.errors?.slice(0, 3)));
    }
}

export async function checkCalendar() {
    await checkProviders();
    await checkSchemas();
    await checkRowsFit();
}
