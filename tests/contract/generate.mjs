// What is generated: the schemas of parts, bodies and rows in openapi/openapi.yaml (between its markers) and docs/columns.md, both from the C tables of the
// parts, by way of `quarterday openapi-parts`; and the rows of the feeds there and in docs/feeds.md, by way of `quarterday openapi-feeds`; and the tables of
// docs/framework.md, from frameworks/framework.schema.json. tools/openapi_parts.sh writes them; generated.mjs tests that they are current.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import YAML from 'yaml';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BEGIN = '    # BEGIN generated: parts\n', END = '    # END generated: parts\n';
export const OPENAPI = path.join(ROOT, 'openapi/openapi.yaml');
export const COLUMNS = path.join(ROOT, 'docs/columns.md');

export const FEEDS = path.join(ROOT, 'docs/feeds.md');
const FEEDS_BEGIN = '    # BEGIN generated: feeds\n', FEEDS_END = '    # END generated: feeds\n';
const TABLES_BEGIN = '<!-- BEGIN generated: columns -->\n', TABLES_END = '<!-- END generated: columns -->\n';

const told = (binary, command) => JSON.parse(execFileSync(binary, [command], { encoding: 'utf8', maxBuffer: 1 << 26, env: { PATH: process.env.PATH } }));
export const partsOf = (binary) => told(binary, 'openapi-parts');
export const feedsOf = (binary) => told(binary, 'openapi-feeds');

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

function between(document, begin, end, text) {
    const from = document.indexOf(begin), to = document.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the markers of ${begin.trim()} are lost`);
    return document.slice(0, from) + begin + text + document.slice(to);
}
function yamlOf(schemas) {
    const yaml = YAML.stringify(schemas, { schema: 'core', lineWidth: 0, indent: 2, flowCollectionPadding: false, collectionStyle: 'block' });
    return yaml.replace(/^(?=.)/gm, '    ');
}
export const withParts = (document, parts) => between(document, BEGIN, END, yamlOf(schemasOf(parts)));

// "kpi-results" -> "KpiResultsFeed" with KpiResultsFeedRow; FeedTable is any of them.
const feedName = (feed) => `${schemaName(feed).replace(/Row$/, '')}Feed`;
function feedSchemasOf(feeds) {
    const names = Object.keys(feeds);
    return {
        FeedTable: { description: 'The rows of the feed in the path, all of them.', anyOf: names.map((name) => reference(feedName(name))) },
        FeedMetadata: {
            type: 'object', required: ['total', 'limit', 'cursor'], description: 'Feeds have no pages.',
            properties: { total: { type: 'integer', format: 'int64', description: 'How many rows there are.' }, limit: { type: 'null' }, cursor: { type: 'null' } },
        },
        ...Object.fromEntries(names.map((name) => [feedName(name), {
            type: 'object', required: ['results', 'metadata'],
            properties: { results: { type: 'array', items: reference(`${feedName(name)}Row`) }, metadata: reference('FeedMetadata') },
        }])),
        ...Object.fromEntries(names.map((name) => [`${feedName(name)}Row`, feeds[name]])),
    };
}
export const withFeeds = (document, feeds) => between(document, FEEDS_BEGIN, FEEDS_END, yamlOf(feedSchemasOf(feeds)));

const FEED_TYPES = { int64: 'whole number', double: 'number', date: 'date', 'date-time': 'instant' };
function feedRowOf([name, column]) {
    const optional = Array.isArray(column.type), kind = [column.type].flat()[0];
    const values = (column.enum ?? []).filter((word) => word !== null).map((word) => `\`${word}\``).join(' ');
    return `| \`${name}\` | ${FEED_TYPES[column.format] ?? { boolean: 'true, false', string: values ? 'word' : 'text' }[kind]} | ${optional ? '' : 'always'} | ${column.description}${values ? ` ${values}` : ''} |`;
}
export function withFeedTables(page, feeds) {
    const lines = Object.entries(feeds).flatMap(([name, schema]) => [
        '', `### ${name}`, '', schema.description, '', '| column | | | meaning |', '| --- | --- | --- | --- |', ...Object.entries(schema.properties).map(feedRowOf),
    ]);
    return between(page, TABLES_BEGIN, TABLES_END, `${lines.join('\n')}\n\n`);
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
    const aliases = column['x-qd-aliases']?.length ? ` Also read: ${column['x-qd-aliases'].map((alias) => `\`${alias}\``).join(', ')}.` : '';
    const example = column.example === undefined ? '' : `\`${column.example}\``;
    return `| \`${name}\` | ${needed} | ${typeOf(column)} | ${column.description}${kept}${aliases} | ${values} | ${example} |`;
}

