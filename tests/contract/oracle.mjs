// oracle: contract sections 5 and 6 a second time, from the uploaded files themselves, for all 29 KPIs. Shares nothing with the service but the contract: run.mjs compares the two on the sample, quarter by quarter.
import fs from 'node:fs';
import path from 'node:path';

export function readCsv(text) {
    text = text.replace(/^\ufeff/, '');
    const rows = [];
    let row = [], cell = '', quoted = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i];
        if (quoted) {
            if (c !== '"') cell += c;
            else if (text[i + 1] === '"') { cell += '"'; i++; }
            else quoted = false;
        } else if (c === '"') quoted = true;
        else if (c === ',') { row.push(cell); cell = ''; }
        else if (c === '\n') { row.push(cell.replace(/\r$/, '')); rows.push(row); row = []; cell = ''; }
        else cell += c;
    }
    if (cell || row.length) { row.push(cell.replace(/\r$/, '')); rows.push(row); }
    const [header, ...data] = rows;
    const loose = (name) => name.toLowerCase().replace(/[\s_-]/g, '');
    return data.map((values) => Object.fromEntries(header.map((name, i) => [loose(name), values[i].trim()])));
}

const DAY = 86400000;
export function dayOf(text) {
    if (!text) return null;
    const british = /^(\d+)\/(\d+)\/(\d{4})$/.exec(text);
    const [y, m, d] = british ? [british[3], british[2], british[1]] : text.split('-');
    return Date.UTC(+y, +m - 1, +d) / DAY;
}

// A period is year * 4 + quarter - 1, as a number.
export const periodNumber = (text) => +text.slice(0, 4) * 4 + +text.slice(9) - 1;
export const periodText = (p) => {
    const year = Math.floor(p / 4);
    return `${year}-${String((year + 1) % 100).padStart(2, '0')}-Q${(p % 4) + 1}`;
};
const periodOfDay = (day) => {
    const date = new Date(day * DAY);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth() - 3;
    return Math.floor(month / 3);
};

const NATIONAL = {
    gender: 'Male (including trans man)|1|Female (including trans woman)|2|Non-binary|3|Other (not listed)|4|Not Stated (asked, declined)|Z|Not Known (not recorded) [default code]|X',
    nssec: 'Full-time student|01|Never worked or unemployed for over one year|02|Retired|03|Home carer (looking after children, family or home)|04|Sick or disabled and unable to work|05|Managerial/professional|06|Intermediate|07|Routine and manual|08|Other (not listed) / unable to code|96',
    aid: 'Combination of licensed nicotine containing products, concurrently|10|Bupropion only|11|Varenicline only|12|Licensed nicotine containing product and/or bupropion and/or varenicline, consecutively|13|' +
        'Licensed medication and unlicensed nicotine containing product, concurrently|14|Licensed medication and unlicensed nicotine containing product, consecutively|15|' +
        'Unlicensed nicotine containing product only|16|No licensed medication and no unlicensed nicotine containing product|17|Treatment option not known|99|Single NRT product only|LA|Cytisine (cytisinicline) only|LE',
    interventiontype: 'Group, in person only (closed, couple/family, open rolling)|07|One-to-one multi-session, in person only|08|One-to-one multi-session, telephone only|09|' +
        'One-to-one multi-session, remote video link/online only|10|Single support session (in person, telephone or video)|11|Group, remote video link/online|12|' +
        'Combination of in person and telephone or remote/online (multi-session)|13|Digital support via stop smoking mobile app alone|14|Combination of one-to-one and mobile app (multi-session)|15|Other (not listed)|97',
    setting: 'Community|10|Pharmacy|13|General medical practice|15|Maternity|16|Hospital|22',
    localauthority: 'Hackney|E09000012|City of London|E09000001',
};
const LABELS = {};
for (const [column, list] of Object.entries(NATIONAL)) {
    const parts = list.split('|');
    LABELS[column] = new Map();
    for (let i = 0; i < parts.length; i += 2) LABELS[column].set(parts[i], parts[i + 1]);
}
export const code = (row, column) => {
    const value = LABELS[column]?.get(row[column]) ?? row[column];
    return column === 'nssec' && value.length === 1 ? `0${value}` : value;
};
export const yes = (text) => /^(y|yes|true|1)$/i.test(text ?? '');

