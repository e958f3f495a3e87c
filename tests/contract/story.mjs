// What the sample tells besides its figures (docs/operator.md): who has signed what and when, the plans in all their states, the correction.
import { SERVICE, equal, keys, ok, send } from './lib.mjs';

const ask = async (path, key = keys.commissioner) => (await send({ path, key })).json;

async function checkReturns() {
    const { results } = await ask('/v1/returns?limit=500'), of = (provider, period) => results.find((r) => r.provider === provider && r.period === period);
    for (const period of ['2024-25-Q1', '2024-25-Q2', '2024-25-Q3', '2024-25-Q4'])
        for (const provider of ['homerton', 'pharmacies']) equal([of(provider, period).status, of(provider, period).onTime], ['LOCKED', true], `${provider} ${period}: signed in time, locked since`);
    const corrected = of('homerton', '2025-26-Q1'), history = (await ask(`/v1/returns/${SERVICE}/homerton/2025-26-Q1/history?limit=500`)).results;
    equal([corrected.status, corrected.periodFinal, corrected.signOff.times, corrected.onTime], ['SUBMITTED', true, 2, true], 'homerton 2025-26-Q1: corrected and signed again');
    equal(history.filter((v) => v.reason).map((v) => [v.part, v.version, v.updated > 0, v.reason]), [['episodes', 2, true, 'The outcomes of the June clinics were found.']], 'with its reason');
    const late = of('pharmacies', '2025-26-Q2');
    equal([late.status, late.onTime, late.missingParts, late.signOff, late.periodFinal], ['OPEN', false, [], null, false], 'pharmacies 2025-26-Q2: sent, never signed, late');
    const missing = of('pharmacies', '2025-26-Q3');
    equal([missing.status, missing.onTime, missing.missingParts], ['OPEN', null, ['contacts']], 'pharmacies 2025-26-Q3: the calls are missing');
    equal([of('homerton', '2025-26-Q3').status, of('homerton', '2025-26-Q4').parts], ['SUBMITTED', []], 'homerton has signed 2025-26-Q3, and nothing is there of the quarter in hand');
}

async function checkPlans() {
    const { results } = await ask('/v1/action-plans?limit=500'), states = new Set(results.map((plan) => plan.status));
    equal(['REQUIRED', 'DRAFT', 'SUBMITTED', 'AGREED', 'CLOSED', 'WITHDRAWN'].filter((status) => !states.has(status)), [], 'plans stand in every state');
    ok(results.some((plan) => plan.overdue && plan.escalated), 'one is overdue and escalated');
    ok(results.some((plan) => plan.origin === 'HAND'), 'one was opened by hand');
    const whole = await Promise.all(results.map((plan) => ask(`/v1/action-plans/${plan.id}`)));
    ok(whole.some((plan) => plan.updates.length > 1), 'one has several monthly updates');
    const ends = whole.map((plan) => `${plan.status} ${plan.history.at(-1).comment}`);
    ok(ends.some((end) => /^CLOSED Green in 20/.test(end)), 'one closed by itself when its KPI was green again', ends.join('\n'));
    ok(ends.some((end) => /^WITHDRAWN A corrected return makes 2025-26-Q1 GREEN/.test(end)), 'one was withdrawn by the correction', ends.join('\n'));
    ok(whole.some((plan) => plan.history.some((step) => step.from === 'SUBMITTED' && step.to === 'DRAFT' && step.comment)), 'one was sent back with a comment');
}

export async function checkStory() {
    await checkReturns();
    await checkPlans();
}
