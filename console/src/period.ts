/** The stretches of time a reader can choose. All end now. */

export interface Period {
  /** What stands on the button. */
  label: string;
  /** When it begins (ms since 1970) if it is `now` (ms since 1970). */
  begin: (now: number) => number;
}

const HOUR = 3_600_000;

/** The last midnight on the reader's clock, which on two days a year is not a multiple of 24 hours away. */
const midnight = (now: number): number => new Date(now).setHours(0, 0, 0, 0);

const last =
  (length: number) =>
  (now: number): number =>
    now - length;

export const PERIODS: readonly [Period, ...Period[]] = [
  { label: 'Today', begin: midnight },
  { label: '24 hours', begin: last(24 * HOUR) },
  { label: '7 days', begin: last(7 * 24 * HOUR) },
  { label: '30 days', begin: last(30 * 24 * HOUR) },
];

/** When `period` begins, in ns since 1970 UTC, if it is `now` (ms since 1970). */
export const beginning = ({ begin }: Period, now: number): bigint => BigInt(begin(now)) * 1_000_000n;
