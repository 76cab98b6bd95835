/** The JSON of protocol §4, as tests read it out of answers. */
export interface Broker {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly username: string; readonly password: string } | null;
}

export interface Credentials {
  readonly id: number;
  readonly key: string;
  readonly broker: { readonly items: readonly Broker[] };
}

export type Metrics = Record<
  'battery' | 'moisture' | 'temperature' | 'humidity' | 'carbon' | 'conductivity' | 'light',
  number | null
>;

export interface DataRow extends Metrics {
  readonly timestamp: string;
}

export interface AgentBody {
  readonly domain: string;
  readonly agent_name: string;
  readonly ui: {
    readonly decorator: Readonly<Record<string, unknown>>;
    readonly state: string | Readonly<Record<string, string>>;
    readonly rendered: string;
  };
}

export interface Status {
  readonly data: DataRow;
  readonly agents: readonly AgentBody[];
  readonly broker: { readonly items: readonly Broker[] };
}

export interface CommandRow {
  readonly domain: string;
  readonly command: number;
  readonly created_at: string;
}

export type Config = Record<string, [label: string, value: Record<string, unknown>]>;
