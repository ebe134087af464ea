// Each rule, broken once: node --test lint/
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lint } from './dashboards.js';
import { readFacts } from './facts.js';

const facts = readFacts();
const SOURCE = { type: 'prometheus', uid: '${datasource}' };
const ALL = 'job=~"$job", instance=~"$instance", target=~"$target"';

function variable(name, query) {
  return {
    name,
    type: 'query',
    label: name,
    description: name,
    datasource: SOURCE,
    definition: query,
    query: { query },
    refresh: 2,
    multi: true,
    allValue: '.+',
  };
}

// A dashboard without fault, with `expr` in its only panel.
function dashboard(expr = `smtp_check_success{${ALL}}`) {
  return {
    uid: 'smtp-reply-test',
    title: 'Test',
    description: 'Test',
    tags: ['smtp'],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    links: [],
    annotations: { list: [] },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'x', description: 'x' },
        variable('job', 'label_values(smtp_check_success, job)'),
        variable('instance', 'label_values(smtp_check_success{job=~"$job"}, instance)'),
        variable(
          'target',
          'label_values(smtp_check_success{job=~"$job", instance=~"$instance"}, target)',
        ),
        { name: 'show', type: 'custom', label: 'show', description: 'show' },
      ],
    },
    panels: [
      {
        id: 1,
        type: 'timeseries',
        title: 'Panel',
        description: 'Panel',
        gridPos: { x: 0, y: 0, w: 12, h: 8 },
        datasource: SOURCE,
        targets: [{ refId: 'A', datasource: SOURCE, expr, range: true, legendFormat: '{{target}}' }],
        fieldConfig: { defaults: { unit: 's', custom: { lineWidth: 1 } }, overrides: [] },
        options: {},
      },
    ],
  };
}

const faultsOf = (one) => lint({ 'test.json': one }, facts);

// The dashboard, changed, has exactly this fault.
function breaks(expected, change) {
  const changed = dashboard();
  change(changed);
  assert.deepEqual(faultsOf(changed), [`test.json: ${expected}`]);
}

test('finds nothing wrong with a good dashboard', () => {
  assert.deepEqual(faultsOf(dashboard()), []);
});

const GOOD_EXPRESSIONS = [
  `rate(smtp_check_runs_total{${ALL}}[$__rate_interval])`,
  `sum by (target) (increase(smtp_check_failures_total{${ALL}, reason="x"}[$__range]))`,
  `sum by (le, target) (increase(smtp_check_duration_seconds_bucket{${ALL}}[$__rate_interval]))`,
  `min_over_time(smtp_check_success{${ALL}}[$__range] @ end()) <= $show`,
  `label_replace(smtp_check_success{${ALL}}, "a", "$1", "target", "(.*)")`,
];
for (const expression of GOOD_EXPRESSIONS) {
  test(`accepts ${expression}`, () => assert.deepEqual(faultsOf(dashboard(expression)), []));
}

const BAD_EXPRESSIONS = {
  [`sum(smtp_check_success{${ALL}}`]: /no PromQL at character/,
  [`smtp_check_sucess{${ALL}}`]: /smtp_check_sucess is not in docs\/metrics.md/,
  ['smtp_check_success{instance=~"$instance", target=~"$target"}']: /lacks job=~"\$job"/,
  ['smtp_check_success{job=~"$job", target=~"$target"}']: /lacks instance=~"\$instance"/,
  ['smtp_check_success{job=~"$job", instance=~"$instance"}']: /lacks target=~"\$target"/,
  ['smtp_check_success{job="$job", instance=~"$instance", target=~"$target"}']: /lacks job=~/,
  [`smtp_check_success{${ALL}, check=~"$chekc"}`]: /there is no variable \$chekc/,
  [`smtp_check_success{${ALL}, chekc="x"}`]: /no metric here has a label chekc/,
  [`sum by (taget, target) (smtp_check_success{${ALL}})`]: /no metric here has a label taget/,
  [`smtp_check_runs_total{${ALL}}`]: /is a counter outside of rate\(\)/,
  [`max_over_time(smtp_check_runs_total{${ALL}}[$__range])`]: /is a counter outside of rate\(\)/,
  [`rate(smtp_check_success{${ALL}}[$__rate_interval])`]: /is no counter, but in rate\(\)/,
  [`rate(smtp_check_runs_total{${ALL}}[5m])`]: /must be over \$__rate_interval/,
};
for (const [expression, fault] of Object.entries(BAD_EXPRESSIONS)) {
  test(`refuses ${expression}`, () => {
    const found = faultsOf(dashboard(expression));
    assert.ok(found.some((one) => fault.test(one)), `found: ${found}`);
  });
}

