/** The line that puts the tracker on a page. */
import type { Access } from './access';
import { gatewayOf, PUBLIC_GATEWAY } from './gateway';

/** The script tag for the pages of `access.satellite`. */
export const snippet = ({ orbiter, satellite }: Access, location: Location): string => {
  const container = gatewayOf(satellite.toText(), location) ?? PUBLIC_GATEWAY;
  const attributes = [
    `src="${location.origin}/tracker.js"`,
    `data-satellite-id="${satellite.toText()}"`,
    `data-orbiter-id="${orbiter.toText()}"`,
    ...(container === PUBLIC_GATEWAY ? [] : [`data-container="${container}"`]),
    'defer',
  ];
  return `<script\n  ${attributes.join('\n  ')}\n></script>`;
};
