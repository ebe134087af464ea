import { dateTimeFormat } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

// Times below a drawing of `width` pixels that begins `left` pixels from the edge.
export function TimeAxis({ timeRange, timeZone, left, width }) {
  const theme = useTheme2();
  const [from, to] = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  const step = niceStep((to - from) / Math.max(1, Math.floor(width / 120)));
  const marks = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) marks.push(time);
  return (
    <div style={{ position: 'relative', height: 20, ...theme.typography.bodySmall }}>
      {marks.map((time) => (
        <span
          key={time}
          style={{
            position: 'absolute',
            left: left + ((time - from) / (to - from)) * width,
            transform: 'translateX(-50%)',
          }}
        >
          {dateTimeFormat(time, { format: step < 60_000 ? 'HH:mm:ss' : 'HH:mm', timeZone })}
        </span>
      ))}
    </div>
  );
}

const STEPS = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];

function niceStep(least) {
  return (STEPS.find((seconds) => seconds * 1000 >= least) ?? STEPS.at(-1)) * 1000;
}
