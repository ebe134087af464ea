// What a scene shows, as plain data for the checks outside the browser.
import { FieldType, LoadingState } from '@grafana/data';
import { VizPanel, dataLayers, sceneGraph } from '@grafana/scenes';

const OVER = [LoadingState.Done, LoadingState.Error];

// Whether nothing loads any more.
export function isSettled(scene) {
  const { variables, layers, panels } = partsOf(scene);
  return (
    variables.every(({ state }) => !state.loading) &&
    layers.every(({ state }) => OVER.includes(state.data?.state)) &&
    panels.every((panel) => OVER.includes(sceneGraph.getData(panel).state.data?.state))
  );
}

// { variables: [...], annotations: [...], panels: [...] }
export function report(scene) {
  const { variables, layers, panels } = partsOf(scene);
  return {
    variables: variables.map(reportVariable),
    annotations: layers.map(reportLayer),
    panels: panels.map(reportPanel),
  };
}

function partsOf(scene) {
  const all = (kind) => sceneGraph.findAllObjects(scene, (object) => object instanceof kind);
  return {
    variables: sceneGraph.getVariables(scene).state.variables,
    layers: all(dataLayers.AnnotationsDataLayer).filter(({ state }) => state.isEnabled),
    panels: all(VizPanel),
  };
}

function reportVariable({ state }) {
  return {
    name: state.name,
    options: (state.options ?? []).length,
    error: state.error ? String(state.error.message ?? state.error) : null,
  };
}

function reportLayer({ state }) {
  const { data } = state;
  return {
    name: state.name,
    events: (data?.series ?? []).reduce((sum, frame) => sum + frame.length, 0),
    error: (data?.errors ?? []).map(({ message }) => message).join('; ') || null,
  };
}

function reportPanel(panel) {
  const { data } = sceneGraph.getData(panel).state;
  const errors = (data?.errors ?? []).map(({ message }) => message);
  if (panel.state._pluginLoadError) errors.push(panel.state._pluginLoadError);
  return {
    title: panel.state.title,
    type: panel.state.pluginId,
    error: errors.join('; ') || null,
    frames: (data?.series ?? []).length,
    values: (data?.series ?? []).reduce((sum, frame) => sum + countNumbers(frame), 0),
    links: data ? links(panel.applyFieldConfig(data)) : [],
  };
}

function countNumbers(frame) {
  const numbers = frame.fields.filter(({ type }) => type !== FieldType.time);
  const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
  return numbers.reduce((sum, { values }) => sum + [...values].filter(known).length, 0);
}

// Where the data links of all values lead that can be clicked on, without duplicates.
function links(data) {
  const canBeClicked = (field, row) => field.type !== FieldType.time && field.values[row] !== '';
  const found = data.series.flatMap((frame) =>
    frame.fields
      .filter(({ config }) => config.links?.length)
      .flatMap((field) =>
        [...field.values.keys()]
          .filter((row) => canBeClicked(field, row))
          .flatMap((valueRowIndex) => field.getLinks({ valueRowIndex })),
      ),
  );
  return [...new Set(found.map(({ href }) => href))];
}
