export function lackOfVite(error: Error, userAgent?: string): string;
