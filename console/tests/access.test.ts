/** Links to the dashboard: what they give, and that they leave the address bar. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AccessError, decodeAccess, keepAccess, takeAccess } from '../src/access';

const ORBITER = 'rdmx6-jaaaa-aaaaa-aaadq-cai';
const SATELLITE = 'lxzze-o7777-77777-aaaaa-cai';
const HEX = '07'.repeat(32);
const BASE64URL = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
const LINK = `#orbiter=${ORBITER}&satellite=${SATELLITE}&key=${HEX}`;

const message = (link: string): string => {
  try {
    decodeAccess(link);
  } catch (error) {
    return error instanceof AccessError ? error.message : `not an AccessError: ${String(error)}`;
  }
  return 'accepted';
};

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', 'http://localhost:3000/console/');
});

describe('a dashboard link', () => {
  it('gives ids and key, in hexadecimal or base64url, as a fragment or as a whole address', () => {
    const plain = decodeAccess(LINK);
    expect(plain.orbiter.toText()).toBe(ORBITER);
    expect(plain.satellite.toText()).toBe(SATELLITE);
    const other = decodeAccess(`https://x.test/console/${LINK.replace(HEX, BASE64URL)}`);
    expect(other.identity.getPrincipal().toText()).toBe(plain.identity.getPrincipal().toText());
  });

  it('that lacks something, or holds something else, is refused with a sentence', () => {
    expect(message('')).toBe('The link has no “orbiter=” after the #.');
    expect(message(LINK.replace('key=', 'kee='))).toBe('The link has no “key=” after the #.');
    expect(message(LINK.replace(ORBITER, 'nonsense'))).toBe(
      'The orbiter in the link is not a canister id: “nonsense”.',
    );
    const badKey = 'The key in the link is not an Ed25519 secret key (32 bytes in hex or base64url).';
    expect(message(LINK.replace(HEX, '07'))).toBe(badKey);
    expect(message(LINK.replace(HEX, '%%%'))).toBe(badKey);
  });
});

describe('the address bar', () => {
  it('loses the link, which this tab then remembers', () => {
    history.replaceState(null, '', `/console/?a=1${LINK}`);
    expect(takeAccess()?.orbiter.toText()).toBe(ORBITER);
    expect(location.href).toBe('http://localhost:3000/console/?a=1');
    expect(takeAccess()?.orbiter.toText()).toBe(ORBITER);
  });

  it('loses even a link that cannot be used, and nothing of it is kept', () => {
    history.replaceState(null, '', '/console/#orbiter=x');
    expect(() => takeAccess()).toThrow(AccessError);
    expect(location.hash).toBe('');
    expect(takeAccess()).toBeNull();
  });

  it('without a link asks for one', () => {
    expect(takeAccess()).toBeNull();
    keepAccess(LINK);
    expect(takeAccess()?.satellite.toText()).toBe(SATELLITE);
  });
});
