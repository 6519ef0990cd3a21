/** Loads the tracker the way any page would, by its script tag, for the orbiter that the satellite names. */

/** `/orbiter.json`, as the satellite certifies it. */
export interface OrbiterJson {
  satellite_id: string;
  orbiter_id: string | null;
  container: string | null;
}

/** The public network's gateway, where the tracker goes when it is told nothing. */
const PUBLIC_GATEWAY = 'https://icp0.io';

/**
 * The gateway that shows the orbiter: the one the satellite names, else the one that shows this page, which
 * stands in the host after the satellite's id.
 */
export const gatewayOf = ({ satellite_id, container }: OrbiterJson, { protocol, host }: Location): string => {
  if (container) return container;
  const prefix = `${satellite_id}.`;
  return host.startsWith(prefix) ? `${protocol}//${host.slice(prefix.length)}` : PUBLIC_GATEWAY;
};

/** Puts the tracker on the page. Resolves when it runs. */
export const loadTracker = (ids: OrbiterJson & { orbiter_id: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/tracker.js';
    script.dataset.satelliteId = ids.satellite_id;
    script.dataset.orbiterId = ids.orbiter_id;
    script.dataset.container = gatewayOf(ids, location);
    script.addEventListener('load', () => {
      resolve();
    });
    script.addEventListener('error', () => {
      reject(new Error('The tracker could not be loaded.'));
    });
    document.head.append(script);
  });

/** Which orbiter this satellite belongs to. */
export const fetchIds = async (): Promise<OrbiterJson> => {
  const response = await fetch('/orbiter.json');
  if (!response.ok) throw new Error(`The satellite answered ${response.status} for /orbiter.json.`);
  return (await response.json()) as OrbiterJson;
};
