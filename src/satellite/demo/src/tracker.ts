/** Loads the tracker the way any page would, by its script tag, for the orbiter that the satellite names. */
import { gatewayOf, PUBLIC_GATEWAY } from '../../../../console/src/gateway';

/** `/orbiter.json`, as the satellite certifies it. */
export interface OrbiterJson {
  satellite_id: string;
  orbiter_id: string | null;
  container: string | null;
}

/** The gateway that shows the orbiter: the one the satellite names, else the one that shows this page. */
export const orbiterGateway = ({ satellite_id, container }: OrbiterJson, location: Location): string =>
  container ?? gatewayOf(satellite_id, location) ?? PUBLIC_GATEWAY;

/** Puts the tracker on the page. Resolves when it runs. */
export const loadTracker = (ids: OrbiterJson & { orbiter_id: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/tracker.js';
    script.dataset.satelliteId = ids.satellite_id;
    script.dataset.orbiterId = ids.orbiter_id;
    script.dataset.container = orbiterGateway(ids, location);
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
