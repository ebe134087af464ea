// Rules for the expressions of a dashboard.
import { readExpression } from './promql.js';

const RATES = ['rate', 'increase'];
const RATE_RANGES = ['$__rate_interval', '$__range'];
const OF_EVERY_SERIES = ['job', 'instance', '__name__'];

// The faults of one expression. `variables` are the dashboard's; `shown` are the labels that the
// panel shows: they must come from somewhere.
export function expressionFaults(expression, { variables, facts, shown = [] }) {
  const numbers = variables.filter(({ type }) => type === 'custom').map(({ name }) => name);
  const { fault, selectors, labels, texts, variables: used } = readExpression(expression, numbers);
  if (fault) return [fault];
  const known = new Set([
    ...OF_EVERY_SERIES,
    ...selectors.flatMap(({ metric }) => facts.metrics.get(metric)?.labels ?? []),
    // Labels that count_values, label_join and label_replace make.
    ...texts,
  ]);
  return [
    ...used
      // $1 is a group of label_replace(), $__range and the like are Grafana's.
      .filter((name) => !/^(\d|__)/.test(name) && !variables.some((one) => one.name === name))
      .map((name) => `there is no variable $${name}`),
    ...[...labels, ...shown]
      .filter((label) => !known.has(label))
      .map((label) => `no metric here has a label ${label}`),
    ...selectors.flatMap((selector) => selectorFaults(selector, variables, facts)),
  ];
}

function selectorFaults({ metric, matchers, call, range }, variables, { metrics }) {
  const family = metrics.get(metric);
  if (!family) return [`${metric} is not in docs/metrics.md`];
  const found = [];
  const wanted = ['job', 'instance', 'target', 'check'].filter(
    (name) =>
      variables.some((variable) => variable.name === name) &&
      (OF_EVERY_SERIES.includes(name) || family.labels.includes(name)),
  );
  for (const name of wanted) {
    const matches = ({ label, operator, value }) =>
      label === name && operator === '=~' && value === `$${name}`;
    if (!matchers.some(matches)) found.push(`${metric} lacks ${name}=~"$${name}"`);
  }
  const isRate = RATES.includes(call);
  if (family.type === 'counter' && !isRate) found.push(`${metric} is a counter outside of rate()`);
  if (family.type !== 'counter' && isRate) found.push(`${metric} is no counter, but in ${call}()`);
  if (isRate && !RATE_RANGES.includes(range)) {
    found.push(`${call}(${metric}[${range}]) must be over $__rate_interval or $__range`);
  }
  return found;
}
