/** Tells when a page changes without a new document: the History API. */

/**
 * Calls `onPage` after each navigation to another page: `pushState` and the back and forward buttons when the
 * path or the query changed, `replaceState` when the path changed (applications rewrite the query of the page
 * they are on to remember a filter or a scroll position, which is not a view). What follows `#` is a place on
 * the same page.
 *
 * Returns a function that stops it and gives the page's own `history` methods back.
 */
export const watchNavigation = (onPage: () => void): (() => void) => {
  let path = location.pathname;
  let query = location.search;

  const moved = (queryCounts: boolean): void => {
    const { pathname, search } = location;
    const changed = path !== pathname || (queryCounts && query !== search);
    path = pathname;
    query = search;
    if (changed) onPage();
  };

  let watching = true;
  const wrap = (name: 'pushState' | 'replaceState'): (() => void) => {
    // Called with `apply` below, so nothing is lost by taking it off its object.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const original = history[name];
    const wrapped: typeof original = (...args) => {
      original.apply(history, args);
      if (watching) moved(name === 'pushState');
    };
    history[name] = wrapped;
    return () => {
      // Whoever wrapped the method after us keeps theirs; ours then only passes on.
      if (history[name] === wrapped) history[name] = original;
    };
  };
  const undo = [wrap('pushState'), wrap('replaceState')];
  const onPop = (): void => {
    moved(true);
  };
  addEventListener('popstate', onPop);

  return () => {
    watching = false;
    undo.forEach((restore) => {
      restore();
    });
    removeEventListener('popstate', onPop);
  };
};
