export function keepUserFlow(dataDir: string, bundledFile: string): string[] | null;
