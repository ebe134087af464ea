import { FieldType, getValueFormat, formattedValueToString } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { interpolateOranges } from 'd3-scale-chromatic';

import { NoData } from './no_data.jsx';
import { TimeAxis } from './time_axis.jsx';

const AXIS_HEIGHT = 22;
const LABEL_WIDTH = 64;

// A row a bucket, the smallest below; the darker a cell, the more fell into it.
export function Heatmap({ data, timeRange, timeZone, width, height, options, fieldConfig }) {
  const theme = useTheme2();
  const frame = data.series[0];
  const time = frame?.fields.find(({ type }) => type === FieldType.time);
  const buckets = frame?.fields.filter(({ type }) => type === FieldType.number) ?? [];
  if (!time?.values.length) return <NoData fieldConfig={fieldConfig} />;
  const most = Math.max(...buckets.flatMap(({ values }) => [...values]), 1e-9);
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const plotWidth = width - LABEL_WIDTH;
  const x = (moment) => ((moment - from) / (to - from)) * plotWidth;
  const cellWidth = x(from + time.config.interval);
  const rowHeight = (height - AXIS_HEIGHT) / buckets.length;
  return (
    <div style={{ height, ...theme.typography.bodySmall }}>
      <svg width={width} height={height - AXIS_HEIGHT} shapeRendering="crispEdges">
        {buckets.map((bucket, row) => (
          <g key={bucket.name} transform={`translate(0 ${(buckets.length - 1 - row) * rowHeight})`}>
            <text x={LABEL_WIDTH - 8} y={rowHeight / 2 + 4} textAnchor="end" fill={theme.colors.text.primary}>
              {upTo(bucket.name, options.yAxis?.unit)}
            </text>
            {[...bucket.values].map((count, index) =>
              count > 0 ? (
                <rect
                  key={time.values[index]}
                  x={LABEL_WIDTH + x(time.values[index])}
                  width={cellWidth}
                  height={rowHeight - 1}
                  fill={interpolateOranges(1 - 0.8 * (count / most) ** 0.5)}
                />
              ) : null,
            )}
          </g>
        ))}
      </svg>
      <TimeAxis timeRange={timeRange} timeZone={timeZone} left={LABEL_WIDTH} width={plotWidth} />
    </div>
  );
}

function upTo(le, unit) {
  return le === '+Inf' ? le : formattedValueToString(getValueFormat(unit)(Number(le)));
}