export function columnsPage(parts) {
    const lines = [
        '# Columns', '',
        'Generated from the tables that the service reads files by: `tools/openapi_parts.sh`. Do not edit.', '',
        '**R**: a row without it is an error. **N**: an item of the national collection; it may be blank, and then counts against',
        'completeness (KPI 1.14). The others may be blank or left out.', '',
        'Headers match without regard to case, spaces, hyphens and underscores, in any order, as do the other headers named by *also read*. Dates are `YYYY-MM-DD` or, in CSV,',
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

// ---- docs/framework.md ----

export const FRAMEWORK_PAGE = path.join(ROOT, 'docs/framework.md');
export const FRAMEWORK_SCHEMA = path.join(ROOT, 'frameworks/framework.schema.json');

// In the words of the page: required, or what holds where the member is left out ("default" as JSON, "$comment" in words).
function memberOf([name, member], required) {
    const otherwise = member.$comment ?? (member.default === undefined ? '' : `\`${typeof member.default === 'string' ? member.default : JSON.stringify(member.default)}\``);
    return `| \`${name}\` | ${required.includes(name) ? 'required' : otherwise} | ${member.description} |`;
}
function membersOf(definition) {
    return ['| member | | meaning |', '| --- | --- | --- |', ...Object.entries(definition.properties).map((entry) => memberOf(entry, definition.required ?? []))];
}
function conditionsOf(definition) {
    return ['| condition | holds when |', '| --- | --- |', ...definition.oneOf.map((one) => `| \`${one.const}\` | ${one.description} |`)];
}
function columnsOf(schema) {
    const names = (list) => list.map((name) => `\`${name}\``).join(', '), dates = schema.$defs.workingDays.properties.column.enum;
    const parts = Object.entries(schema.$defs).filter(([name]) => name.startsWith('where-')).map(([name, where]) => [name.slice('where-'.length), where.properties.column.enum]);
    return ['| part | columns |', '| --- | --- |', ...parts.map(([part, columns]) => `| \`${part}\` | ${names(part === 'referrals' ? [...columns, ...dates] : columns)} |`)];
}
// Between <!-- BEGIN generated: NAME --> and its END: the members of that definition ("file": of the whole), the conditions, the columns.
export function withFrameworkTables(page, schema) {
    return page.replace(/(<!-- BEGIN generated: ([A-Za-z]+) -->\n)[^]*?(<!-- END generated -->)/g, (all, begin, name, end) => {
        const lines = name === 'condition' ? conditionsOf(schema.$defs.condition) : name === 'columns' ? columnsOf(schema) : membersOf(name === 'file' ? schema : schema.$defs[name]);
        return `${begin}\n${lines.join('\n')}\n\n${end}`;
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const parts = partsOf(process.argv[2]), feeds = feedsOf(process.argv[2]);
    fs.writeFileSync(OPENAPI, withFeeds(withParts(fs.readFileSync(OPENAPI, 'utf8'), parts), feeds));
    fs.writeFileSync(FEEDS, withFeedTables(fs.readFileSync(FEEDS, 'utf8'), feeds));
    fs.writeFileSync(COLUMNS, columnsPage(parts));
    fs.writeFileSync(FRAMEWORK_PAGE, withFrameworkTables(fs.readFileSync(FRAMEWORK_PAGE, 'utf8'), JSON.parse(fs.readFileSync(FRAMEWORK_SCHEMA, 'utf8'))));
}
