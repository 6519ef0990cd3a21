/** Numbers as the reader's language writes them. */

const counts = new Intl.NumberFormat();
const shares = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const averages = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 2 });

export const formatCount = (value: number | bigint): string => counts.format(value);

/** `share` from 0 to 1. */
export const formatShare = (share: number): string => shares.format(share);

export const formatAverage = (value: number): string => averages.format(value);
