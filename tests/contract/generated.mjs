// What is generated is current, and the lists of codes are the same in C, in the document and in docs/errors.md.
import { BINARY, document, equal, ok, send, text } from './lib.mjs';
import { COLUMNS, FEEDS, OPENAPI, columnsPage, feedsOf, partsOf, withFeedTables, withFeeds, withParts } from './generate.mjs';
import fs from 'node:fs';

// The X(...) entries of a list macro: its lines up to the first that does not end in a backslash.
function listOf(source, macro) {
    const lines = text(source).split('\n'), from = lines.findIndex((line) => line.startsWith(`#define ${macro}(X)`));
    const to = lines.findIndex((line, i) => i >= from && !/\\\s*$/.test(line));
    return [...lines.slice(from, to + 1).join('\n').matchAll(/X\((\w+),\s*(\w+)/g)].map(([, name, second]) => [name, second]);
}

function tableOf(page) {
    const rows = page.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line));
    return rows.map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

function checkCodes() {
    const problems = listOf('base/err.h', 'ERR_LIST'), findings = listOf('returns/finding.h', 'FINDING_LIST');
    ok(problems.length > 20 && findings.length > 25, 'the lists are found in C', `${problems.length}, ${findings.length}`);
    equal([...document.components.schemas.ProblemCode.enum].sort(), problems.map(([name]) => name).sort(), 'ProblemCode is the list of base/err.h');
    equal([...document.components.schemas.FindingCode.enum].sort(), findings.map(([name]) => name).sort(), 'FindingCode is the list of returns/finding.h');

    const page = text('docs/errors.md'), [first, second] = page.split('\n## Codes of rows');
    const told = [tableOf(first), tableOf(second ?? '')];
    equal(told[0].map(([code]) => code.slice(1, -1)).sort(), problems.map(([name]) => name).sort(), 'docs/errors.md has every problem code once');
    equal(told[1].map(([code]) => code.slice(1, -1)).sort(), findings.map(([name]) => name).sort(), 'docs/errors.md has every row code once');
    for (const cells of told.flat()) ok(cells.length >= 3 && cells.every((cell) => cell.length > 0), `${cells[0]} has its meaning and what to do`, cells.join(' | '));
    const statuses = new Map(problems);
    for (const [code, meaning] of told[0]) ok(meaning.startsWith(`${statuses.get(code.slice(1, -1))}.`), `${code} names its status`, meaning);
    return [...problems, ...findings].map(([name]) => name);
}

async function checkPages(codes) {
    for (const code of new Set(codes)) {
        const slug = code.toLowerCase().replaceAll('_', '-'), answer = await send({ path: `/problems/${slug}` });
        ok(answer.status === 200 && answer.text.includes(code) && /<p>[^<]{20,}<\/p>/.test(answer.text), `/problems/${slug} explains it`, answer.text.replace(/<style>[^]*<\/style>/, '').slice(0, 400));
    }
}

export async function checkGenerated() {
    const parts = partsOf(BINARY), current = fs.readFileSync(OPENAPI, 'utf8');
    ok(withParts(current, parts) === current, 'the row schemas in openapi.yaml are current', 'run tools/openapi_parts.sh');
    ok(fs.existsSync(COLUMNS) && columnsPage(parts) === fs.readFileSync(COLUMNS, 'utf8'), 'docs/columns.md is current', 'run tools/openapi_parts.sh');
    const feeds = feedsOf(BINARY), page = fs.readFileSync(FEEDS, 'utf8');
    ok(withFeeds(current, feeds) === current, 'the rows of the feeds in openapi.yaml are current', 'run tools/openapi_parts.sh');
    ok(withFeedTables(page, feeds) === page, 'the columns in docs/feeds.md are current', 'run tools/openapi_parts.sh');
    await checkPages(checkCodes());
}