const PANEL = 'panel "Panel"';
const BROKEN = {
  'schemaVersion is 38, not 39': (d) => (d.schemaVersion = 38),
  'editable is true, not false': (d) => (d.editable = true),
  'uid test is out of line': (d) => (d.uid = 'test'),
  'id belongs to one Grafana only': (d) => (d.id = 7),
  'no tags': (d) => (d.tags = []),
  'the first variable is not the data source': (d) => (d.templating.list[0].query = 'loki'),
  '$job: not multi, or all is not .+': (d) => (d.templating.list[1].allValue = '.*'),
  '$instance: no label or description': (d) => delete d.templating.list[2].label,
  '$target: does not refresh with the time range': (d) => (d.templating.list[3].refresh = 1),
  '$target: definition is not the query': (d) => (d.templating.list[3].definition = ''),
  [`${PANEL}: unknown type graph`]: (d) => {
    d.panels[0].type = 'graph';
    d.panels[0].fieldConfig.defaults.custom = {};
  },
  [`${PANEL}: no description`]: (d) => delete d.panels[0].description,
  [`${PANEL}: no unit`]: (d) => delete d.panels[0].fieldConfig.defaults.unit,
  [`${PANEL}: wider than the grid`]: (d) => (d.panels[0].gridPos.x = 13),
  [`${PANEL}: datasource is not \${datasource}`]: (d) => (d.panels[0].datasource = { uid: 'abc' }),
  [`${PANEL}: no targets`]: (d) => (d.panels[0].targets = []),
  [`${PANEL}: target A: no legend`]: (d) => delete d.panels[0].targets[0].legendFormat,
  [`${PANEL}: target A: no metric here has a label reason`]: (d) =>
    (d.panels[0].targets[0].legendFormat = '{{reason}}'),
  [`${PANEL}: unknown property custom.linewidth`]: (d) =>
    (d.panels[0].fieldConfig.defaults.custom = { linewidth: 1 }),
  [`${PANEL}: unknown property colour`]: (d) =>
    d.panels[0].fieldConfig.overrides.push({ matcher: {}, properties: [{ id: 'colour' }] }),
  [`${PANEL}: code 591 has no text for a failed run`]: (d) => {
    const texts = facts.codes.filter((code) => code !== '591');
    const options = Object.fromEntries(texts.map((code) => [`-${code}`, { text: code }]));
    d.panels[0].fieldConfig.defaults.mappings = [{ type: 'value', options }];
  },
  'panel "Other": overlaps "Panel"': (d) => {
    const gridPos = { x: 6, y: 4, w: 12, h: 8 };
    d.panels.push({ ...d.panels[0], id: 2, title: 'Other', gridPos });
  },
  'panel "Other": id 1 is that of "Panel" too': (d) => {
    const gridPos = { x: 12, y: 0, w: 12, h: 8 };
    d.panels.push({ ...d.panels[0], title: 'Other', gridPos });
  },
  'annotation "A": no metric here has a label taget': (d) =>
    d.annotations.list.push({
      name: 'A',
      expr: `smtp_check_regression{${ALL}}`,
      titleFormat: 'x',
      textFormat: '{{taget}}',
      tagKeys: 'target',
    }),
};
for (const [fault, change] of Object.entries(BROKEN)) {
  test(`says "${fault}"`, () => breaks(fault, change));
}

test('refuses columns of a table that are not there', () => {
  const changed = dashboard();
  const [panel] = changed.panels;
  panel.type = 'table';
  panel.fieldConfig = {
    defaults: { unit: 'none' },
    overrides: [{ matcher: { id: 'byName', options: 'Taget' }, properties: [] }],
  };
  panel.transformations = [
    {
      id: 'organize',
      options: { renameByName: { target: 'Target', 'Value #B': 'Since' }, indexByName: {}, excludeByName: {} },
    },
  ];
  assert.deepEqual(faultsOf(changed), [
    `test.json: ${PANEL}: no such column: Value #B`,
    `test.json: ${PANEL}: an override for a column that is not there: Taget`,
  ]);
});

test('wants every dashboard to link to every other', () => {
  const other = { ...dashboard(), uid: 'smtp-reply-other' };
  assert.deepEqual(lint({ 'a.json': dashboard(), 'b.json': other }, facts), [
    'a.json: no link to smtp-reply-other',
    'b.json: no link to smtp-reply-test',
  ]);
});
