/** Puts a report, a problem or the welcome onto the page. */
import type { Access } from './access';
import { showCounts } from './counts';
import { element, setText } from './element';
import { formatAverage, formatCount, formatShare } from './format';
import type { Problem } from './problem';
import type { Report } from './reader';
import { snippet } from './snippet';

/** What the small light in the corner says. */
export type Status = 'idle' | 'live' | 'paused' | 'stale';

const STATUS_TEXT: Record<Status, string> = {
  idle: '',
  live: 'Live',
  paused: 'Paused',
  stale: 'Not up to date',
};

export const showStatus = (status: Status): void => {
  element('status').dataset.state = status;
  setText('status', STATUS_TEXT[status]);
  element('report').classList.toggle('stale', status === 'stale');
};

/** Shows a problem, or takes it away. */
export const showProblem = (problem: Problem | null): void => {
  setText('problem-title', problem?.title ?? '');
  setText('problem-advice', problem?.advice ?? '');
  element('problem').hidden = problem === null;
};

/** Asks for a link. */
export const showWelcome = (): void => {
  element('welcome').hidden = false;
  element('report').hidden = true;
};

/** Prepares the page for the reports of one satellite. */
export const showSubject = (access: Access): void => {
  element('welcome').hidden = true;
  element('report').hidden = false;
  setText('satellite', access.satellite.toText());
  setText('snippet', snippet(access, location));
};

export const showReport = ({ metrics, top10, events }: Report): void => {
  setText('views', formatCount(metrics.total_page_views));
  setText('sessions', formatCount(metrics.unique_sessions));
  setText('bounce', formatShare(metrics.bounce_rate));
  setText('average', formatAverage(metrics.average_page_views_per_session));
  const nothing = metrics.total_page_views === 0 && events.total.length === 0;
  element('empty').hidden = !nothing;
  element('lists').hidden = nothing;
  showCounts(element('pages'), top10.pages, {
    name: 'Page',
    count: 'Views',
    none: 'No page views in this period.',
  });
  showCounts(element('referrers'), top10.referrers, {
    name: 'From',
    count: 'Views',
    none: 'Nobody came from another site.',
  });
  showCounts(element('events'), events.total, {
    name: 'Event',
    count: 'Times',
    none: 'No events in this period.',
  });
};
