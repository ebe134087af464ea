import { useTheme2 } from '@grafana/ui';

// Title and links of a dashboard, which Grafana shows in its own frame around the scene.
export function DashboardHead({ dashboard }) {
  const theme = useTheme2();
  const link = {
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    padding: '4px 8px',
    color: theme.colors.text.link,
  };
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center', margin: '4px 8px' }}>
      <span style={{ ...theme.typography.h4, margin: 0, flexGrow: 1 }}>{dashboard.title}</span>
      {dashboard.links.map(({ title }) => (
        <span key={title} style={link}>
          {title}
        </span>
      ))}
    </div>
  );
}
