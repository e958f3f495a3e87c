// The schema of the framework file (frameworks/framework.schema.json), which is also what the validator reads by: it is served as it is, it is a JSON
// Schema by the official meta-schema, and Ajv and the validator agree. Thousands of changed files are held against both: what the schema
// refuses the validator refuses, and what the validator alone refuses it refuses for a reason that no schema can say (below).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import Ajv2020 from 'ajv/dist/2020.js';
import { FRAMEWORK_PAGE, withFrameworkTables } from './generate.mjs';
import { BINARY, call, environment, equal, ok, operations, program, text } from './lib.mjs';

const FILES = ['frameworks/city-and-hackney.json', 'tests/frameworks/moorland.json'];

// What the validator says beyond the schema: names that must exist or be single, orders, sums, and what fits what.
const BEYOND = [
    /there is no (element|KPI|provider)/, /there is a KPI .* already/, /already$/, /must follow one another/, /must be in order/, /must not (fall|lie|come before)/,
    /must end with 100/, /is no year of this framework/, /must lie between/, /green must lie/, /different parts or cohorts/, /must also have every condition/,
    /only a count of episodes/, /the national return stands in/, /is no element of the part national/, /has no "unknown"/, /WHOLE belongs to/, /is no date/,
    /a year without target/, /own LIMITS say/, /in FOUR_COLOURS it is where blue begins/, /amber ends at the minimum/, /has no local authority/,
    /a KPI that earns is/, /is no COUNT/, /add up to/, /asks for the contrary/, /must be an element of episodes/, /whose target is it/, /there is a group/,
    /must be a (day|quarter|financial year)/, /is no quarter from/, /would be .*, before/, /cannot end before the quarter/, /comes after the day that closes/,
    /lies more than/, /English authority/, /must stand in quotes/, /has no such code/, /names no day/, /must be a decimal number/, /must have 1 to 1000 characters/,
    /these have targets already/, /may have at most/, /only counts have a profile/,
    /no measure of the breakdowns/, /cannot be broken down/, /are the whole service's/, /last year's shape/, /has no year before/,
];

// ---- changed files ----

const at = (file, keys) => keys.reduce((value, key) => value[key], file);
const OTHERS = [null, 'x', '', 7, -1, 1.5, true, [], {}, ['x'], { x: 1 }, '1.5', 101, 'x\ny'];

function* placesOf(value, keys = []) {
    if (keys.length) yield keys;
    if (value && typeof value === 'object') for (const key of Object.keys(value)) yield* placesOf(value[key], [...keys, Array.isArray(value) ? Number(key) : key]);
}
function changed(file, keys, change) {
    const copy = structuredClone(file);
    change(at(copy, keys.slice(0, -1)), keys.at(-1));
    return copy;
}
// One place of each sort: the first of a list, of the elements of a part, of the KPIs of a unit. So a file gives thousands of changes, not a hundred thousand.
function sortOf(keys, file) {
    return keys.map((key, i) => {
        if (keys[i - 1] === 'elements') return at(file, keys.slice(0, i + 1)).part;
        if (keys[i - 1] === 'kpis') return at(file, keys.slice(0, i + 1)).unit;
        return typeof key === 'number' ? '#' : key;
    }).join('/');
}

function* changesOf(file) {
    const seen = new Set();
    for (const keys of placesOf(file)) {
        const sort = sortOf(keys, file);
        if (seen.has(sort)) continue;
        seen.add(sort);
        const name = `/${keys.join('/')}`;
        yield [`${name} left out`, changed(file, keys, (owner, key) => (Array.isArray(owner) ? owner.splice(key, 1) : delete owner[key]))];
        for (const other of OTHERS) yield [`${name} is ${JSON.stringify(other)}`, changed(file, keys, (owner, key) => { owner[key] = other; })];
        const value = at(file, keys);
        if (value && typeof value === 'object' && !Array.isArray(value)) yield [`${name} has a member more`, changed(file, keys, (owner, key) => { owner[key].another = 1; })];
        if (Array.isArray(value) && value.length) yield [`${name} has its first entry twice`, changed(file, keys, (owner, key) => owner[key].push(structuredClone(value[0])))];
        if (typeof value === 'string') yield [`${name} is written otherwise`, changed(file, keys, (owner, key) => { owner[key] = value.toLowerCase() === value ? value.toUpperCase() : value.toLowerCase(); })];
    }
}

// What the validator says of each: '' where it fits.
function judged(files) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'qd-frameworks-'));
    try {
        const paths = files.map((file, i) => path.join(home, `${i}.json`));
        files.forEach((file, i) => fs.writeFileSync(paths[i], JSON.stringify(file)));
        const run = spawnSync(BINARY, ['framework', 'check', '-'], { input: paths.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28, env: environment });
        const lines = run.stdout.trimEnd().split('\n');
        ok(lines.length === files.length, 'every file is judged', `${lines.length} of ${files.length}: ${run.stderr.slice(-300)}`);
        return lines.map((line, i) => line.slice(paths[i].length + 2)).map((words) => (words === 'fits' ? '' : words));
    } finally {
        fs.rmSync(home, { recursive: true });
    }
}

function checkAgreement(fits) {
    let both = 0, neither = 0, beyond = 0;
    const wrong = [];
    for (const name of FILES) {
        const file = JSON.parse(text(name)), changes = [...changesOf(file)];
        const said = judged(changes.map(([, one]) => one));
        changes.forEach(([label, one], i) => {
            const fit = fits(one), why = JSON.stringify(fits.errors?.[0] ?? '');
            if (fit && !said[i]) both += 1;
            else if (!fit && said[i]) neither += 1;
            else if (fit && BEYOND.some((words) => words.test(said[i]))) beyond += 1;
            else wrong.push(fit ? `${name} ${label}: the validator alone says ${said[i]}` : `${name} ${label}: the schema alone says ${why}`);
        });
    }
    ok(both > 100 && neither > 2000 && beyond > 100, `the changes are of every sort: ${both} fit, ${neither} do not, ${beyond} only the validator can tell`);
    ok(!wrong.length, `Ajv and the validator agree on ${both + neither + beyond} files`, `${wrong.length} differ:\n${wrong.slice(0, 30).join('\n')}`);
}

export async function checkFrameworkSchema() {
    const source = text('frameworks/framework.schema.json'), schema = JSON.parse(source);
    const served = await call(operations.get('schema.framework'), { status: 200, label: 'the schema of the framework file' });
    equal(served.text, source, 'it is served as it is');
    equal(program('framework', 'schema'), source, 'and printed');
    const page = fs.readFileSync(FRAMEWORK_PAGE, 'utf8');
    ok(withFrameworkTables(page, schema) === page, 'the tables in docs/framework.md are current', 'run tools/openapi_parts.sh');
}

// Sends nothing, and takes a while in which connections would idle: run it last.
export function checkFrameworkAgreement() {
    const schema = JSON.parse(text('frameworks/framework.schema.json'));
    const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
    ok(ajv.validateSchema(schema), 'it is a JSON Schema 2020-12', JSON.stringify(ajv.errors));
    const fits = ajv.compile(schema);
    for (const name of FILES) ok(fits(JSON.parse(text(name))), `${name} fits`, JSON.stringify(fits.errors));
    checkAgreement(fits);
}