// The files in force: of each provider, period and part the last one that the manifest uploads.
function filesOf(folder) {
    const files = new Map();
    for (const line of fs.readFileSync(path.join(folder, 'manifest.txt'), 'utf8').trim().split('\n')) {
        const [method, target, , file] = line.split('\t');
        if (method !== 'PUT') continue;
        const [provider, period, part] = target.split('?')[0].split('/').slice(4);
        files.set(`${provider} ${period} ${part}`, { provider, period: periodNumber(period), part, file });
    }
    return [...files.values()];
}

// What the sample's folder holds: episodes with what is known of each stage, and the rows of the other parts.
export function readSample(folder) {
    const sample = { episodes: [], sites: [], 'harm-reduction': [], referrals: [], contacts: [], 'training-sessions': [] };
    const episodes = new Map(), followUps = [];
    for (const { provider, period, part, file } of filesOf(folder)) {
        const rows = readCsv(fs.readFileSync(path.join(folder, file), 'utf8'));
        if (part === 'sites') sample.sites.push({ provider, period, rows });
        else if (part === 'follow-ups') followUps.push(...rows.map((row) => ({ provider, row })));
        else if (part !== 'episodes') sample[part]?.push(...rows.map((row) => ({ provider, period, row })));
        else for (const row of rows) episodes.set(`${provider} ${row.episodeid}`, episodeOf(provider, period, row));
    }
    for (const { provider, row } of followUps) {
        const e = episodes.get(`${provider} ${row.episodeid}`);
        if (!e) throw new Error(`follow-up of an unknown episode ${row.episodeid}`);
        learn(e, row.stage, { outcome: row.outcome, day: dayOf(row.date), method: row.method, co: row.coppm, coDay: dayOf(row.codate) });
    }
    sample.episodes = [...episodes.values()];
    for (const e of sample.episodes) e.setting = e.row.setting || settingOfSite(sample.sites, e);
    return sample;
}

function episodeOf(provider, period, row) {
    const e = { provider, period, row, quit: dayOf(row.quitdate), stages: {} };
    learn(e, '4W', { outcome: row.outcome4w, day: dayOf(row.followup4wdate), method: row.followup4wmethod, co: row.co4wppm,
        coDay: dayOf(row.co4wdate) });
    return e;
}

// The newest list of sites at or before the episode's period lends its setting.
function settingOfSite(lists, e) {
    const inForce = lists.filter((l) => l.provider === e.provider && l.period <= e.period).sort((a, b) => b.period - a.period)[0];
    return inForce?.rows.find((site) => site.siteid === e.row.site)?.setting ?? '';
}

function learn(episode, stage, news) {
    if (!news.outcome) return;
    const old = episode.stages[stage];
    if (!old || (news.day ?? -Infinity) >= (old.day ?? -Infinity)) episode.stages[stage] = news;
}

const within = (e, stage, from, to) => {
    const s = e.stages[stage];
    return s?.day != null && s.day - e.quit >= from && s.day - e.quit <= to ? s.outcome : '';
};

