/** Bodies and answers as they travel. */
import { expect, it } from 'vitest';
import { splitCampaign } from '../src/page';
import { decodeError, encode, nanoseconds } from '../src/wire';

it('a body carries the satellite and the entry, but not the route', () => {
  const key = { key: 'k', collected_at: nanoseconds(1_750_000_000_123) };
  const body = encode('aaaaa-aa', { path: '/event', key, track_event: { name: 'n', session_id: 's' } });
  expect(JSON.parse(body)).toEqual({
    satellite_id: 'aaaaa-aa',
    key: { key: 'k', collected_at: { __bigint__: '1750000000123000000' } },
    track_event: { name: 'n', session_id: 's' },
  });
});

it('an error is read from its JSON, and taken as it is when it is none', () => {
  expect(decodeError('{"err":{"code":403,"message":"error_bot_call"}}')).toBe('error_bot_call');
  expect(decodeError('{"ok":{}}')).toBe('{"ok":{}}');
  expect(decodeError('Bad gateway')).toBe('Bad gateway');
});

it('a campaign leaves the address, everything else in the query stays', () => {
  expect(splitCampaign('https://a.test/p?utm_source=news&q=1&utm_term=x%20y&utm_medium=#top')).toEqual({
    href: 'https://a.test/p?q=1#top',
    campaign: { utm_source: 'news', utm_term: 'x y' },
  });
});

it('UTM parameters without a source are no campaign', () => {
  expect(splitCampaign('https://a.test/?utm_medium=mail')).toEqual({
    href: 'https://a.test/?utm_medium=mail',
  });
});
