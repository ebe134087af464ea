// Draws one dashboard with Grafana's own libraries: index.html?dashboard=NAME&from=MS&to=MS, and
// &var-NAME=VALUE for what shall be chosen. Once window.isSettled(), what came out
// is window.report().
import { ThemeContext, createTheme } from '@grafana/data';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router-dom';

import { DashboardHead } from './head.jsx';
import { isSettled, report } from './report.js';
import { startRuntime } from './runtime.js';
import { buildScene } from './scene.js';

const wanted = new URLSearchParams(location.search);
const theme = createTheme({ colors: { mode: wanted.get('theme') ?? 'dark' } });
await startRuntime(theme);

const dashboard = await (await fetch(`/dashboards/${wanted.get('dashboard')}.json`)).json();
const chosen = [...wanted].flatMap(([key, value]) =>
  key.startsWith('var-') ? [[key.slice('var-'.length), value]] : [],
);
const scene = buildScene(dashboard, {
  from: Number(wanted.get('from')),
  to: Number(wanted.get('to')),
  chosen: Object.fromEntries(chosen),
});
window.isSettled = () => isSettled(scene);
window.report = () => report(scene);

createRoot(document.getElementById('root')).render(
  <ThemeContext.Provider value={theme}>
    <GlobalStyles />
    <BrowserRouter>
      <div style={{ padding: 8, display: 'flex', flexDirection: 'column', minHeight: '100vh' }}>
        <DashboardHead dashboard={dashboard} />
        <scene.Component model={scene} />
      </div>
      <PortalContainer />
    </BrowserRouter>
  </ThemeContext.Provider>,
);
