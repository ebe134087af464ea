// What an expression of PromQL is made of, as far as the rules ask.
import { parser } from '@prometheus-io/lezer-promql';

// Grafana's own variables, by durations that no dashboard writes out.
const STAND_INS = { __rate_interval: '61s', __interval: '62s', __range: '63s' };
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

// { fault, selectors, labels, texts, variables } of an expression; `fault` is null or where it is
// no PromQL. `numbers` are variables that stand for a number.
//   selectors: [{ metric, matchers: [{ label, operator, value }], call, range }], `call` being the
//   innermost function around it and `range` its duration, with Grafana's variables as written.
export function readExpression(expression, numbers = []) {
  const variables = [...expression.matchAll(VARIABLE)].map(([, a, b]) => a ?? b);
  const text = expression.replace(VARIABLE, (whole, a, b) => {
    const name = a ?? b;
    return STAND_INS[name] ?? (numbers.includes(name) ? '0' : whole);
  });
  const found = { fault: null, selectors: [], labels: [], texts: [], variables };
  const calls = [];
  parser.parse(text).iterate({
    enter(node) {
      const source = text.slice(node.from, node.to);
      if (node.type.isError) found.fault ??= `no PromQL at character ${node.from + 1}`;
      if (node.name === 'FunctionCall') calls.push(null);
      if (node.name === 'FunctionIdentifier') calls[calls.length - 1] = source;
      if (node.name === 'StringLiteral') found.texts.push(source.slice(1, -1));
      if (node.name === 'LabelName') found.labels.push(source);
      if (node.name === 'VectorSelector') found.selectors.push(readSelector(node.node, text, calls));
    },
    leave(node) {
      if (node.name === 'FunctionCall') calls.pop();
    },
  });
  return found;
}

function readSelector(node, text, calls) {
  const source = (child) => (child ? text.slice(child.from, child.to) : null);
  const list = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const outer = node.parent.name === 'MatrixSelector' ? node.parent : null;
  const range = source(outer?.getChild('DurationExpr'));
  const standsFor = Object.keys(STAND_INS).find((name) => STAND_INS[name] === range);
  return {
    metric: source(node.getChild('Identifier')),
    matchers: list.map((matcher) => ({
      label: source(matcher.getChild('LabelName')),
      operator: source(matcher.getChild('MatchOp')),
      value: source(matcher.getChild('StringLiteral')).slice(1, -1),
    })),
    call: calls.at(-1) ?? null,
    range: standsFor ? `$${standsFor}` : range,
  };
}
