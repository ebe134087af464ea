import { VizOrientation, getFieldDisplayValues } from '@grafana/data';
import { BigValue, VizRepeater, useTheme2 } from '@grafana/ui';

import { NoData } from './no_data.jsx';

export function Stat({ data, width, height, options, fieldConfig, replaceVariables, timeZone }) {
  const theme = useTheme2();
  if (data.series.length === 0) return <NoData fieldConfig={fieldConfig} />;
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      sparkline: options.graphMode !== 'none',
      timeZone,
    });
  const renderValue = ({ value, width: w, height: h, count }) => (
    <BigValue
      value={value.display}
      count={count}
      sparkline={value.sparkline}
      colorMode={options.colorMode}
      graphMode={options.graphMode}
      justifyMode={options.justifyMode}
      textMode={options.textMode}
      text={options.text}
      width={w}
      height={h}
      theme={theme}
    />
  );
  return (
    <VizRepeater
      getValues={getValues}
      renderValue={renderValue}
      width={width}
      height={height}
      source={data}
      autoGrid
      renderCounter={0}
      orientation={options.orientation ?? VizOrientation.Auto}
    />
  );
}
