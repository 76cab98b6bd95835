export function isDashboardInstalled(dataDir: string): boolean;
export function bundledFlow(hasDashboard: boolean): string;
export function dashboardAccess(dataDir: string, login: { salt: string; hash: string }): object;
