// What is generated: the schemas of parts, bodies and rows in openapi/openapi.yaml (between its markers) and docs/columns.md, both from the C tables of the
// parts, by way of `quarterday openapi-parts`. tools/openapi_parts.sh writes them; generated.mjs tests that they are current.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import YAML from 'yaml';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BEGIN = '    # BEGIN generated: parts\n', END = '    # END generated: parts\n';
export const OPENAPI = path.join(ROOT, 'openapi/openapi.yaml');
export const COLUMNS = path.join(ROOT, 'docs/columns.md');

export function partsOf(binary) {
    return JSON.parse(execFileSync(binary, ['openapi-parts'], { encoding: 'utf8', maxBuffer: 1 << 26, env: { PATH: process.env.PATH } }));
}

// "follow-ups" -> "FollowUpsRow"; a name that is one already stays.
export const schemaName = (part) => {
    const pascal = part.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
    return pascal.endsWith('Row') ? pascal : `${pascal}Row`;
};
const partName = (name) => name.replace(/Row$/, '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();

const bodyName = (name) => schemaName(name).replace(/Row$/, 'Body');
const reference = (name) => ({ $ref: `#/components/schemas/${name}` });

// Part (their names), PartBody (any of the bodies), and for each part its body and its row.
function schemasOf(parts) {
    const names = Object.keys(parts);
    return {
        Part: { type: 'string', description: 'A data set of a return.', enum: names.map(partName) },
        PartBody: { description: 'The rows of the part in the path, and nothing else.', anyOf: names.map((name) => reference(bodyName(name))) },
        ...Object.fromEntries(names.map((name) => [bodyName(name), {
            type: 'object', required: ['rows'], properties: { rows: { type: 'array', items: reference(schemaName(name)) } },
        }])),
        ...Object.fromEntries(names.map((name) => [schemaName(name), parts[name]])),
    };
}

export function withParts(document, parts) {
    const named = schemasOf(parts);
    const yaml = YAML.stringify(named, { schema: 'core', lineWidth: 0, indent: 2, flowCollectionPadding: false, collectionStyle: 'block' });
    const from = document.indexOf(BEGIN), to = document.indexOf(END);
    if (from < 0 || to < from) throw new Error(`${OPENAPI} has lost its markers`);
    return document.slice(0, from) + BEGIN + yaml.replace(/^(?=.)/gm, '    ') + document.slice(to);
}

const TYPES = { date: 'date' };
function typeOf(column) {
    if (column['x-qd-words']) return column.description.includes('semicolon') ? 'words joined by `;`' : 'word';
    if (column['x-qd-codes']) return 'code';
    if (column.format) return TYPES[column.format] ?? column.format;
    if (column.type.includes('boolean')) return 'flag';
    if (column.type.includes('integer')) return `whole number, ${column.minimum} to ${column.maximum}`;
    if (column.type.includes('number')) return `number, ${column.minimum} to ${column.maximum}, at most two decimals`;
    if (column.maxLength) return `text, up to ${column.maxLength} characters`;
    return column.pattern?.startsWith('^[A-Za-z0-9._-]') ? 'id' : 'text';
}

function rowOf([name, column], required) {
    const needed = required.has(name) ? 'R' : column['x-qd-national'] ? 'N' : '';
    const values = (column['x-qd-words'] ?? column['x-qd-codes'] ?? []).map((value) => `\`${value}\``).join(' ');
    const kept = column['x-qd-not-stored'] ? ' Not stored.' : '';
    const example = column.example === undefined ? '' : `\`${column.example}\``;
    return `| \`${name}\` | ${needed} | ${typeOf(column)} | ${column.description}${kept} | ${values} | ${example} |`;
}

export function columnsPage(parts) {
    const lines = [
        '# Columns', '',
        'Generated from the tables that the service reads files by: `tools/openapi_parts.sh`. Do not edit.', '',
        '**R**: a row without it is an error. **N**: an item of the national collection; it may be blank, and then counts against',
        'completeness (KPI 1.14). The others may be blank or left out.', '',
        'Headers match without regard to case, spaces, hyphens and underscores, in any order. Dates are `YYYY-MM-DD` or, in CSV,',
        '`DD/MM/YYYY`. Flags are Y/N, Yes/No, True/False or 1/0. Codes may lack leading zeros or be labels; which of them are valid',
        'depends on the period: `GET /v1/templates/{part}?guide=true&period=2025-26-Q3` gives the codes with their labels. Ids are 1 to',
        '64 of `A-Z a-z 0-9 . _ -`.',
    ];
    for (const [name, schema] of Object.entries(parts)) {
        const required = new Set(schema.required);
        lines.push('', `## ${partName(name)}`, '', schema.description, '',
            '| column | | type | meaning | values | example |', '| --- | --- | --- | --- | --- | --- |',
            ...Object.entries(schema.properties).map((entry) => rowOf(entry, required)));
    }
    return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const parts = partsOf(process.argv[2]);
    fs.writeFileSync(OPENAPI, withParts(fs.readFileSync(OPENAPI, 'utf8'), parts));
    fs.writeFileSync(COLUMNS, columnsPage(parts));
}
