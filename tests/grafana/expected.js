// What to draw, what the pictures must have, and what may rightly be missing.

const NOTHING_FAILS = 'all checks of this target pass';
const NEVER_PASSED = 'the check of this target never passed';
const NO_LOGIN = 'this target has no check that logs in';
const NO_AUTH = 'the server offers no AUTH, so nothing is answered to it';
const NO_EHLO = 'the server sends everybody away before EHLO';
const NO_TLS = 'the server sends everybody away before TLS';

// Each dashboard as it opens, and the target's for targets that links lead to. `empty` names the
// panels that show nothing there, and why that is right; `eventless` the annotations.
export const VIEWS = [
  { dashboard: 'overview' },
  { dashboard: 'overview', name: 'overview-all-checks', variables: { show: '1' } },
  {
    dashboard: 'overview',
    name: 'overview-all-is-well',
    variables: { target: 'implicit-tls' },
    empty: {
      'What fails now': NOTHING_FAILS,
      'What came back': NOTHING_FAILS,
      'Failing checks by reason': NOTHING_FAILS,
    },
    eventless: { Regressions: NOTHING_FAILS },
  },
  {
    dashboard: 'target',
    // It opens with the first target, which has one check, login_refused.
    empty: { 'Reply to AUTH': NO_LOGIN, 'Login success': NO_LOGIN },
    eventless: { Regressions: NEVER_PASSED, Recoveries: NEVER_PASSED },
  },
  {
    dashboard: 'target',
    name: 'target-password-stops-working',
    variables: { target: 'password-stops-working' },
  },
  {
    dashboard: 'target',
    name: 'target-auth-gone',
    variables: { target: 'auth-gone' },
    empty: { 'Reply to AUTH': NO_AUTH },
  },
  {
    dashboard: 'target',
    name: 'target-busy',
    variables: { target: 'busy' },
    empty: {
      'Reply to AUTH': NO_LOGIN,
      'Login success': NO_LOGIN,
      TLS: NO_TLS,
      Trust: NO_TLS,
      'Expires in': NO_TLS,
      Certificate: NO_TLS,
      'TLS version, cipher and certificate': NO_TLS,
      'Time left of the certificate': NO_TLS,
      Extensions: NO_EHLO,
      'AUTH mechanisms': NO_EHLO,
      'Largest message': NO_EHLO,
    },
    eventless: { Regressions: NEVER_PASSED, Recoveries: NEVER_PASSED },
  },
  { dashboard: 'agent' },
];

// A dashboard with a fault of each kind, and what must be said about it: a drawing that finds nothing
// wrong proves nothing unless it can find something.
export const BROKEN = {
  view: { dashboard: 'broken' },
  faults: [
    /variable nothing has no options/,
    /annotation "Never" has no events/,
    /panel "Mistyped metric" has no data/,
    /panel "Bad expression": .*parse error/,
    /panel "Mistyped kind": unknown panel type: timeserie/,
    /link http:.*\/no-such-page: HTTP 404/,
    /link \/d\/no-such-dashboard: no such dashboard/,
    /link \/d\/smtp-reply-target\?var-target=: not filled in: var-target/,
    /error boxes in the picture/,
  ],
};

// What is wrong with a report of the page, a line for each fault.
export function faults(view, { variables, annotations, panels }) {
  const { dashboard, name = dashboard, empty = {}, eventless = {} } = view;
  return [
    ...variables.map(variableFault),
    ...annotations.map((one) => dataFault('annotation', one.name, one.events, one.error, eventless)),
    ...panels.map((one) => dataFault('panel', one.title, one.values, one.error, empty)),
    ...missing('panel', empty, panels.map(({ title }) => title)),
    ...missing('annotation', eventless, annotations.map((one) => one.name)),
  ]
    .filter(Boolean)
    .map((fault) => `${name}: ${fault}`);
}

function variableFault({ name, options, error }) {
  if (error) return `variable ${name}: ${error}`;
  return options === 0 ? `variable ${name} has no options` : null;
}

function dataFault(kind, name, amount, error, rightlyEmpty) {
  const reason = rightlyEmpty[name];
  if (error) return `${kind} "${name}": ${error}`;
  if (amount === 0 && !reason) return `${kind} "${name}" has no ${kind === 'panel' ? 'data' : 'events'}`;
  return amount > 0 && reason ? `${kind} "${name}" has data, though ${reason}` : null;
}

function missing(kind, reasons, names) {
  return Object.keys(reasons)
    .filter((name) => !names.includes(name))
    .map((name) => `there is no ${kind} "${name}"`);
}
