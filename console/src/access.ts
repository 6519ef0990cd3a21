/**
 * What the dashboard needs to read an orbiter: two ids and a key. They come in the address behind the `#`,
 * which browsers never send to a server, are taken out of the address bar at once, and live in
 * `sessionStorage` until the tab closes.
 */
import { Ed25519KeyIdentity } from '@icp-sdk/core/identity';
import { Principal } from '@icp-sdk/core/principal';

const STORAGE_KEY = 'console:access';

/** Whose entries are read, where, and in whose name. */
export interface Access {
  orbiter: Principal;
  satellite: Principal;
  identity: Ed25519KeyIdentity;
}

/** An address that does not hold what it should; the message is for the reader. */
export class AccessError extends Error {
  override name = 'AccessError';
}

/** Bytes from hexadecimal or base64url text; null if it is neither. */
const decodeBytes = (text: string): Uint8Array | null => {
  if (/^([0-9a-f]{2})+$/i.test(text)) {
    return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return null;
  }
};

const decodeIdentity = (text: string): Ed25519KeyIdentity => {
  const secret = decodeBytes(text);
  if (secret?.length !== 32) {
    throw new AccessError('The key in the link is not an Ed25519 secret key (32 bytes in hex or base64url).');
  }
  return Ed25519KeyIdentity.fromSecretKey(secret);
};

const decodePrincipal = (name: string, text: string): Principal => {
  try {
    return Principal.fromText(text);
  } catch {
    throw new AccessError(`The ${name} in the link is not a canister id: “${text}”.`);
  }
};

/** Reads `orbiter=…&satellite=…&key=…`, with or without a `#` and what stands before it. */
export const decodeAccess = (link: string): Access => {
  const fields = new URLSearchParams(link.slice(link.indexOf('#') + 1));
  const field = (name: string): string => {
    const value = fields.get(name)?.trim();
    if (!value) throw new AccessError(`The link has no “${name}=” after the #.`);
    return value;
  };
  return {
    orbiter: decodePrincipal('orbiter', field('orbiter')),
    satellite: decodePrincipal('satellite', field('satellite')),
    identity: decodeIdentity(field('key')),
  };
};

/**
 * Takes the access out of the address bar, or from this tab's storage when the address has none.
 * Null when there is none at all; throws an {@link AccessError} when what is there cannot be read.
 */
export const takeAccess = (): Access | null => {
  const { hash, pathname, search } = location;
  if (hash.length > 1) {
    history.replaceState(null, '', pathname + search);
    return keepAccess(hash);
  }
  const stored = sessionStorage.getItem(STORAGE_KEY);
  return stored === null ? null : decodeAccess(stored);
};

/** Reads a link and, when it is good, keeps it for this tab. */
export const keepAccess = (link: string): Access => {
  const access = decodeAccess(link);
  sessionStorage.setItem(STORAGE_KEY, link);
  return access;
};
