// The README's commands, word for word, against the running service: its ```sh blocks after <!-- tested --> run one after the other in
// one shell; "# → text" in a block must be in what the block prints; a ```json block after <!-- tested --> must be part of an answer.
// What differs from a reader's terminal: the port, and a folder of its own in which .run is the running service's home.
//   node tests/contract/readme.mjs      alone; run.mjs ends with it
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { agent, attempt, finish, ok, running, text } from './lib.mjs';

const HOME = path.dirname(process.env.QUARTERDAY_RUN_JSON ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../../.run/run.json'));
const END_OF_BLOCK = '---- end of block ----';

function blocksOf(page) {
    return [...page.matchAll(/<!-- tested -->\n```(sh|json)\n([\s\S]*?)```/g)].map(([, kind, body]) => ({ kind, body }));
}

function runAll(blocks) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'quarterday-readme-'));
    fs.symlinkSync(path.resolve(HOME), path.join(folder, '.run'));
    const commands = blocks.map((block) => `${block.body}\necho; echo '${END_OF_BLOCK}'\n`).join('');
    const script = `set -eu\n${commands.replaceAll('https://127.0.0.1:8443', running.url)}`;
    const result = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8', timeout: 120000, maxBuffer: 1 << 26 });
    fs.rmSync(folder, { recursive: true });
    ok(result.status === 0, "the README's commands run to their end", `${result.error ?? ''}${result.stderr}`);
    return result.stdout.split(`\n${END_OF_BLOCK}\n`);
}

// The JSON documents of an output: one a line, or one after the other.
function documentsOf(output) {
    return output.replaceAll('}{"', '}\n{"').split('\n').flatMap((line) => {
        try {
            return line.startsWith('{') ? [JSON.parse(line)] : [];
        } catch {
            return [];
        }
    });
}

function isPart(small, large) {
    if (Array.isArray(small)) return Array.isArray(large) && small.every((item) => large.some((other) => isPart(item, other)));
    if (small === null || typeof small !== 'object') return small === large;
    return large !== null && typeof large === 'object' && Object.entries(small).every(([key, value]) => isPart(value, large[key]));
}

function checkLinks(page) {
    const file = (link) => path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..', link);
    for (const [, link] of page.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)) ok(fs.existsSync(file(link)), `the README's link ${link} leads somewhere`);
}

export async function checkReadme() {
    const page = text('README.md'), blocks = blocksOf(page), commands = blocks.filter((block) => block.kind === 'sh');
    ok(commands.length >= 4, 'the README has commands to run');
    const outputs = runAll(commands);
    commands.forEach(({ body }, i) => {
        for (const [, fragment] of body.matchAll(/^# → (.*)$/gm))
            ok(outputs[i]?.includes(fragment), `the README's block ${i + 1} prints ${fragment}`, outputs[i]?.slice(0, 600));
    });
    const answers = outputs.flatMap(documentsOf).flatMap((answer) => [answer, ...(answer.kpis ?? [])]);
    for (const { body } of blocks.filter((block) => block.kind === 'json')) {
        const shown = JSON.parse(body), name = shown.ref ?? shown.code;
        ok(answers.some((answer) => isPart(shown, answer)), `what the README shows of ${name} is what the service answers`,
            JSON.stringify(answers.find((answer) => (answer.ref ?? answer.code) === name))?.slice(0, 1500));
    }
    checkLinks(page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await attempt('README', checkReadme);
    agent.destroy();
    finish();
}
