// A data source that asks Prometheus as Grafana's own does: the same variables in expressions, the
// same frames for time series, tables and heatmaps. Grafana's cannot be installed from npm.
import { getDefaultTimeRange, rangeUtil } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { of } from 'rxjs';

import { annotationEvents } from './annotations.js';
import { heatmapFrames, seriesFrames, tableFrames } from './frames.js';

export const SETTINGS = {
  id: 1,
  uid: 'prometheus',
  type: 'prometheus',
  name: 'Prometheus',
  isDefault: true,
  meta: { id: 'prometheus', name: 'Prometheus', info: { logos: {} }, metrics: true },
  // Longer than the scrapes are apart: smoother rates, fewer points.
  jsonData: { timeInterval: '5s' },
};
const SCRAPE_MS = 5000;
const MOST_POINTS = 11000;

export class PrometheusSource {
  constructor() {
    this.uid = SETTINGS.uid;
    this.type = SETTINGS.type;
    this.name = SETTINGS.name;
    this.meta = SETTINGS.meta;
    this.interval = SETTINGS.jsonData.timeInterval;
    this.annotations = {
      prepareAnnotation: (annotation) => annotation,
      prepareQuery: ({ expr, step }) => ({ expr, interval: step, range: true }),
      processEvents: (annotation, frames) => of(annotationEvents(annotation, frames)),
    };
  }

  getRef() {
    return { type: this.type, uid: this.uid };
  }

  // Frames of all targets of a panel; an error of Prometheus is thrown in its words.
  async query(request) {
    const targets = request.targets.filter(({ hide, expr }) => !hide && expr);
    const results = await Promise.all(targets.map((target) => ask(target, request)));
    const answered = results.filter(({ series }) => series.length > 0).length;
    const frames = results.flatMap((result) => {
      if (result.target.format === 'heatmap') return heatmapFrames(result);
      if (result.target.format === 'table') return tableFrames(result, answered > 1);
      return seriesFrames(result);
    });
    return { data: frames };
  }

  // The options of a variable: label_values(METRIC{...}, LABEL).
  async metricFindQuery(query, options) {
    const text = typeof query === 'string' ? query : query.query;
    const match = /^label_values\((.+),\s*(\w+)\)$/.exec(text);
    if (!match) throw new Error(`not a query for a variable's values: ${text}`);
    const [, selector, label] = match;
    const range = options.range ?? getDefaultTimeRange();
    const values = await get(`label/${label}/values`, {
      'match[]': interpolate(selector, options.scopedVars),
      start: range.from.unix(),
      end: range.to.unix(),
    });
    return values.map((value) => ({ text: value }));
  }
}

// One target, asked: { target, series: [{ metric, points: [[ms, value]] }], stepMs }.
async function ask(target, request) {
  const { range } = request;
  const rangeMs = range.to.valueOf() - range.from.valueOf();
  const least = target.interval
    ? rangeUtil.intervalToMs(interpolate(target.interval, request.scopedVars))
    : SCRAPE_MS;
  const stepMs = Math.max(request.intervalMs, least, Math.ceil(rangeMs / MOST_POINTS));
  const ms = {
    __interval: stepMs,
    __rate_interval: Math.max(stepMs + SCRAPE_MS, 4 * SCRAPE_MS),
    __range: rangeMs,
  };
  const durations = Object.entries(ms).map(([name, length]) => {
    const text = `${Math.round(length / 1000)}s`;
    return [name, { text, value: text }];
  });
  const scopedVars = { ...request.scopedVars, ...Object.fromEntries(durations) };
  const query = interpolate(target.expr, scopedVars);
  const found = target.instant
    ? await get('query', { query, time: range.to.valueOf() / 1000 })
    : await get('query_range', {
        query,
        // Aligned to the step, as Grafana asks: neighbouring refreshes see the same points.
        start: (Math.floor(range.from.valueOf() / stepMs) * stepMs) / 1000,
        end: (Math.floor(range.to.valueOf() / stepMs) * stepMs) / 1000,
        step: stepMs / 1000,
      });
  const series = (found.result ?? []).map(({ metric, value, values }) => ({
    metric,
    points: (values ?? [value]).map(([time, number]) => [time * 1000, Number(number)]),
  }));
  return { target, series, stepMs };
}

async function get(path, parameters) {
  const reply = await fetch(`/prometheus/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const body = await reply.json();
  if (body.status !== 'success') throw new Error(body.error);
  return body.data;
}

function interpolate(text, scopedVars) {
  return getTemplateSrv().replace(text, scopedVars, asPattern);
}

// A variable's value within a label matcher, as Grafana's Prometheus data source writes it.
function asPattern(value, variable) {
  if (typeof value === 'string' && !variable.multi && !variable.includeAll) {
    return value.replace(/[\\']/g, '\\$&');
  }
  const parts = [value].flat().map((part) => String(part).replace(/[$^*{}[\]+?.()|\\]/g, '\\\\$&'));
  return parts.length === 1 ? parts[0] : `(${parts.join('|')})`;
}
