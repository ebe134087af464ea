// The services that a Grafana server gives its libraries, as far as dashboards need them.
import {
  EventBusSrv,
  LoadingState,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  locationUtil,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  numberOverrideProcessor,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  config,
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setPluginImportUtils,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import { loadResources, sceneGraph } from '@grafana/scenes';
import { from, of } from 'rxjs';
import { catchError, map } from 'rxjs/operators';

import { PrometheusSource, SETTINGS } from './datasource.js';
import { importPanelPlugin } from './panels/index.js';

const STANDARD_PROPERTIES = {
  displayName: displayNameOverrideProcessor,
  unit: unitOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  noValue: stringOverrideProcessor,
  color: identityOverrideProcessor,
  thresholds: thresholdsOverrideProcessor,
  mappings: valueMappingsOverrideProcessor,
  links: dataLinksOverrideProcessor,
  filterable: identityOverrideProcessor,
};

export async function startRuntime(theme) {
  config.theme2 = theme;
  await initPluginTranslations('grafana-scenes', [loadResources]);
  standardFieldConfigEditorRegistry.setInit(() =>
    Object.entries(STANDARD_PROPERTIES).map(([id, process]) => ({
      id,
      path: id,
      name: id,
      process,
      editor: () => null,
      override: () => null,
      shouldApply: () => true,
    })),
  );
  standardTransformersRegistry.setInit(() =>
    // Some have two names there.
    [...new Set(Object.values(standardTransformers))].map((transformation) => ({
      id: transformation.id,
      name: transformation.name,
      transformation,
    })),
  );
  locationUtil.initialize({
    config: { appSubUrl: '' },
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
  });

  const source = new PrometheusSource();
  setDataSourceSrv({
    get: async () => source,
    getInstanceSettings: () => SETTINGS,
    getList: () => [SETTINGS],
    reload: () => {},
  });
  setTemplateSrv({
    replace: (text, scopedVars = {}, format = undefined) =>
      sceneGraph.interpolate(scopedVars.__sceneObject.value.valueOf(), text, scopedVars, format),
    getVariables: () => [],
    containsTemplate: (text) => /\$/.test(text ?? ''),
    updateTimeRange: () => {},
  });
  setBackendSrv({ fetch: () => of({ data: {} }), get: async () => ({}) });
  setAppEvents(new EventBusSrv());
  setPluginImportUtils({ importPanelPlugin, getPanelPluginFromCache: () => undefined });
  setRunRequest((datasource, request) =>
    from(datasource.query(request)).pipe(
      map(({ data }) => ({
        state: LoadingState.Done,
        series: data,
        annotations: [],
        request,
        timeRange: request.range,
      })),
      catchError((error) =>
        of({
          state: LoadingState.Error,
          series: [],
          errors: [{ message: error.message }],
          request,
          timeRange: request.range,
        }),
      ),
    ),
  );
}
