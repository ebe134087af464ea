import { FieldType } from '@grafana/data';
import { TimeSeries as Chart } from '@grafana/ui';

import { Annotations } from './annotations.jsx';
import { NoData } from './no_data.jsx';

const NONE = [];

export function TimeSeries({ data, timeRange, timeZone, width, height, options, fieldConfig }) {
  const frames = data.series.filter(({ length }) => length > 0).map(withDefaults);
  if (frames.length === 0) return <NoData fieldConfig={fieldConfig} />;
  return (
    <Chart
      frames={frames}
      structureRev={data.structureRev}
      timeRange={timeRange}
      timeZone={timeZone}
      width={width}
      height={height}
      legend={options.legend}
      options={options}
    >
      {(config) => <Annotations config={config} frames={data.annotations ?? NONE} />}
    </Chart>
  );
}

// Grafana's panel fills these in for what a dashboard leaves out.
const DEFAULTS = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  gradientMode: 'none',
  showPoints: 'auto',
  pointSize: 5,
  stacking: { mode: 'none', group: 'A' },
  axisPlacement: 'auto',
  scaleDistribution: { type: 'linear' },
};

function withDefaults(frame) {
  const fields = frame.fields.map((field) =>
    field.type === FieldType.number
      ? { ...field, config: { ...field.config, custom: { ...DEFAULTS, ...field.config.custom } } }
      : field,
  );
  return { ...frame, fields };
}
