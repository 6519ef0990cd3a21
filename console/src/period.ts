/** The stretches of time a reader can choose. */

export interface Period {
  /** What stands on the button. */
  label: string;
  /** Length in milliseconds, ending now. */
  length: number;
}

const HOUR = 3_600_000;

export const PERIODS: readonly [Period, ...Period[]] = [
  { label: 'Last 24 hours', length: 24 * HOUR },
  { label: '7 days', length: 7 * 24 * HOUR },
  { label: '30 days', length: 30 * 24 * HOUR },
];

/** When `period` begins, in ns since 1970 UTC, if it is `now` (ms since 1970). */
export const beginning = ({ length }: Period, now: number): bigint => BigInt(now - length) * 1_000_000n;
