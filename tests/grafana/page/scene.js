// A scene of Grafana's scenes library from a dashboard's JSON.
import {
  CustomVariable,
  DataSourceVariable,
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneDataLayerControls,
  SceneDataLayerSet,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
  behaviors,
  dataLayers,
} from '@grafana/scenes';

// `chosen` are values of variables by name; the others keep their defaults.
export function buildScene(dashboard, { from, to, chosen }) {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    }),
    $variables: new SceneVariableSet({
      variables: dashboard.templating.list.map((variable) => buildVariable(variable, chosen)),
    }),
    $data: new SceneDataLayerSet({ layers: dashboard.annotations.list.map(buildAnnotation) }),
    $behaviors: [new behaviors.CursorSync({ sync: dashboard.graphTooltip })],
    controls: [
      new VariableValueSelectors({}),
      new SceneDataLayerControls(),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
    ],
    body: new SceneGridLayout({ children: buildItems(dashboard.panels) }),
  });
}

function buildVariable(variable, chosen) {
  const common = {
    name: variable.name,
    label: variable.label,
    description: variable.description,
    hide: variable.hide,
    ...(variable.name in chosen && { value: chosen[variable.name], text: chosen[variable.name] }),
  };
  const several = {
    isMulti: variable.multi,
    includeAll: variable.includeAll,
    allValue: variable.allValue,
    ...(variable.includeAll && !(variable.name in chosen) && { value: '$__all', text: 'All' }),
  };
  switch (variable.type) {
    case 'datasource':
      return new DataSourceVariable({ ...common, pluginId: variable.query });
    case 'query':
      return new QueryVariable({
        ...several,
        ...common,
        datasource: variable.datasource,
        query: variable.query,
        regex: variable.regex,
        sort: variable.sort,
        refresh: variable.refresh,
      });
    case 'custom':
      return new CustomVariable({
        value: variable.current.value,
        text: variable.current.text,
        ...common,
        query: variable.query,
      });
    default:
      throw new Error(`variable ${variable.name}: unknown type ${variable.type}`);
  }
}

function buildAnnotation(annotation) {
  return new dataLayers.AnnotationsDataLayer({
    name: annotation.name,
    isEnabled: annotation.enable,
    isHidden: annotation.hide,
    query: annotation,
  });
}

// Panels behind a row's head belong to that row.
function buildItems(panels) {
  const items = [];
  let row = items;
  for (const panel of panels) {
    if (panel.type === 'row') {
      row = [];
      const isCollapsed = panel.collapsed;
      items.push({ panel, isCollapsed, children: row });
    } else {
      row.push(buildItem(panel));
    }
  }
  return items.map((item) =>
    item.children
      ? new SceneGridRow({
          title: item.panel.title,
          y: item.panel.gridPos.y,
          isCollapsed: item.isCollapsed,
          children: [...item.children, ...item.panel.panels.map(buildItem)],
        })
      : item,
  );
}

function buildItem(panel) {
  const { x, y, w, h } = panel.gridPos;
  return new SceneGridItem({ x, y, width: w, height: h, body: buildPanel(panel) });
}

function buildPanel(panel) {
  const runner = new SceneQueryRunner({
    datasource: panel.datasource,
    queries: panel.targets,
    minInterval: panel.interval,
    maxDataPoints: panel.maxDataPoints,
    maxDataPointsFromWidth: panel.maxDataPoints === undefined,
    dataLayerFilter: { panelId: panel.id },
  });
  return new VizPanel({
    key: `panel-${panel.id}`,
    title: panel.title,
    description: panel.description,
    pluginId: panel.type,
    options: panel.options,
    fieldConfig: panel.fieldConfig,
    displayMode: panel.transparent ? 'transparent' : 'default',
    $data: new SceneDataTransformer({ $data: runner, transformations: panel.transformations ?? [] }),
  });
}
