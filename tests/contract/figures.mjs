// The sample's figures, quarter by quarter and on several days, against a second implementation (oracle.mjs) that reads the very files
// which were uploaded.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SERVICE, equal, keys, ok, program, send } from './lib.mjs';
import { KPIS, OTHERS, dayOf, figures, periodNumber, periodText, readSample } from './oracle.mjs';

const REFS = '1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11 1.12 1.13 1.14 2.1 2.2 2.3 3.1 3.2 3.3 3.4 4.1 4.2 4.3a 4.3b 4.3c 4.3d 4.4 4.5';
const DAYS = ['2024-08-15', '2025-02-12', '2025-12-01', '2026-02-11', '2026-02-20'];

async function dashboard(period, query = '') {
    return send({ path: `/v1/dashboards/${SERVICE}/${period}${query}`, key: keys.commissioner });
}

function compare(kpi, expected, label) {
    for (const view of ['quarter', 'yearToDate']) {
        const [numerator, denominator] = expected[view], have = kpi[view];
        if (denominator === 0) {
            ok(have.value === null, `${label} ${view}: nothing to divide by`, JSON.stringify(have));
            continue;
        }
        equal([have.numerator, have.denominator], [numerator, denominator], `${label} ${view}`);
        const value = denominator === null ? numerator : Math.floor((numerator * 20000 + denominator) / (2 * denominator)) / 100;
        equal(have.value, value, `${label} ${view}: value`);
    }
}

export function sampleOf() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'quarterday-sample-'));
    program('demo', folder);
    const sample = readSample(folder);
    fs.rmSync(folder, { recursive: true });
    return sample;
}

export async function checkFigures(sample) {
    for (let p = periodNumber('2024-25-Q1'); p <= periodNumber('2025-26-Q3'); p++) {
        for (const day of DAYS) {
            const answer = await dashboard(periodText(p), `?asAt=${day}`);
            if (!ok(answer.status === 200, `dashboard of ${periodText(p)} as at ${day}`, answer.text.slice(0, 400))) continue;
            equal(answer.json.kpis.map((kpi) => kpi.ref).join(' '), REFS, `${periodText(p)} as at ${day}: all 29 KPIs in order`);
            const expected = figures(sample, periodText(p), dayOf(day));
            for (const ref of Object.keys({ ...KPIS, ...OTHERS })) compare(answer.json.kpis.find((kpi) => kpi.ref === ref), expected[ref], `${periodText(p)} as at ${day}: ${ref}`);
            const rags = {};
            for (const kpi of answer.json.kpis) rags[kpi.rag] = (rags[kpi.rag] ?? 0) + 1;
            for (const [rag, count] of Object.entries(answer.json.summary)) equal(count, rags[rag] ?? 0, `${periodText(p)} as at ${day}: summary of ${rag}`);
        }
    }
    const demo = await dashboard('2025-26-Q3');
    equal(demo.json?.summary, { GREEN: 12, AMBER: 9, RED: 6, BASELINE: 2, NO_DATA: 0, NOT_DUE: 0 }, 'the demo shows its greens, ambers and reds');
}
