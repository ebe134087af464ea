// What the project says about itself elsewhere: metrics in docs/metrics.md, codes in the knowledge
// base. Nothing of it is written down twice.
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../../', import.meta.url);
const FAMILY = /^### `(\w+)`\n\*(\w+)\*(.*)$/gm;

// Of Prometheus itself, for every target that it scrapes.
const OF_PROMETHEUS = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

// { metrics: Map(name -> { type, labels }), codes: ["211", ...] }
export function readFacts() {
  const text = readFileSync(new URL('docs/metrics.md', ROOT), 'utf8');
  const metrics = new Map(OF_PROMETHEUS.map((name) => [name, { type: 'gauge', labels: [] }]));
  for (const [, name, type, rest] of text.matchAll(FAMILY)) {
    const labels = [...rest.matchAll(/`([\w, ]+)`/g)].flatMap(([, list]) => list.split(', '));
    metrics.set(name, { type, labels });
    if (type !== 'histogram') continue;
    for (const part of ['bucket', 'sum', 'count']) {
      metrics.set(`${name}_${part}`, { type: 'counter', labels });
    }
  }
  const codes = readFileSync(new URL('config/knowledge/codes.tsv', ROOT), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split('\t')[0]);
  return { metrics, codes };
}
