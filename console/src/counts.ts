/** A ranking as a table: name, count, and a bar behind them for the eye. */
import type { Counts } from './bindings';
import { formatCount } from './format';

const row = ([name, count]: Counts[number], most: number): HTMLTableRowElement => {
  const line = document.createElement('tr');
  line.style.setProperty('--part', `${(100 * count) / most}%`);
  const heading = document.createElement('th');
  heading.scope = 'row';
  heading.textContent = name;
  heading.title = name;
  const cell = document.createElement('td');
  cell.textContent = formatCount(count);
  line.append(heading, cell);
  return line;
};

const table = (counts: Counts, nameLabel: string, countLabel: string): HTMLTableElement => {
  const result = document.createElement('table');
  const head = result.createTHead().insertRow();
  for (const label of [nameLabel, countLabel]) {
    const heading = document.createElement('th');
    heading.scope = 'col';
    heading.textContent = label;
    head.append(heading);
  }
  // The orbiter answers most frequent first: the first row sets the scale.
  const most = counts[0]?.[1] ?? 1;
  result.createTBody().append(...counts.map((entry) => row(entry, most)));
  return result;
};

/** Shows `counts` inside `target`, or `none` when there are none. Unchanged counts leave the page untouched. */
export const showCounts = (
  target: HTMLElement,
  counts: Counts,
  labels: { name: string; count: string; none: string },
): void => {
  const shown = JSON.stringify(counts);
  if (target.dataset.shown === shown) return;
  target.dataset.shown = shown;
  if (counts.length > 0) {
    target.replaceChildren(table(counts, labels.name, labels.count));
    return;
  }
  const nothing = document.createElement('p');
  nothing.className = 'none';
  nothing.textContent = labels.none;
  target.replaceChildren(nothing);
};
