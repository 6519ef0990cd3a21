/** Asks the orbiter. Every answer's signature is checked; what fails the check never gets here. */
import { Actor, HttpAgent } from '@icp-sdk/core/agent';
import type { Access } from './access';
import {
  idlFactory,
  type GetAnalytics,
  type OrbiterService,
  type PageViewsMetrics,
  type PageViewsTop10,
  type TrackEventsTotals,
} from './bindings';

/** The figures of one period. */
export interface Report {
  metrics: PageViewsMetrics;
  top10: PageViewsTop10;
  events: TrackEventsTotals;
}

/** Reads the report of everything since `from` (ns since 1970 UTC). */
export type Reader = (from: bigint) => Promise<Report>;

/**
 * Whether a page from this host talks to a network on this machine, whose root key is not built into the
 * agent. Everywhere else the key must never come from the network that it vouches for.
 */
export const isLocalHost = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '127.0.0.1' ||
  hostname === '[::1]';

/** A reader that asks through the gateway the page came from. */
export const createReader = async (access: Access, { origin, hostname }: Location): Promise<Reader> => {
  const agent = await HttpAgent.create({
    host: origin,
    identity: access.identity,
    verifyQuerySignatures: true,
    shouldFetchRootKey: isLocalHost(hostname),
    // The page asks again soon by itself.
    retryTimes: 1,
  });
  const orbiter = Actor.createActor<OrbiterService>(idlFactory, { agent, canisterId: access.orbiter });
  return async (from) => {
    const range: GetAnalytics = { satellite_id: [access.satellite], from: [from], to: [] };
    const [metrics, top10, events] = await Promise.all([
      orbiter.get_page_views_analytics_metrics(range),
      orbiter.get_page_views_analytics_top_10(range),
      orbiter.get_track_events_analytics(range),
    ]);
    return { metrics, top10, events };
  };
};
