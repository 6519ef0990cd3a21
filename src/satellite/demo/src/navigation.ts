/** Moves between the pages of the demo by the History API, as single-page applications do. */
import { ROUTES, routeOf } from './routes';

/** Shows the page of the current address. */
const show = (): void => {
  const route = routeOf(location.pathname);
  document.title = ROUTES[route] ?? '';
  for (const page of document.querySelectorAll<HTMLElement>('[data-page]')) {
    page.hidden = page.dataset.page !== route;
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-route]')) {
    if (routeOf(link.pathname) === route) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
};

const follow = (event: MouseEvent): void => {
  // A click that wants a new tab or window keeps its meaning.
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-route]');
  if (!link) return;
  event.preventDefault();
  if (link.pathname === location.pathname) return;
  history.pushState(null, '', link.href);
  show();
  document.querySelector<HTMLElement>('[data-page]:not([hidden]) h1')?.scrollIntoView({ block: 'nearest' });
};

export const startNavigation = (): void => {
  document.addEventListener('click', follow);
  addEventListener('popstate', show);
  show();
};
