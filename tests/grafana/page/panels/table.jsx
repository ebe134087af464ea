import { cacheFieldDisplayNames } from '@grafana/data';
import { TableNG } from '@grafana/ui/unstable';

import { NoData } from './no_data.jsx';

export function Table({ data, width, height, options, fieldConfig, timeRange }) {
  const frame = data.series[0];
  if (!frame?.length) return <NoData fieldConfig={fieldConfig} />;
  cacheFieldDisplayNames(data.series);
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      cellHeight={options.cellHeight}
      initialSortBy={options.sortBy}
      timeRange={timeRange}
      structureRev={data.structureRev}
      enableVirtualization={false}
      transparent
    />
  );
}
