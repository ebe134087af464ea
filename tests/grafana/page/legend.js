// "{{target}} is slow" with the labels of a series in place.
export function renderLegendFormat(format, labels) {
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
}
