// What each kind of panel knows below fieldConfig.defaults.custom, and so the kinds there are.
const HIDE = ['hideFrom'];

export const CUSTOM_PROPERTIES = {
  heatmap: ['scaleDistribution', ...HIDE],
  row: [],
  stat: [],
  'state-timeline': ['fillOpacity', 'lineWidth', ...HIDE],
  table: ['align', 'cellOptions', 'filterable', 'hidden', 'inspect', 'minWidth', 'width', ...HIDE],
  timeseries: [
    'axisBorderShow',
    'axisColorMode',
    'axisLabel',
    'axisPlacement',
    'axisSoftMax',
    'axisSoftMin',
    'drawStyle',
    'fillOpacity',
    'gradientMode',
    'lineInterpolation',
    'lineStyle',
    'lineWidth',
    'pointSize',
    'scaleDistribution',
    'showPoints',
    'spanNulls',
    'stacking',
    'thresholdsStyle',
    ...HIDE,
  ],
};
