// The peer of dashboards: one query a request, the answer built from its rows, as Fastify and pg are commonly used. It counts nothing, judges no
// dates and keeps no versions: table.sql has stored for it what Quarterday works out. It asks for the same key, over the same TLS.
//
//   PEER_CERT, PEER_KEY: PEM files; PEER_TOKEN: the key; PGHOST, PGPORT, PGUSER, PGDATABASE; prints the port.
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import pg from "pg";

const digest = (text) => createHash("sha256").update(text).digest();
const wanted = digest(`Bearer ${process.env.PEER_TOKEN}`);
const pool = new pg.Pool({ max: 8 });
const FIGURES = {
    name: "figures",
    text: `SELECT d.*, f.* FROM bench_dashboard d JOIN bench_figure f USING (service, period)
           WHERE d.service = $1 AND d.period = $2 ORDER BY f.position`,
};

// undefined leaves a member out.
const some = (value) => value ?? undefined;

const half = (kpi, side, extra) => ({
    numerator: kpi[`${side}_numerator`],
    denominator: kpi[`${side}_denominator`],
    value: kpi[`${side}_value`],
    rag: kpi[`${side}_rag`],
    reached: some(kpi[`${side}_reached`]),
    ...extra,
    unknown: some(kpi[`${side}_unknown`]),
    valueAmongKnown: some(kpi[`${side}_among_known`]),
    distinctClients: some(kpi[`${side}_distinct`]),
});

const minimum = (kpi) =>
    kpi.minimum_annual === null ? undefined : { annual: kpi.minimum_annual, toDate: kpi.minimum_to_date };

const interval = (kpi) => (kpi.year_lower === null ? null : { lower: kpi.year_lower, upper: kpi.year_upper });

const plan = (kpi) =>
    kpi.plan_id === null
        ? null
        : {
              id: kpi.plan_id,
              openedFor: kpi.plan_opened_for,
              status: kpi.plan_status,
              dueDate: kpi.plan_due,
              overdue: kpi.plan_overdue,
              escalated: kpi.plan_escalated,
          };

const figure = (kpi) => ({
    ref: kpi.ref,
    section: kpi.section,
    title: kpi.title,
    unit: kpi.unit,
    direction: kpi.direction,
    target: {
        annual: kpi.target_annual,
        toDate: kpi.target_to_date,
        quarter: some(kpi.target_quarter),
        minimum: minimum(kpi),
    },
    tolerance: {
        kind: kpi.tolerance_kind,
        value: kpi.tolerance_value,
        green: some(kpi.tolerance_green),
        red: some(kpi.tolerance_red),
        source: kpi.tolerance_source,
    },
    cohort: { from: kpi.cohort_from, to: kpi.cohort_to },
    quarter: half(kpi, "quarter"),
    yearToDate: half(kpi, "year", { interval95: interval(kpi) }),
    rag: kpi.rag,
    coverage: { expected: kpi.coverage_expected, reported: kpi.coverage_reported },
    partial: kpi.partial,
    previous: { period: kpi.previous_period, rag: kpi.previous_rag },
    forecast: kpi.forecast,
    earned: some(kpi.earned),
    raisesPlan: kpi.raises_plan,
    actionPlan: plan(kpi),
});

const dashboard = (head, kpis) => ({
    service: head.service,
    framework: { id: head.framework, version: head.framework_version },
    period: head.period,
    asAt: head.as_at,
    knownAt: null,
    provisional: head.provisional,
    returns: { expected: head.returns_expected, submitted: head.returns_submitted, missing: head.returns_missing },
    summary: {
        GREEN: head.green,
        AMBER: head.amber,
        RED: head.red,
        BASELINE: head.baseline,
        NO_DATA: head.no_data,
        NOT_DUE: head.not_due,
    },
    kpis: kpis.map(figure),
});

const app = Fastify({ https: { key: readFileSync(process.env.PEER_KEY), cert: readFileSync(process.env.PEER_CERT) } });

app.addHook("onRequest", async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ""), wanted)) return reply.code(401).send();
});

app.get("/v1/dashboards/:service/:period", async (request, reply) => {
    const { rows } = await pool.query({ ...FIGURES, values: [request.params.service, request.params.period] });
    if (!rows.length) return reply.code(404).send();
    return dashboard(rows[0], rows);
});

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
