/** The pages of the demo, which is one document: showing another only changes address, title and article. */

/** Titles by path. The build writes the document once for each path, so that each can be loaded directly. */
export const ROUTES: Readonly<Record<string, string>> = {
  '/': 'Orbiter demo',
  '/sent': 'What is sent · Orbiter demo',
  '/choice': 'Your choice · Orbiter demo',
};

/** The route of a path: `/sent/` is `/sent`, and what is unknown is the start. */
export const routeOf = (pathname: string): string => {
  const path = pathname.replace(/(.)\/$/, '$1');
  return path in ROUTES ? path : '/';
};
