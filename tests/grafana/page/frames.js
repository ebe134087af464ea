// What Prometheus answered, as the data frames that Grafana's Prometheus data source makes of it.
import { FieldType, toDataFrame } from '@grafana/data';

import { renderLegendFormat } from './legend.js';

// One frame a series, named by the target's legend.
export function seriesFrames({ target, series, stepMs }) {
  return series.map(({ metric, points }) => {
    const { __name__: name, ...labels } = metric;
    return toDataFrame({
      refId: target.refId,
      name: legend(target, metric),
      meta: { type: 'timeseries-multi' },
      fields: [
        {
          name: 'Time',
          type: FieldType.time,
          values: points.map(([time]) => time),
          config: { interval: stepMs },
        },
        {
          name: 'Value',
          type: FieldType.number,
          values: points.map(([, value]) => value),
          labels: name ? { __name__: name, ...labels } : labels,
          config: { displayNameFromDS: legend(target, metric) },
        },
      ],
    });
  });
}

// All series in one frame, a column for each label. With several targets the column of values is
// named after its target.
export function tableFrames({ target, series }, isOneOfSeveral) {
  if (series.length === 0) return [];
  const rows = series.flatMap(({ metric, points }) =>
    points.map(([time, value]) => ({ time, value, metric })),
  );
  const labels = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return [
    toDataFrame({
      refId: target.refId,
      fields: [
        { name: 'Time', type: FieldType.time, values: rows.map(({ time }) => time) },
        ...labels.map((label) => ({
          name: label,
          type: FieldType.string,
          config: { filterable: true },
          values: rows.map(({ metric }) => metric[label] ?? ''),
        })),
        {
          name: isOneOfSeveral ? `Value #${target.refId}` : 'Value',
          type: FieldType.number,
          values: rows.map(({ value }) => value),
        },
      ],
    }),
  ];
}

// The buckets of a histogram over time: cumulative counts become counts of their own.
export function heatmapFrames({ target, series, stepMs }) {
  const buckets = series
    .map(({ metric, points }) => ({ le: metric.le, counts: new Map(points) }))
    .sort((a, b) => limit(a.le) - limit(b.le));
  if (buckets.length === 0) return [];
  const times = [...new Set(buckets.flatMap(({ counts }) => [...counts.keys()]))].sort(
    (a, b) => a - b,
  );
  const below = (index, time) => (index > 0 ? (buckets[index - 1].counts.get(time) ?? 0) : 0);
  return [
    toDataFrame({
      refId: target.refId,
      meta: { type: 'heatmap-rows' },
      fields: [
        { name: 'Time', type: FieldType.time, values: times, config: { interval: stepMs } },
        ...buckets.map(({ le, counts }, index) => ({
          name: le,
          type: FieldType.number,
          labels: { le },
          values: times.map((time) => Math.max(0, (counts.get(time) ?? 0) - below(index, time))),
        })),
      ],
    }),
  ];
}

const limit = (le) => (le === '+Inf' ? Infinity : Number(le));

function legend({ legendFormat, expr }, metric) {
  return legendFormat ? renderLegendFormat(legendFormat, metric) : expr;
}
