// Draws every dashboard in Chromium against a running Prometheus, checks what came out, and leaves
// pictures:  render.js PAGE_DIR PICTURE_DIR  with AGENT, PROMETHEUS and START in the environment, as
// world.py sets them.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { BROKEN, VIEWS, faults } from './expected.js';
import { brokenLinks } from './links.js';
import { servePage } from './page_server.js';

const OURS = new URL('../../grafana/dashboards/', import.meta.url).pathname;
const TESTDATA = new URL('./testdata/', import.meta.url).pathname;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WIDTH = 1600;
const GRID_ROW = 38; // pixels: 30 high, 8 apart
const HEAD = 130;
const PATIENCE = 60_000;
const ERROR_BOXES = '[data-testid="data-testid Panel status error"], [role="alert"]';

const [page, pictures] = process.argv.slice(2);
const { AGENT: agent, PROMETHEUS: prometheus, START: start } = process.env;
if (!page || !pictures || !agent || !prometheus || !start) {
  console.error('usage: world.py node render.js PAGE_DIR PICTURE_DIR');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const server = await servePage({ page, dashboards: fileOf, prometheus });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
let found;
try {
  found = [...(await judgeOurs()), ...(await judgeBroken())];
} finally {
  await browser.close();
  server.close();
}
for (const complaint of found) console.error(complaint);
process.exit(found.length > 0 ? 1 : 0);

function fileOf(name) {
  return join(name === 'broken.json' ? TESTDATA : OURS, name);
}

async function judgeOurs() {
  const complaints = [];
  for (const view of VIEWS) complaints.push(...(await look(view)));
  return complaints;
}

async function judgeBroken() {
  const complaints = await look(BROKEN.view);
  const overlooked = BROKEN.faults.filter((fault) => !complaints.some((one) => fault.test(one)));
  return overlooked.map((fault) => `the broken dashboard was drawn without complaint of ${fault}`);
}

// Draws one view; what is wrong with it, a line for each fault.
async function look(view) {
  const { dashboard, name = dashboard, variables = {} } = view;
  const tab = await browser.newPage({ viewport: { width: WIDTH, height: heightOf(dashboard) } });
  const complaints = [];
  tab.on('pageerror', (error) => complaints.push(`${name}: error in the page: ${error.message}`));
  await tab.goto(addressOf(dashboard, variables));
  await tab.waitForFunction(() => window.isSettled?.(), null, { timeout: PATIENCE });
  // Icons come last.
  await tab.waitForLoadState('networkidle');
  await tab.screenshot({ path: join(pictures, `${name}.png`) });
  const seen = await tab.evaluate(() => window.report());
  const boxes = await tab.locator(ERROR_BOXES).count();
  if (boxes > 0) complaints.push(`${name}: ${boxes} error boxes in the picture`);
  await tab.close();
  complaints.push(...faults(view, seen));
  const links = seen.panels.flatMap(({ links: hrefs }) => hrefs);
  complaints.push(...(await brokenLinks(links, agent)).map((link) => `${name}: ${link}`));
  const values = seen.panels.reduce((sum, panel) => sum + panel.values, 0);
  console.log(`${name}: ${seen.panels.length} panels, ${values} values, ${links.length} links`);
  return complaints;
}

// The whole dashboard fits, so that nothing waits for being scrolled to.
function heightOf(dashboard) {
  const { panels } = JSON.parse(readFileSync(fileOf(`${dashboard}.json`), 'utf8'));
  return HEAD + GRID_ROW * Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
}

function addressOf(dashboard, variables) {
  const chosen = Object.entries(variables).map(([name, value]) => [`var-${name}`, value]);
  const range = { from: start * 1000, to: Math.floor(Date.now() / 1000) * 1000 };
  const query = new URLSearchParams([['dashboard', dashboard], ...Object.entries(range), ...chosen]);
  return `http://${server.address}/?${query}`;
}
