// Whether the data links of panels lead somewhere: to a page of the agent that is there, or to one
// of the dashboards with every variable filled in.
import { readFileSync, readdirSync } from 'node:fs';

const FOLDER = new URL('../../grafana/dashboards/', import.meta.url);
const UIDS = new Set(
  readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')).uid),
);

// The links that lead nowhere, each with the reason.
export async function brokenLinks(hrefs, agent) {
  const found = [];
  for (const href of new Set(hrefs)) {
    const reason = href.startsWith('/d/') ? dashboardFault(href) : await pageFault(href, agent);
    if (reason) found.push(`link ${href}: ${reason}`);
  }
  return found;
}

function dashboardFault(href) {
  const { pathname, searchParams } = new URL(href, 'http://localhost');
  if (!UIDS.has(pathname.split('/')[2])) return 'no such dashboard';
  const unfilled = [...searchParams].filter(([, value]) => !value || /[${}]/.test(value));
  return unfilled.length > 0 ? `not filled in: ${unfilled.map(([key]) => key)}` : null;
}

async function pageFault(href, agent) {
  if (!href.startsWith(`http://${agent}/`)) return 'not a page of the agent';
  const reply = await fetch(href, { method: 'GET' });
  await reply.arrayBuffer();
  return reply.ok ? null : `HTTP ${reply.status}`;
}
