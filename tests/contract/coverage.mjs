// Every documented status of every operation was provoked, except those that a healthy service does not give.
import { live, note, ok, operations, provoked } from './lib.mjs';

const NOT_AT_WILL = new Set(['429', '500', '503']);

export function checkCoverage() {
    let all = 0;
    for (const operation of operations.values()) {
        for (const status of Object.keys(operation.responses)) {
            all++;
            const why = live.get(`${operation.id} ${status}`);
            if (why) note(`not provoked: ${operation.id} ${status}: ${why}`);
            const isRace = operation.responses[status].$ref?.endsWith('/InProgress'); // two requests at the same moment: tests/http/once.c
            if (why || isRace || (NOT_AT_WILL.has(status) && !provoked.has(`${operation.id} ${status}`))) continue;
            ok(provoked.has(`${operation.id} ${status}`), `${operation.id} ${status} was provoked`);
        }
    }
    note(`${provoked.size} of ${all} documented answers were provoked; not provoked at will: ${[...NOT_AT_WILL].join(', ')}`);
}
