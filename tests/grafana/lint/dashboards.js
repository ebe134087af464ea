// Rules for whole dashboards.
import { expressionFaults } from './expressions.js';
import { panelFaults } from './panels.js';

const WANTED = { schemaVersion: 39, editable: false, graphTooltip: 1, refresh: '30s' };

// All faults of all dashboards, { file name: dashboard }, each "file: where: what".
export function lint(dashboards, facts) {
  const uids = Object.values(dashboards).map(({ uid }) => uid);
  return Object.entries(dashboards).flatMap(([file, dashboard]) =>
    dashboardFaults(dashboard, uids, facts).map((fault) => `${file}: ${fault}`),
  );
}

function dashboardFaults(dashboard, uids, facts) {
  const found = Object.entries(WANTED)
    .filter(([key, value]) => dashboard[key] !== value)
    .map(([key, value]) => `${key} is ${dashboard[key]}, not ${value}`);
  if (!/^smtp-reply-[a-z]+$/.test(dashboard.uid)) found.push(`uid ${dashboard.uid} is out of line`);
  if (uids.filter((uid) => uid === dashboard.uid).length > 1) found.push('uid is not unique');
  if ('id' in dashboard) found.push('id belongs to one Grafana only');
  for (const key of ['title', 'description', 'tags']) {
    if (!dashboard[key]?.length) found.push(`no ${key}`);
  }
  return [
    ...found,
    ...linkFaults(dashboard, uids),
    ...variableFaults(dashboard, facts),
    ...annotationFaults(dashboard, facts),
    ...placeFaults(dashboard.panels),
    ...dashboard.panels.flatMap((panel) =>
      panelFaults(panel, dashboard, facts).map((fault) => `panel "${panel.title}": ${fault}`),
    ),
  ];
}

// Every other dashboard is linked to, with its time range and variables.
function linkFaults({ uid, links }, uids) {
  const found = [];
  for (const other of uids.filter((one) => one !== uid)) {
    const link = links.find(({ url }) => url === `/d/${other}`);
    if (!link) found.push(`no link to ${other}`);
    else if (!link.keepTime || !link.includeVars) found.push(`link to ${other} loses time or variables`);
  }
  return found;
}

function variableFaults({ templating: { list } }, facts) {
  const found = [];
  const [first] = list;
  if (first?.name !== 'datasource' || first.type !== 'datasource' || first.query !== 'prometheus') {
    found.push('the first variable is not the data source');
  }
  for (const name of ['job', 'instance']) {
    const variable = list.find((one) => one.name === name);
    if (!variable) found.push(`no variable ${name}`);
    else if (!variable.multi || variable.allValue !== '.+') found.push(`$${name}: not multi, or all is not .+`);
  }
  list.forEach((variable, index) => {
    const say = (fault) => found.push(`$${variable.name}: ${fault}`);
    if (!variable.label || !variable.description) say('no label or description');
    if (variable.type !== 'query') return;
    const { query } = variable.query;
    const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(query) ?? [];
    if (!selector) say(`not label_values(METRIC, LABEL): ${query}`);
    else {
      const before = list.slice(0, index);
      expressionFaults(selector, { variables: before, facts, shown: [label] }).forEach(say);
    }
    if (variable.datasource?.uid !== '${datasource}') say('datasource is not ${datasource}');
    if (variable.definition !== query) say('definition is not the query');
    if (variable.refresh !== 2) say('does not refresh with the time range');
  });
  return found;
}

function annotationFaults({ annotations, templating }, facts) {
  const variables = templating.list;
  return annotations.list.flatMap((annotation) => {
    const texts = `${annotation.titleFormat} ${annotation.textFormat}`;
    const shown = [...texts.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label);
    shown.push(...annotation.tagKeys.split(','));
    return expressionFaults(annotation.expr, { variables, facts, shown }).map(
      (fault) => `annotation "${annotation.name}": ${fault}`,
    );
  });
}

// Panels lie in reading order, do not overlap, and each has an id and a title of its own.
function placeFaults(panels) {
  const found = [];
  panels.forEach((panel, index) => {
    const say = (fault) => found.push(`panel "${panel.title}": ${fault}`);
    const before = panels.slice(0, index);
    const { x, y, w, h } = panel.gridPos;
    for (const { id, title, gridPos: other } of before) {
      if (id === panel.id) say(`id ${id} is that of "${title}" too`);
      if (title === panel.title) say('the title is not unique');
      const isBeside = other.x + other.w <= x || x + w <= other.x;
      const isAbove = other.y + other.h <= y || y + h <= other.y;
      if (!isBeside && !isAbove) say(`overlaps "${title}"`);
    }
    const last = before.at(-1)?.gridPos;
    if (last && (y < last.y || (y === last.y && x < last.x))) say('is out of reading order');
  });
  return found;
}
