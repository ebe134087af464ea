// The text that Grafana shows where a panel has nothing to show.
export function NoData({ fieldConfig }) {
  return (
    <div
      data-no-data=""
      style={{ display: 'grid', placeItems: 'center', height: '100%', opacity: 0.65, textAlign: 'center' }}
    >
      {fieldConfig.defaults.noValue ?? 'No data'}
    </div>
  );
}
