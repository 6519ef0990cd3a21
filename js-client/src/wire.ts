/**
 * The orbiter's baseline HTTP wire as this client speaks it: shapes and their encoding, nothing else.
 * One entry per request: `POST /view` and `POST /event`, JSON. Absent fields are left out, a 64-bit
 * number travels as `{"__bigint__": "123"}`, because a JSON number would lose digits above 2^53.
 */

/** A 64-bit natural number in JSON. */
export interface WireBigInt {
  __bigint__: string;
}

/** Names an entry: the moment it was collected, in ns since 1970 UTC, and a random text of at most 36 bytes. */
export interface AnalyticKey {
  key: string;
  collected_at: WireBigInt;
}

/** Sizes in CSS pixels. */
export interface PageViewDevice {
  inner_width: number;
  inner_height: number;
  screen_width: number;
  screen_height: number;
}

/** Classes of the visitor's software, never a user agent string. */
export interface PageViewClient {
  browser: string;
  os: string;
  device?: string;
}

/** The UTM parameters of the page's address, each at most 100 bytes. */
export interface PageViewCampaign {
  utm_source: string;
  utm_medium?: string;
  utm_campaign?: string;
  utm_term?: string;
  utm_content?: string;
}

/** One page view. Limits in bytes: title 1024, href and referrer 4096, time zone 256, session id 36. */
export interface PageView {
  title: string;
  href: string;
  referrer?: string;
  device: PageViewDevice;
  time_zone: string;
  client?: PageViewClient;
  campaign?: PageViewCampaign;
  session_id: string;
}

/** One custom event. The name and each key and value of the metadata: at most 256 bytes; at most 10 pairs. */
export interface TrackEvent {
  name: string;
  metadata?: Record<string, string>;
  session_id: string;
}

/** What is sent: one entry, and the route that takes it. */
export type Entry =
  | { path: '/view'; key: AnalyticKey; page_view: PageView }
  | { path: '/event'; key: AnalyticKey; track_event: TrackEvent };

/** The message that answers a second write of an entry that is stored already. */
export const ALREADY_STORED = 'juno.error.no_version_provided';

/** Turns whole milliseconds since 1970, as `Date.now()` gives them, into the wire's nanoseconds. */
export const nanoseconds = (milliseconds: number): WireBigInt => ({
  // Six zeros as text: no BigInt arithmetic needed.
  __bigint__: `${milliseconds}000000`,
});

/** The request body that carries `entry` on behalf of `satelliteId`. */
export const encode = (satelliteId: string, entry: Entry): string =>
  // The path is the route, not part of the body.
  JSON.stringify({ satellite_id: satelliteId, ...entry, path: undefined });

/** The message of an error answer `{"err": {"code": N, "message": "…"}}`, or the text itself if it is not one. */
export const decodeError = (body: string): string => {
  try {
    return (JSON.parse(body) as { err: { message: string } }).err.message;
  } catch {
    return body;
  }
};
