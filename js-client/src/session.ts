/**
 * The session id: random, says nothing about the visitor, and lives as long as the visit.
 *
 * It is kept in `sessionStorage`, which the browser empties when the tab closes, and which no other tab and
 * no other site can read; so a visit that loads several documents counts as one. Where storage is refused
 * (a sandboxed frame, a strict setting) it lives in memory, as long as the document. There is no cookie and
 * nothing that outlives the visit.
 */

const STORAGE_KEY = 'orbiter:session';

/** A random id of 21 characters from 36 (108 bits), so within the wire's 36 bytes. */
export const randomId = (): string =>
  // `crypto.randomUUID` would do, but exists on secure origins only.
  Array.from(crypto.getRandomValues(new Uint8Array(21)), (byte) => (byte % 36).toString(36)).join('');

let id: string | undefined;

/** The id of the running visit; the first call of a visit draws it. */
export const sessionId = (): string => {
  if (id) return id;
  id = randomId();
  try {
    // A missing item reads as undefined here, where `getItem` would say null.
    id = (sessionStorage[STORAGE_KEY] as string | undefined) ?? (sessionStorage[STORAGE_KEY] = id);
  } catch {
    // Storage is refused: the id of this document stands.
  }
  return id;
};
