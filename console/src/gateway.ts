/** Where the HTTP gateway is that shows a page. The demo page uses this, too. */

/**
 * The origin of the gateway that shows `canister` at `location`: what is left of the host without the canister's
 * id, which gateways put first. Undefined where the page has a domain of its own.
 */
export const gatewayOf = (canister: string, { protocol, host }: Location): string | undefined =>
  host.startsWith(`${canister}.`) ? `${protocol}//${host.slice(canister.length + 1)}` : undefined;

/** The public network's gateway, where a tracker goes that is told nothing. */
export const PUBLIC_GATEWAY = 'https://icp0.io';
