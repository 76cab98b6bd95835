export const AUDIT_EXIT: { readonly clean: 0; readonly flawed: 1; readonly notDone: 2 };
export function auditReport(answer: unknown, packages: number): { lines: string[]; exitCode: number };
