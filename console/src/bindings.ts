/**
 * The part of `candid/orbiter.did` that the dashboard reads: Candid types and, beside them, the TypeScript
 * types of the values they decode to. A test compares this file with the contract.
 */
import type { ActorMethod } from '@icp-sdk/core/agent';
import { IDL } from '@icp-sdk/core/candid';
import type { Principal } from '@icp-sdk/core/principal';

/** The entries a question is about. Instants in ns since 1970 UTC; an empty array is Candid's null. */
export interface GetAnalytics {
  satellite_id: [] | [Principal];
  /** Inclusive. */
  from: [] | [bigint];
  /** Exclusive. */
  to: [] | [bigint];
}

/** Names with how often they occurred, most frequent first. */
export type Counts = [string, number][];

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

export interface PageViewsMetrics {
  /** UTC days. */
  daily_total_page_views: [CalendarDate, number][];
  unique_sessions: bigint;
  unique_page_views: bigint;
  total_page_views: number;
  average_page_views_per_session: number;
  /** Sessions with exactly one view, as a share of all: 0 to 1. */
  bounce_rate: number;
}

export interface PageViewsTop10 {
  referrers: Counts;
  pages: Counts;
  time_zones: [] | [Counts];
  utm_sources: [] | [Counts];
  utm_campaigns: [] | [Counts];
}

export interface TrackEventsTotals {
  total: Counts;
}

/** The queries of the dashboard. */
export interface OrbiterService {
  get_page_views_analytics_metrics: ActorMethod<[GetAnalytics], PageViewsMetrics>;
  get_page_views_analytics_top_10: ActorMethod<[GetAnalytics], PageViewsTop10>;
  get_track_events_analytics: ActorMethod<[GetAnalytics], TrackEventsTotals>;
}

/** The same queries in Candid. */
export const idlFactory: IDL.InterfaceFactory = () => {
  const GetAnalytics = IDL.Record({
    satellite_id: IDL.Opt(IDL.Principal),
    from: IDL.Opt(IDL.Nat64),
    to: IDL.Opt(IDL.Nat64),
  });
  const Counts = IDL.Vec(IDL.Tuple(IDL.Text, IDL.Nat32));
  const CalendarDate = IDL.Record({ year: IDL.Int32, month: IDL.Nat8, day: IDL.Nat8 });
  const PageViewsMetrics = IDL.Record({
    daily_total_page_views: IDL.Vec(IDL.Tuple(CalendarDate, IDL.Nat32)),
    unique_sessions: IDL.Nat64,
    unique_page_views: IDL.Nat64,
    total_page_views: IDL.Nat32,
    average_page_views_per_session: IDL.Float64,
    bounce_rate: IDL.Float64,
  });
  const PageViewsTop10 = IDL.Record({
    referrers: Counts,
    pages: Counts,
    time_zones: IDL.Opt(Counts),
    utm_sources: IDL.Opt(Counts),
    utm_campaigns: IDL.Opt(Counts),
  });
  return IDL.Service({
    get_page_views_analytics_metrics: IDL.Func([GetAnalytics], [PageViewsMetrics], ['query']),
    get_page_views_analytics_top_10: IDL.Func([GetAnalytics], [PageViewsTop10], ['query']),
    get_track_events_analytics: IDL.Func([GetAnalytics], [IDL.Record({ total: Counts })], ['query']),
  });
};