export function derive(e, asAt) {
    const due = (days) => e.quit + days < asAt;
    const known4 = within(e, '4W', 25, 42), known12 = within(e, '12W', 81, 98);
    const s4 = e.stages['4W'] ?? {}, s12 = e.stages['12W'] ?? {};
    const d = { due4: due(42), due12: due(98), due26: due(210), due52: due(393) };
    d.quit4 = d.due4 && known4 === '1';
    d.notQuit4 = d.due4 && known4 === '2';
    d.lost4 = d.due4 && !d.quit4 && !d.notQuit4;
    const coDay = s4.coDay ?? s4.day;
    d.co4 = d.quit4 && s4.co !== '' && s4.co != null && +s4.co < 10 && coDay - e.quit >= 25 && coDay - e.quit <= 42 &&
        (s4.coDay != null || s4.method === 'FACE_TO_FACE' || s4.method === '');
    d.quit12 = d.due12 && d.quit4 && known12 === '1';
    d.co12 = d.quit12 && s12.co !== '' && s12.co != null && +s12.co < 10;
    d.known26 = /[12]/.test(within(e, '26W', 168, 210));
    d.known52 = /[12]/.test(within(e, '52W', 351, 393));
    d.satisfied = d.quit4 && +e.row.satisfaction >= 4;
    return d;
}

// The items that the national collection asks of an episode, and whether each is there.
export function itemsOf(e, asAt) {
    const r = e.row, items = {
        ethnicCategory: r.ethniccategory !== '', gender: r.gender !== '' && code(r, 'gender') !== 'X', sexualOrientation: r.sexualorientation !== '',
        nssec: r.nssec !== '' && code(r, 'nssec') !== '96', freePrescription: r.freeprescription !== '',
    };
    if (code(r, 'gender') !== '1') items.pregnant = r.pregnant !== '';
    Object.assign(items, { interventionType: r.interventiontype !== '', setting: e.setting !== '', aid: r.aid !== '' && !['99', 'LK'].includes(code(r, 'aid')) });
    if (e.quit + 42 < asAt) items.outcome4w = Boolean(e.stages['4W']?.outcome);
    return items;
}

function completeness(e, asAt) {
    const items = Object.values(itemsOf(e, asAt));
    return [items.filter(Boolean).length, items.length];
}

const sum = (list, pick) => list.reduce((total, x) => total + Number(pick(x)), 0);
const rate = (numerator, denominator) => (list) => [sum(list, numerator), sum(list, denominator)];
const share = (test) => (list) => [sum(list, (x) => test(x.e)), list.length];
const count = (test) => (list) => [sum(list, (x) => test(x.e)), null];
const eth = (test) => share((e) => test(e.row.ethniccategory));

// Each KPI: the days after the quit date on which its cohort closes (0: by quit date itself) and how it counts.
export const KPIS = {
    1.1: [0, count(() => true)],
    1.2: [0, count((e) => code(e.row, 'localauthority') === 'E09000012')],
    1.3: [0, count((e) => code(e.row, 'localauthority') === 'E09000001')],
    1.4: [0, rate((x) => x.quit4, (x) => x.due4)],
    1.5: [0, rate((x) => x.quit4, (x) => x.due4)],
    1.6: [0, rate((x) => x.co4, (x) => x.quit4)],
    1.7: [98, rate((x) => x.quit12, (x) => x.due12)],
    1.8: [98, rate((x) => x.co12, (x) => x.quit12)],
    1.9: [0, rate((x) => x.lost4, (x) => x.due4)],
    '1.10': [210, rate((x) => x.due26 && x.quit4 && x.known26, (x) => x.due26 && x.quit4)],
    1.11: [393, rate((x) => x.due52 && x.quit4 && x.known52, (x) => x.due52 && x.quit4)],
    1.13: [0, rate((x) => x.satisfied, (x) => x.quit4)],
    1.14: [0, (list) => list.reduce(([a, b], x) => [a + x.items[0], b + x.items[1]], [0, 0])],
    4.1: [0, share((e) => e.row.imdquintile === '1')],
    4.2: [0, share((e) => code(e.row, 'nssec') === '08')],
    '4.3a': [0, eth((c) => ['CT', 'CK', 'CY'].includes(c))],
    '4.3b': [0, eth((c) => /^[MNP]/.test(c))],
    '4.3c': [0, eth((c) => c.startsWith('K'))],
    '4.3d': [0, eth((c) => c === 'CE')],
    4.4: [0, share((e) => yes(e.row.seriousmentalillness))],
    4.5: [0, share((e) => yes(e.row.pregnant))],
};

