import { FieldType, getFieldDisplayName } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

import { NoData } from './no_data.jsx';
import { TimeAxis } from './time_axis.jsx';

const AXIS_HEIGHT = 22;
const CHARACTER_WIDTH = 7;

// A row a series; equal neighbouring values are one bar with their text.
export function StateTimeline({ data, timeRange, timeZone, width, height, options, fieldConfig }) {
  const theme = useTheme2();
  const rows = data.series.flatMap((frame) => rowsOf(frame, data.series, timeRange, options));
  if (rows.length === 0) return <NoData fieldConfig={fieldConfig} />;
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const left = Math.min(width / 2, longest * CHARACTER_WIDTH + 8);
  const rowHeight = (height - AXIS_HEIGHT) / rows.length;
  const barHeight = rowHeight * (options.rowHeight ?? 0.9);
  return (
    <div style={{ height, overflow: 'hidden', ...theme.typography.bodySmall }}>
      {rows.map(({ name, bars }) => (
        <div key={name} style={{ height: rowHeight, position: 'relative', lineHeight: `${barHeight}px` }}>
          <div style={{ width: left - 8, overflow: 'hidden', whiteSpace: 'nowrap', textAlign: 'right' }}>
            {name}
          </div>
          {bars.map((bar) => (
            <Bar
              key={bar.from}
              bar={bar}
              options={options}
              style={{
                position: 'absolute',
                top: 0,
                left: left + bar.from * (width - left),
                width: Math.max(1, (bar.to - bar.from) * (width - left)),
                height: barHeight,
              }}
            />
          ))}
        </div>
      ))}
      <TimeAxis timeRange={timeRange} timeZone={timeZone} left={left} width={width - left} />
    </div>
  );
}

function Bar({ bar, options, style }) {
  const theme = useTheme2();
  const fits = bar.text.length * CHARACTER_WIDTH < style.width;
  return (
    <div
      style={{
        ...style,
        background: bar.color,
        color: theme.colors.getContrastText(bar.color),
        paddingLeft: 4,
        overflow: 'hidden',
        whiteSpace: 'nowrap',
        textAlign: options.alignValue,
      }}
    >
      {options.showValue !== 'never' && fits ? bar.text : ''}
    </div>
  );
}

function rowsOf(frame, all, timeRange, { mergeValues = true }) {
  const time = frame.fields.find(({ type }) => type === FieldType.time);
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const share = (moment) => Math.min(1, Math.max(0, (moment - from) / (to - from)));
  const gap = (time?.config.interval ?? 1000) * 1.5;
  return frame.fields
    .filter(({ type, config }) => type !== FieldType.time && !config.custom?.hideFrom?.viz)
    .map((field) => {
      const bars = [];
      field.values.forEach((value, index) => {
        if (value === null || value === undefined) return;
        const start = time.values[index];
        const next = time.values[index + 1] ?? start + gap / 1.5;
        const end = next - start > gap ? start + gap / 1.5 : next;
        const shown = field.display(value);
        const last = bars.at(-1);
        const text = [shown.prefix, shown.text, shown.suffix].filter(Boolean).join('');
        const joins = last && mergeValues && last.end === start;
        if (joins && last.text === text && last.color === shown.color) {
          Object.assign(last, { end, to: share(end) });
        } else {
          bars.push({ text, color: shown.color, end, from: share(start), to: share(end) });
        }
      });
      return { name: getFieldDisplayName(field, frame, all), bars };
    });
}
