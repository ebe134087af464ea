// Serves the built page, the dashboards, and Prometheus's API below /prometheus/, on loopback.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { basename, extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

// What a Grafana server has below /public: icons and the font.
const MODULES = new URL('./node_modules/', import.meta.url).pathname;
const ICONS = join(MODULES, '@grafana/ui/dist/public');
const FONTS = join(MODULES, '@fontsource/inter/files');
const WEIGHTS = { Regular: 400, Medium: 500 };

// `dashboards` makes a path of a dashboard's file name. Resolves to { address: "127.0.0.1:PORT",
// close() }.
export function servePage({ page, dashboards, prometheus }) {
  const server = createServer((query, reply) => {
    const path = normalize(new URL(query.url, 'http://localhost').pathname);
    if (path.startsWith('/prometheus/')) return forward(prometheus, query, reply);
    return sendFile(fileFor(path, page, dashboards), reply);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ address: `127.0.0.1:${server.address().port}`, close: () => server.close() });
    });
  });
}

function fileFor(path, page, dashboards) {
  const font = /^\/public\/fonts\/inter\/Inter-(\w+)\.woff2$/.exec(path);
  if (font) return join(FONTS, `inter-latin-${WEIGHTS[font[1]]}-normal.woff2`);
  if (path.startsWith('/public/build/')) return join(ICONS, path.slice('/public/build/'.length));
  if (path.startsWith('/dashboards/')) return dashboards(basename(path));
  return join(page, path === '/' ? 'index.html' : path);
}

function forward(prometheus, query, reply) {
  const url = `http://${prometheus}${query.url.slice('/prometheus'.length)}`;
  const forwarded = request(url, { method: query.method }, (answer) => {
    reply.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? '' });
    answer.pipe(reply);
  });
  forwarded.on('error', (error) => reply.writeHead(502).end(error.message));
  query.pipe(forwarded);
}

function sendFile(file, reply) {
  if (!existsSync(file) || !statSync(file).isFile()) return reply.writeHead(404).end();
  reply.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  return createReadStream(file).pipe(reply);
}
