import type { FlowNotice } from '../../src/domain/flow-copy.ts';

export function keepUserFlow(dataDir: string, bundled: string): FlowNotice | null;
