/** Describes the page that is being viewed, in the wire's words. */
import { classify } from './client';
import { sessionId } from './session';
import type { PageView, PageViewCampaign } from './wire';

const CAMPAIGN = (['source', 'medium', 'campaign', 'term', 'content'] as const).map(
  (name) => `utm_${name}` as const,
);

/**
 * Splits an address into itself without UTM parameters, so that a page stays one page whatever campaign led
 * to it, and the campaign. A campaign without a source is none (the wire demands it), and stays in the address.
 */
export const splitCampaign = (href: string): { href: string; campaign?: PageViewCampaign } => {
  const url = new URL(href);
  const campaign: Partial<PageViewCampaign> = {};
  for (const name of CAMPAIGN) {
    const value = url.searchParams.get(name);
    if (value) campaign[name] = value;
  }
  if (!campaign.utm_source) return { href };
  CAMPAIGN.forEach((name) => {
    url.searchParams.delete(name);
  });
  return { href: url.href, campaign: campaign as PageViewCampaign };
};

/** A view of the page at `href`, everything else as the document and the window have it now. */
export const describePage = (href: string): PageView => {
  const { title, referrer } = document;
  const client = classify(navigator);
  return {
    ...splitCampaign(href),
    title,
    ...(referrer && { referrer }),
    device: {
      inner_width: innerWidth,
      inner_height: innerHeight,
      screen_width: screen.availWidth,
      screen_height: screen.availHeight,
    },
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(client && { client }),
    session_id: sessionId(),
  };
};
