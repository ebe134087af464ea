// What the renderer complains about: node --test
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { faults } from './expected.js';

const GOOD = {
  variables: [{ name: 'job', options: 1, error: null }],
  annotations: [{ name: 'Changes', events: 3, error: null }],
  panels: [
    { title: 'Codes', values: 5, error: null },
    { title: 'Skipped', values: 0, error: null },
  ],
};
const VIEW = { dashboard: 'test', empty: { Skipped: 'nothing was skipped' } };

function says(view, report, fault) {
  assert.deepEqual(faults(view, { ...GOOD, ...report }), fault ? [`test: ${fault}`] : []);
}

test('accepts what is as expected', () => says(VIEW, {}, null));

test('refuses a variable without options', () =>
  says(VIEW, { variables: [{ name: 'job', options: 0 }] }, 'variable job has no options'));

test('tells why a variable has no options', () =>
  says(VIEW, { variables: [{ name: 'job', options: 0, error: 'parse error' }] }, 'variable job: parse error'));

test('refuses an annotation without events', () =>
  says(
    VIEW,
    { annotations: [{ name: 'Changes', events: 0 }] },
    'annotation "Changes" has no events',
  ));

test('refuses a panel without data', () =>
  says(
    VIEW,
    { panels: [GOOD.panels[1], { title: 'Codes', values: 0 }] },
    'panel "Codes" has no data',
  ));

test('tells the error of a panel', () =>
  says(
    VIEW,
    { panels: [GOOD.panels[1], { title: 'Codes', values: 0, error: 'unknown panel type: x' }] },
    'panel "Codes": unknown panel type: x',
  ));

test('refuses data where there should be none', () =>
  says(
    VIEW,
    { panels: [GOOD.panels[0], { title: 'Skipped', values: 1 }] },
    'panel "Skipped" has data, though nothing was skipped',
  ));

test('refuses a reason for a panel that is not there', () =>
  says({ ...VIEW, empty: { ...VIEW.empty, Gone: 'x' } }, {}, 'there is no panel "Gone"'));
