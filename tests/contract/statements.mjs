// Statements of payment by results: drafted, agreed, issued, never changed; for the sample's 2024-25, which is final, and 2025-26, which is not.
import { exampleBody, wrongBodies } from './chain.mjs';
import { SERVICE, call, equal, keys, ok, operations, send } from './lib.mjs';

const op = (id) => operations.get(id);
const HEADERS = { 'Content-Type': 'application/json' };
const draft = (status, label, params = {}) => call(op('statement.draft'), { key: keys.commissioner, params, headers: HEADERS, body: JSON.stringify(exampleBody(op('statement.draft'))), status, label });
const step = (number, body, status, label, params = {}) => call(op('statement.step'), { key: keys.commissioner, params: { number, ...params }, headers: HEADERS, body: JSON.stringify(body), status, label });

// Before the answers are asked for, so that there is a statement 1.
export async function checkStatements() {
    const payment = (await send({ path: `/v1/payments/${SERVICE}/2024-25`, key: keys.commissioner })).json;
    const first = (await draft(201, 'of a final year')).json;
    const { statements, adjustmentPence, ...figures } = payment;
    equal([first.number, first.status, first.duePence, first.figures], [1, 'DRAFT', payment.paymentPence, figures], 'the figures are frozen as they are');
    await step(1, { status: 'ISSUED' }, 409, 'issued before it is agreed');
    await step(1, {}, 422, 'without a status');
    equal((await step(1, exampleBody(op('statement.step')), 200, 'agreed')).json.status, 'AGREED', 'it is agreed');
    const issued = (await step(1, { status: 'ISSUED' }, 200, 'issued')).json;
    equal(issued.history.map((s) => [s.status, s.comment]), [['DRAFT', 'For the contract meeting.'], ['AGREED', 'Agreed at the meeting.'], ['ISSUED', null]], 'every step is kept');
    await draft(409, 'when nothing has changed');
    const after = (await send({ path: `/v1/payments/${SERVICE}/2024-25`, key: keys.commissioner })).json;
    equal([after.adjustmentPence, after.statements.map((s) => [s.number, s.status])], [0, [[1, 'ISSUED']]], 'the payment knows what was issued');
    const params = { year: '2025-26' }, forecast = (await draft(201, 'of a year that is not over', params)).json;
    await step(forecast.number, { status: 'AGREED' }, 200, 'a forecast, agreed', params);
    await step(forecast.number, { status: 'ISSUED' }, 409, 'a forecast, issued', params);
    for (const id of ['statement.draft', 'statement.step']) await wrongBodies(op(id), keys.commissioner);
    ok(true, 'statements were told');
}
