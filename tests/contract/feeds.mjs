// The feeds: CSV and JSON say the same, every figure is that of the dashboard, and the snippets of docs/feeds.md work: curl and Python are run, R, PowerShell
// and Power Query are held against what the service knows (columns, feeds, parameters) and against their own brackets.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { SERVICE, document, equal, keys, ok, operations, running, send, text } from './lib.mjs';

const FEEDS = { 'kpi-results': 'KpiResultsFeedRow', returns: 'ReturnsFeedRow', 'action-plans': 'ActionPlansFeedRow', completeness: 'CompletenessFeedRow', breakdowns: 'BreakdownsFeedRow' };
const columnsOf = (feed) => Object.keys(document.components.schemas[FEEDS[feed]].properties);
const get = (target, headers) => send({ path: target, key: keys.feed, headers });

// RFC 4180, as another program would read it.
function parseCsv(source) {
    const rows = [[]];
    let field = '', quoted = false;
    for (let i = 0; i < source.length; i++) {
        const c = source[i];
        if (quoted && c === '"' && source[i + 1] === '"') field += source[++i];
        else if (c === '"') quoted = !quoted;
        else if (!quoted && c === ',') rows.at(-1).push(field), field = '';
        else if (!quoted && c === '\r' && source[i + 1] === '\n') rows.at(-1).push(field), field = '', rows.push([]), i++;
        else field += c;
    }
    rows.pop();
    return rows;
}
const unguarded = (field) => (/^'+[=+\-@]/.test(field) ? field.slice(1) : field);
const cellOf = (value) => (value === null ? '' : String(value));

async function checkFormats() {
    for (const feed of Object.keys(FEEDS)) {
        const csv = parseCsv((await get(`/v1/feeds/${feed}.csv`)).text), { results, metadata } = (await get(`/v1/feeds/${feed}.json`)).json;
        equal(csv[0], columnsOf(feed), `${feed}: the CSV header is the document's columns, in order`);
        equal([csv.length - 1, metadata.total], [results.length, results.length], `${feed}: as many rows in CSV as in JSON`);
        ok(results.length > 0, `${feed}: the sample has rows`);
        const differs = results.findIndex((row, i) => JSON.stringify(Object.values(row).map(cellOf)) !== JSON.stringify(csv[i + 1].map(unguarded)));
        ok(differs < 0, `${feed}: cell by cell`, `${JSON.stringify(results[differs])}\n${csv[differs + 1]}`);
    }
}

async function checkFigures() {
    const rows = (await get('/v1/feeds/kpi-results.json')).json.results, at = new Map(rows.map((r) => [`${r.period} ${r.provider} ${r.kpiRef} ${r.view}`, r]));
    let compared = 0;
    for (const period of new Set(rows.map((row) => row.period))) {
        for (const provider of [null, 'homerton', 'pharmacies']) {
            const board = (await send({ path: `/v1/dashboards/${SERVICE}/${period}${provider ? `?provider=${provider}` : ''}`, key: keys.commissioner })).json;
            for (const kpi of board.kpis) {
                for (const [view, figure] of [['QUARTER', kpi.quarter], ['YEAR_TO_DATE', kpi.yearToDate]]) {
                    const row = at.get(`${period} ${provider} ${kpi.ref} ${view}`), label = `${period} ${provider} ${kpi.ref} ${view}`;
                    const want = [figure.numerator, figure.denominator, figure.value, figure.rag, kpi.target.annual, kpi.target.toDate, kpi.partial, board.provisional];
                    const have = row && [row.numerator, row.denominator, row.value, row.rag, row.annualTarget, row.profiledTarget, row.partial, row.provisional];
                    if (JSON.stringify(have) !== JSON.stringify(want)) equal(have, want, `feed and dashboard: ${label}`);
                    compared++;
                }
            }
        }
    }
    equal(compared, rows.length, 'every row of kpi-results was held against a dashboard');
}

// ---- snippets ----

const snippets = () => Object.fromEntries([...text('docs/feeds.md').matchAll(/```(sh|python|r|powershell|m)\n([\s\S]*?)```/g)].map(([, kind, body]) => [kind, body]));
const hasCommand = (name) => process.env.PATH.split(':').some((folder) => fs.existsSync(path.join(folder, name)));

function run(command, args, cwd) {
    return new Promise((resolve) => {
        const env = { PATH: process.env.PATH, HOME: cwd, QUARTERDAY_URL: running.url, QUARTERDAY_FEED_KEY: keys.feed, QUARTERDAY_CA: running.caFile };
        const child = spawn(command, args, { cwd, env, timeout: 60000 }), out = [], err = [];
        child.stdout.on('data', (chunk) => out.push(chunk));
        child.stderr.on('data', (chunk) => err.push(chunk));
        child.on('error', (error) => resolve({ status: -1, out: '', err: error.message }));
        child.on('close', (status) => resolve({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    });
}

async function runSnippets(blocks) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'quarterday-feeds-'));
    const shell = await run('bash', ['-c', `set -euo pipefail\n${blocks.sh}`], folder);
    equal([shell.status, shell.err], [0, ''], 'the curl snippet runs');
    const want = await get('/v1/feeds/kpi-results.csv?from=2025-26-Q1'), file = path.join(folder, 'kpi-results.csv');
    ok(fs.existsSync(file) && fs.readFileSync(file).equals(want.bytes), 'and saves the feed, inflated');
    if (ok(hasCommand('python3'), 'python3 is there to run its snippet')) {
        const python = await run('python3', ['-c', blocks.python], folder), rows = (await get('/v1/feeds/kpi-results.json?from=2025-26-Q1')).json.results;
        const reds = rows.filter((row) => row.provider === null && row.view === 'YEAR_TO_DATE' && row.rag === 'RED');
        ok(reds.length > 0, 'the sample has reds');
        equal([python.status, python.err, python.out.trim().split('\n')], [0, '', reds.map((row) => `${row.period} ${row.kpiRef} ${row.value} ${row.target}`)], 'the Python snippet prints them');
    }
    fs.rmSync(folder, { recursive: true });
}

// '' when every string and bracket closes, in order.
function unclosed(source, quotes) {
    const open = [], pairs = { ')': '(', ']': '[', '}': '{' };
    for (let i = 0; i < source.length; i++) {
        const c = source[i];
        if (quotes.includes(c)) {
            const end = source.indexOf(c, i + 1);
            if (end < 0 || source.slice(i, end).includes('\n')) return `a string from ${source.slice(i, i + 20)}`;
            i = end;
        } else if ('([{'.includes(c)) open.push(c);
        else if (pairs[c] && open.pop() !== pairs[c]) return `${c} at ${source.slice(Math.max(0, i - 20), i + 1)}`;
    }
    return open.join('');
}

function checkWords(kind, body, quotes, named) {
    const parameters = operations.get('feed.get').parameters.filter((p) => p.in === 'query').map((p) => p.name);
    equal(unclosed(body, quotes), '', `${kind}: strings and brackets close`);
    const feed = body.match(/v1\/feeds\/([a-z-]+)\.(csv|json)/);
    ok(feed && FEEDS[feed[1]], `${kind}: asks for a feed that there is`, body);
    ok(/\bfrom ?= ?"?2025-26-Q1/.test(body) && parameters.includes('from'), `${kind}: with a parameter that there is`);
    const columns = columnsOf(feed[1]);
    ok(named.length >= 4 && named.every((name) => columns.includes(name)), `${kind}: every column that it names is one`, named.filter((name) => !columns.includes(name)).join(' '));
}

const all = (body, pattern) => [...body.matchAll(pattern)].map(([, name]) => name);

export async function checkFeeds() {
    await checkFormats();
    await checkFigures();
    const blocks = snippets();
    equal(Object.keys(blocks).sort(), ['m', 'powershell', 'python', 'r', 'sh'], 'docs/feeds.md has five snippets');
    await runSnippets(blocks);
    checkWords('R', blocks.r, `"'`, [...all(blocks.r, /(\w+) (?:==|= "character")/g), ...blocks.r.match(/service\[c\(([^)]*)\)/)[1].match(/\w+/g)]);
    checkWords('PowerShell', blocks.powershell, `"'`, [...all(blocks.powershell, /\$_\.(\w+)/g), ...blocks.powershell.match(/Select-Object ([\w, ]+)/)[1].split(', ').map((name) => name.trim())]);
    checkWords('Power Query', blocks.m, '"', [...all(blocks.m, /\{"(\w+)", type/g), ...all(blocks.m, /\[(\w+)\] =/g)]);
    ok(/Web\.Contents\("https:\/\/[a-z.]+", \[/.test(blocks.m) && /RelativePath = "v1\/feeds\//.test(blocks.m), 'Power Query: a literal address, the rest in RelativePath');
    ok(/^let\n[\s\S]*\nin\n {4}(\w+)\n$/.test(blocks.m) && new RegExp(`\\n {4}${blocks.m.match(/\nin\n {4}(\w+)\n$/)?.[1]} = `).test(blocks.m), 'Power Query: let ... in a step that it has');
}