// ---- the other parts: by the period of the return, not by quit date ----

const HOLIDAYS = new Set(['2024-01-01', '2024-03-29', '2024-04-01', '2024-05-06', '2024-05-27', '2024-08-26', '2024-12-25', '2024-12-26',
    '2025-01-01', '2025-04-18', '2025-04-21', '2025-05-05', '2025-05-26', '2025-08-25', '2025-12-25', '2025-12-26',
    '2026-01-01', '2026-04-03', '2026-04-06'].map(dayOf));
const isWorkday = (day) => new Date(day * DAY).getUTCDay() % 6 !== 0 && !HOLIDAYS.has(day);
function workdays(from, to) {
    let n = 0;
    for (let day = from + 1; day <= to; day++) n += isWorkday(day);
    return n;
}
function limitDay(received, n) {
    let day = received;
    while (workdays(received, day) < n) day++;
    return day;
}

const within2And5 = (column, n) => (list, asAt) => {
    const due = list.filter(({ row }) => limitDay(dayOf(row.receiveddate), n) < asAt);
    return [sum(due, ({ row }) => row[column] !== '' && workdays(dayOf(row.receiveddate), dayOf(row[column])) <= n), due.length];
};
const sessions = (type) => (list) => [sum(list, ({ row }) => row.type === type && +row.attendees >= 6), null];
const REDUCED = ['CUT_DOWN_HALF_OR_MORE', 'PARTIAL_SWITCH', 'TEMPORARY_ABSTINENCE'];

export const OTHERS = {
    1.12: ['harm-reduction', (list, asAt, quitters) => {
        const rows = list.filter((x) => !quitters.has(`${x.provider} ${x.row.episodeid}`));
        return [sum(rows, ({ row }) => REDUCED.includes(row.outcome)), rows.length];
    }],
    2.1: ['contacts', (list) => [sum(list, ({ row }) => row.callsansweredfirsttime), sum(list, ({ row }) => row.callsreceived)]],
    2.2: ['referrals', within2And5('contacteddate', 2)],
    2.3: ['referrals', within2And5('firstappointmentoffereddate', 5)],
    3.1: ['training-sessions', sessions('VBA')],
    3.2: ['training-sessions', sessions('PRACTITIONER')],
    3.3: ['training-sessions', sessions('REFRESHER')],
    3.4: ['training-sessions', (list) => [sum(list, ({ row }) => row.ratedgoodorverygood), sum(list, ({ row }) => row.ratingsreceived)]],
};

// { ref: { quarter: [numerator, denominator], yearToDate: [numerator, denominator] } }
export function figures(sample, period, asAt) {
    const p = periodNumber(period);
    const all = sample.episodes.map((e) => ({ e, ...derive(e, asAt), items: completeness(e, asAt) }));
    const out = {}, quitters = new Set(all.filter((x) => x.quit4).map((x) => `${x.e.provider} ${x.e.row.episodeid}`));
    for (const [ref, [part, measure]] of Object.entries(OTHERS)) {
        const rows = (from) => sample[part].filter((x) => x.period >= from && x.period <= p);
        out[ref] = { quarter: measure(rows(p), asAt, quitters), yearToDate: measure(rows(p - (p % 4)), asAt, quitters) };
    }
    for (const [ref, [days, measure]] of Object.entries(KPIS)) {
        const closes = (x) => (days ? periodOfDay(x.e.quit + days) : x.e.period);
        const from = p - (p % 4);
        out[ref] = {
            quarter: measure(all.filter((x) => closes(x) === p)),
            yearToDate: measure(all.filter((x) => closes(x) >= from && closes(x) <= p)),
        };
    }
    return out;
}
