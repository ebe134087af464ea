// The kinds of panel that the dashboards may use, as plugins for the scenes library. Those that
// @grafana/ui has components for are drawn by them; state timeline and heatmap, which Grafana keeps
// to itself, by stand-ins of this project over Grafana's own values, texts and colours.
import { PanelPlugin, identityOverrideProcessor } from '@grafana/data';

import { CUSTOM_PROPERTIES } from '../../lint/custom_properties.js';
import { Heatmap } from './heatmap.jsx';
import { Stat } from './stat.jsx';
import { StateTimeline } from './state_timeline.jsx';
import { Table } from './table.jsx';
import { TimeSeries } from './timeseries.jsx';

const COMPONENTS = {
  heatmap: Heatmap,
  stat: Stat,
  'state-timeline': StateTimeline,
  table: Table,
  timeseries: TimeSeries,
};

export async function importPanelPlugin(id) {
  if (!(id in COMPONENTS)) throw new Error(`unknown panel type: ${id}`);
  const plugin = new PanelPlugin(COMPONENTS[id]);
  plugin.meta = { id, name: id, type: 'panel', info: { version: '12.4.10' }, module: '' };
  plugin.setDataSupport({ annotations: id === 'timeseries' });
  plugin.useFieldConfig({
    useCustomConfig: (builder) => {
      for (const name of CUSTOM_PROPERTIES[id]) {
        builder.addCustomEditor({
          id: name,
          path: name,
          name,
          editor: () => null,
          override: () => null,
          process: identityOverrideProcessor,
          shouldApply: () => true,
        });
      }
    },
  });
  return plugin;
}
