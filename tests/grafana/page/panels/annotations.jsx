import { useEffect, useLayoutEffect, useRef } from 'react';

// Draws annotations over a chart of uPlot: a line for a moment, a shaded stretch for a period.
export function Annotations({ config, frames }) {
  const latest = useRef(frames);
  const drawn = useRef(null);
  latest.current = frames;
  useLayoutEffect(() => {
    config.addHook('init', (plot) => {
      drawn.current = plot;
    });
    config.addHook('draw', (plot) => {
      for (const frame of latest.current) drawFrame(plot, frame);
    });
  }, [config]);
  // They may come after the data.
  useEffect(() => drawn.current?.redraw(false, false), [frames]);
  return null;
}

function drawFrame(plot, frame) {
  const column = (name) => frame.fields.find((field) => field.name === name)?.values ?? [];
  const [times, ends, colors] = [column('time'), column('timeEnd'), column('color')];
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (let index = 0; index < frame.length; index += 1) {
    const left = plot.valToPos(times[index], 'x', true);
    const right = ends[index] ? plot.valToPos(ends[index], 'x', true) : left;
    ctx.fillStyle = colors[index];
    ctx.globalAlpha = 0.1;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colors[index];
    ctx.setLineDash([5, 5]);
    for (const x of new Set([left, right])) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
  }
  ctx.restore();
}
