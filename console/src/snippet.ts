/** The line that puts the tracker on a page. */
import type { Access } from './access';

/**
 * The address of the gateway that shows `satellite` at `location`; undefined on the public network, which the
 * tracker takes when it is told nothing.
 */
export const gatewayOf = (satellite: string, { protocol, host }: Location): string | undefined => {
  const gateway = host.startsWith(`${satellite}.`) ? host.slice(satellite.length + 1) : undefined;
  return gateway === undefined || gateway === 'icp0.io' ? undefined : `${protocol}//${gateway}`;
};

/** The script tag for the pages of `access.satellite`. */
export const snippet = ({ orbiter, satellite }: Access, location: Location): string => {
  const container = gatewayOf(satellite.toText(), location);
  const attributes = [
    `src="${location.origin}/tracker.js"`,
    `data-satellite-id="${satellite.toText()}"`,
    `data-orbiter-id="${orbiter.toText()}"`,
    ...(container === undefined ? [] : [`data-container="${container}"`]),
    'defer',
  ];
  return `<script\n  ${attributes.join('\n  ')}\n></script>`;
};
