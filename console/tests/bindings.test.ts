/** The dashboard's bindings, held against the contract. */
import { readFileSync } from 'node:fs';
import { IDL } from '@icp-sdk/core/candid';
import { expect, it } from 'vitest';
import { idlFactory } from '../src/bindings';
import { parseService } from './candid';

const contract = readFileSync(`${import.meta.dirname}/../../candid/orbiter.did`, 'utf8');

it('each query of the dashboard has the types of the contract', () => {
  const methods = parseService(contract);
  const service = idlFactory({ IDL });
  expect(service._fields.map(([name]) => name)).toHaveLength(3);
  for (const [name, type] of service._fields) {
    expect(type.display(), name).toBe(methods[name]);
  }
});

it('a contract with another type would be noticed', () => {
  const changed = contract.replace(/bounce_rate : float64/, 'bounce_rate : nat32');
  expect(changed).not.toBe(contract);
  const name = 'get_page_views_analytics_metrics';
  expect(parseService(changed)[name]).not.toBe(parseService(contract)[name]);
});
