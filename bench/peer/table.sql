-- What the peer reads: the figures of a dashboard as a service would store them that counts nothing when it is asked, one row a KPI.
-- :body is a dashboard's JSON, :reader the role that the peer connects as.
CREATE TABLE bench_dashboard (
    service text, period text, framework text, framework_version int, as_at text, provisional boolean,
    returns_expected int, returns_submitted int, returns_missing text[],
    green int, amber int, red int, baseline int, no_data int, not_due int,
    PRIMARY KEY (service, period)
);
CREATE TABLE bench_figure (
    service text, period text, position int,
    ref text, section text, title text, unit text, direction text,
    target_annual float8, target_to_date float8, target_quarter float8, minimum_annual float8, minimum_to_date float8,
    tolerance_kind text, tolerance_value float8, tolerance_green float8, tolerance_red float8, tolerance_source text,
    cohort_from text, cohort_to text,
    quarter_numerator int, quarter_denominator int, quarter_value float8, quarter_rag text, quarter_reached text,
    quarter_unknown int, quarter_among_known float8, quarter_distinct int,
    year_numerator int, year_denominator int, year_value float8, year_rag text, year_reached text, year_lower float8, year_upper float8,
    year_unknown int, year_among_known float8, year_distinct int,
    rag text, coverage_expected int, coverage_reported int, partial boolean, previous_period text, previous_rag text,
    forecast float8, earned text, raises_plan boolean,
    plan_id text, plan_opened_for text, plan_status text, plan_due text, plan_overdue boolean, plan_escalated boolean,
    PRIMARY KEY (service, period, position)
);
INSERT INTO bench_dashboard
SELECT d->>'service', d->>'period', d->'framework'->>'id', (d->'framework'->>'version')::int, d->>'asAt', (d->>'provisional')::boolean,
       (d->'returns'->>'expected')::int, (d->'returns'->>'submitted')::int, ARRAY(SELECT json_array_elements_text(d->'returns'->'missing')),
       (d->'summary'->>'GREEN')::int, (d->'summary'->>'AMBER')::int, (d->'summary'->>'RED')::int, (d->'summary'->>'BASELINE')::int,
       (d->'summary'->>'NO_DATA')::int, (d->'summary'->>'NOT_DUE')::int
FROM (SELECT :'body'::json AS d) AS dashboard;
INSERT INTO bench_figure
SELECT d->>'service', d->>'period', position,
       k->>'ref', k->>'section', k->>'title', k->>'unit', k->>'direction',
       (k#>>'{target,annual}')::float8, (k#>>'{target,toDate}')::float8, (k#>>'{target,quarter}')::float8,
       (k#>>'{target,minimum,annual}')::float8, (k#>>'{target,minimum,toDate}')::float8,
       k#>>'{tolerance,kind}', (k#>>'{tolerance,value}')::float8, (k#>>'{tolerance,green}')::float8, (k#>>'{tolerance,red}')::float8,
       k#>>'{tolerance,source}', k#>>'{cohort,from}', k#>>'{cohort,to}',
       (k#>>'{quarter,numerator}')::int, (k#>>'{quarter,denominator}')::int, (k#>>'{quarter,value}')::float8, k#>>'{quarter,rag}',
       k#>>'{quarter,reached}', (k#>>'{quarter,unknown}')::int, (k#>>'{quarter,valueAmongKnown}')::float8, (k#>>'{quarter,distinctClients}')::int,
       (k#>>'{yearToDate,numerator}')::int, (k#>>'{yearToDate,denominator}')::int, (k#>>'{yearToDate,value}')::float8, k#>>'{yearToDate,rag}',
       k#>>'{yearToDate,reached}', (k#>>'{yearToDate,interval95,lower}')::float8, (k#>>'{yearToDate,interval95,upper}')::float8,
       (k#>>'{yearToDate,unknown}')::int, (k#>>'{yearToDate,valueAmongKnown}')::float8, (k#>>'{yearToDate,distinctClients}')::int,
       k->>'rag', (k#>>'{coverage,expected}')::int, (k#>>'{coverage,reported}')::int, (k->>'partial')::boolean,
       k#>>'{previous,period}', k#>>'{previous,rag}', (k->>'forecast')::float8, k->>'earned', (k->>'raisesPlan')::boolean,
       k#>>'{actionPlan,id}', k#>>'{actionPlan,openedFor}', k#>>'{actionPlan,status}', k#>>'{actionPlan,dueDate}',
       (k#>>'{actionPlan,overdue}')::boolean, (k#>>'{actionPlan,escalated}')::boolean
FROM (SELECT :'body'::json AS d) AS dashboard, json_array_elements(d->'kpis') WITH ORDINALITY AS kpi (k, position);
GRANT SELECT ON bench_dashboard, bench_figure TO :"reader";
ANALYZE bench_dashboard, bench_figure;
