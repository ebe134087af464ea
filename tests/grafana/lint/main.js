// Lints the dashboards: node lint/main.js [FOLDER]; exits with 1 when something is wrong.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { lint } from './dashboards.js';
import { readFacts } from './facts.js';

const folder = process.argv[2] ?? new URL('../../../grafana/dashboards/', import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const dashboards = Object.fromEntries(
  files.map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
);
const faults = lint(dashboards, readFacts());
for (const fault of faults) console.error(fault);
console.log(`${files.length} dashboards, ${faults.length} faults`);
process.exit(faults.length > 0 || files.length === 0 ? 1 : 0);
