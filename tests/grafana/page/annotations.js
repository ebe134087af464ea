// Events of an annotation query, made from its series as Grafana's Prometheus data source does.
import { renderLegendFormat } from './legend.js';

export function annotationEvents(annotation, frames) {
  return frames.flatMap((frame) => {
    const [times, values] = frame.fields.map((field) => [...field.values]);
    const { labels } = frame.fields[1];
    const tags = (annotation.tagKeys ?? '').split(',').map((key) => labels[key.trim()]);
    const event = {
      annotation,
      title: renderLegendFormat(annotation.titleFormat ?? '', labels),
      text: renderLegendFormat(annotation.textFormat ?? '', labels),
      tags: tags.filter(Boolean),
    };
    if (annotation.useValueForTime) {
      return [...new Set(values)].map((time) => ({ ...event, time: Math.floor(time) }));
    }
    const step = frame.fields[0].config.interval;
    const moments = times.filter((_, index) => values[index] > 0);
    return stretches(moments, step).map(([time, timeEnd]) => ({ ...event, time, timeEnd }));
  });
}

// Moments no more than a step apart are one stretch: [[first, last], ...].
function stretches(moments, step) {
  const found = [];
  for (const moment of moments) {
    const last = found.at(-1);
    if (last && moment - last[1] <= step) last[1] = moment;
    else found.push([moment, moment]);
  }
  return found;
}
