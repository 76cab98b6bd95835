/** How finely readings are asked for: as they came, as the folded 30-minute rows, or as the least, mean and most of a while. */
export const RESOLUTIONS = ['raw', '5m', '30m', '1h', '1d'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
/** Those whose rows carry min, mean and max. */
export type BucketSize = Exclude<Resolution, 'raw' | '30m'>;
