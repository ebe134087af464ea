// Rules for one panel.
import { CUSTOM_PROPERTIES } from './custom_properties.js';
import { expressionFaults } from './expressions.js';

const GRID_COLUMNS = 24;
const TRANSFORMATIONS = ['merge', 'organize'];
const STANDARD_PROPERTIES = [
  'color',
  'decimals',
  'displayName',
  'links',
  'mappings',
  'max',
  'min',
  'noValue',
  'thresholds',
  'unit',
];
const OF_FRAMES = /^(Time|Value|Value #[A-Z])$/;

export function panelFaults(panel, dashboard, facts) {
  const { gridPos: place } = panel;
  const found = [];
  if (!(panel.type in CUSTOM_PROPERTIES)) found.push(`unknown type ${panel.type}`);
  if (!panel.title) found.push('no title');
  if (place.x + place.w > GRID_COLUMNS) found.push('wider than the grid');
  if (panel.type === 'row') return found;
  if (!panel.description) found.push('no description');
  if (!panel.fieldConfig.defaults.unit) found.push('no unit');
  if (panel.datasource?.uid !== '${datasource}') found.push('datasource is not ${datasource}');
  if (!panel.targets?.length) found.push('no targets');
  return [
    ...found,
    ...propertyFaults(panel),
    ...columnFaults(panel),
    ...mappingFaults(panel, facts),
    ...(panel.targets ?? []).flatMap((target) => targetFaults(target, panel, dashboard, facts)),
  ];
}

function targetFaults(target, panel, dashboard, facts) {
  const found = [];
  if (target.datasource?.uid !== '${datasource}') found.push('datasource is not ${datasource}');
  if (target.range && !target.legendFormat) found.push('no legend');
  if (panel.targets.filter(({ refId }) => refId === target.refId).length > 1) found.push('same refId');
  const shown = [...(target.legendFormat ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)];
  found.push(
    ...expressionFaults(target.expr, {
      variables: dashboard.templating.list,
      facts,
      shown: shown.map(([, label]) => label),
    }),
  );
  return found.map((fault) => `target ${target.refId}: ${fault}`);
}

// Grafana ignores what it does not know, so a mistyped property is silently without effect.
function propertyFaults({ type, fieldConfig: { defaults, overrides } }) {
  const custom = CUSTOM_PROPERTIES[type] ?? [];
  const isKnown = (id) =>
    id.startsWith('custom.') ? custom.includes(id.split('.')[1]) : STANDARD_PROPERTIES.includes(id);
  const used = [
    ...Object.keys(defaults).filter((id) => id !== 'custom'),
    ...Object.keys(defaults.custom ?? {}).map((id) => `custom.${id}`),
    ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id)),
  ];
  return used.filter((id) => !isKnown(id)).map((id) => `unknown property ${id}`);
}

// A table's columns: every name must be one of a column that is there.
function columnFaults({ type, targets = [], transformations = [], fieldConfig: { overrides } }) {
  const found = transformations
    .filter(({ id }) => !TRANSFORMATIONS.includes(id))
    .map(({ id }) => `unknown transformation ${id}`);
  const organize = transformations.find(({ id }) => id === 'organize')?.options;
  if (type !== 'table' || !organize) return found;
  const expressions = targets.map(({ expr }) => expr).join(' ');
  const refIds = targets.map(({ refId }) => refId);
  const isColumn = (name) => {
    if (OF_FRAMES.test(name)) return !name.includes('#') || refIds.includes(name.at(-1));
    // Labels of an info metric are not named in its expression: the rendering looks at those.
    return /^\w+$/.test(name) && (expressions.includes(name) || name in organize.renameByName);
  };
  const { renameByName, indexByName, excludeByName } = organize;
  const raw = Object.keys({ ...renameByName, ...indexByName, ...excludeByName });
  found.push(
    ...raw.filter((n) => n !== '__name__' && !isColumn(n)).map((n) => `no such column: ${n}`),
  );
  const headings = Object.values(renameByName);
  for (const { matcher } of overrides) {
    if (matcher.id === 'byName' && !headings.includes(matcher.options)) {
      found.push(`an override for a column that is not there: ${matcher.options}`);
    }
  }
  return found;
}

// Codes of failed runs are shown negative; each that is known needs its text without the sign.
function mappingFaults({ fieldConfig: { defaults } }, { codes }) {
  const texts = (defaults.mappings ?? [])
    .filter(({ type }) => type === 'value')
    .flatMap(({ options }) => Object.entries(options));
  if (!texts.some(([value]) => /^-\d{3}$/.test(value))) return [];
  const mapped = Object.fromEntries(texts);
  return codes
    .filter((code) => mapped[`-${code}`]?.text !== code)
    .map((code) => `code ${code} has no text for a failed run`);
}
