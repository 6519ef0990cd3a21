/** Addresses on the demo site. */
import { describe, expect, it } from 'vitest';
import { routeOf } from '../src/routes';
import { orbiterGateway } from '../src/tracker';

describe('the gateway that shows the orbiter', () => {
  const at = (href: string) => new URL(href) as unknown as Location;
  const ids = { satellite_id: 'sat', orbiter_id: 'orb', container: null };

  it('is the one that shows this page', () => {
    expect(orbiterGateway(ids, at('http://sat.localhost:8000/sent'))).toBe('http://localhost:8000');
    expect(orbiterGateway(ids, at('https://sat.icp0.io/'))).toBe('https://icp0.io');
  });

  it('is the public one when the page has a domain of its own', () => {
    expect(orbiterGateway(ids, at('https://example.org/'))).toBe('https://icp0.io');
  });

  it('is the one that the satellite names before all others', () => {
    const named = { ...ids, container: 'https://gateway.test' };
    expect(orbiterGateway(named, at('http://sat.localhost:8000/'))).toBe('https://gateway.test');
  });
});

it('a path with a slash at its end is the same page, an unknown one the start', () => {
  expect(['/', '/sent', '/sent/', '/choice', '/nowhere', '/constructor'].map(routeOf)).toEqual([
    '/',
    '/sent',
    '/sent',
    '/choice',
    '/',
    '/',
  ]);
});
