export function keepUserFlow(dataDir: string, bundled: string): string[] | null;
